"""Infringement procedures against Member States, as far as a public source tells of them."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from tutela.law.instruments import instrument
from tutela.law.records import BadRecord, Table, read_folder
from tutela.law.sources import Source


class Kind(StrEnum):
    NON_COMMUNICATION = "non_communication"  # nothing, or not everything, was notified
    NON_CONFORMITY = "non_conformity"  # what was notified does not do what the act asks


class Step(StrEnum):
    LETTER = "letter_of_formal_notice"
    ADDITIONAL_LETTER = "additional_letter_of_formal_notice"
    OPINION = "reasoned_opinion"
    ADDITIONAL_OPINION = "additional_reasoned_opinion"
    REFERRAL = "referral_to_the_court"
    CLOSING = "closing"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    step: Step
    on: date
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """`case_number` is empty where no source gives it."""

    id: str
    state: str
    instrument: str
    kind: Kind
    case_number: str
    events: tuple[Event, ...]


def procedures(*, include_unverified: bool = False) -> tuple[Procedure, ...]:
    """With the events that may be shown; a procedure of which no event may be shown is left out."""
    if include_unverified:
        return _all()
    shown = (replace(each, events=tuple(event for event in each.events if event.source.enabled)) for each in _all())
    return tuple(each for each in shown if each.events)


def read_state(stem: str, table: Table) -> tuple[Procedure, ...]:
    state = table.text("state")
    if state.lower() != stem:
        raise BadRecord(f"{table.where}: state must be '{stem.upper()}', like the file")
    return table.closed(tuple(_procedure(state, row) for row in table.tables("procedure")))


def _procedure(state: str, table: Table) -> Procedure:
    found = Procedure(
        id=table.text("id"),
        state=state,
        instrument=table.text("instrument"),
        kind=table.word("kind", Kind),
        case_number=table.text("case_number", ""),
        events=tuple(_event(table.text("id"), number, row) for number, row in enumerate(table.tables("event"), 1)),
    )
    if not found.events:
        raise BadRecord(f"{table.where}: a procedure needs at least one event")
    if [each.on for each in found.events] != sorted(each.on for each in found.events):
        raise BadRecord(f"{table.where}: write the events in the order of their days")
    if not instrument(found.instrument).binds(state):
        raise BadRecord(f"{table.where}: {state} is not bound by {found.instrument}")
    return table.closed(found)


def _event(procedure_id: str, number: int, table: Table) -> Event:
    found = Event(
        id=f"{procedure_id}:event-{number}", step=table.word("kind", Step), on=table.day("on"), source=table.source()
    )
    return table.closed(found)


@cache
def _all() -> tuple[Procedure, ...]:
    return tuple(each for stem, table in read_folder("procedures") for each in read_state(stem, table))
