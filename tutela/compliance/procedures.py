"""Procedures as they stand: what the law's data ships and what the register's export adds, under one case each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tutela.compliance.rules import DIRECTIVE
from tutela.law import procedures as law
from tutela.law.procedures import Kind, Step

_ENDS = frozenset({Step.CLOSING, Step.WITHDRAWAL})


class Standing(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "status unknown"  # no public source read so far tells what came after the last event


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`record` names where it is written: an id of the law's data, or an import and its row."""

    step: Step
    on: date
    record: str
    source_url: str
    certainty: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What a register's export said of a case on the day it was imported."""

    case_number: str
    state: str
    kind: Kind
    active: bool
    as_of: date
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    id: str
    state: str
    kind: Kind
    case_number: str
    events: tuple[Event, ...]
    standing: Standing
    as_of: date

    @property
    def is_closed(self) -> bool:
        return self.standing is Standing.CLOSED

    @property
    def sentence(self) -> str:
        last = self.events[-1]
        name = self.case_number or "a case whose number is not known"
        said = f"{name}, {self.kind.replace('_', '-')}: {last.step.replace('_', ' ')} on {last.on}"
        if self.standing is Standing.UNKNOWN:
            return f"{said}; status unknown since"
        return f"{said}; {self.standing} as of {self.as_of}"


def shipped() -> tuple[Procedure, ...]:
    """What the law's data tells of the Directive, without what it has from memory."""
    return tuple(_shipped(each) for each in law.procedures() if each.instrument == DIRECTIVE)


def merged(exports: Iterable[Exported]) -> tuple[Procedure, ...]:
    """One procedure for each case. The export wins: it is the register itself."""
    # Our own case numbers are derived: where the register gives one to another state, both stand.
    by_case = {(each.case_number, each.state): each for each in exports}
    found = []
    for each in shipped():
        export = by_case.pop((each.case_number, each.state), None)
        found.append(_with(each, export) if export else each)
    found += [_exported(each, each.events) for each in by_case.values()]
    return tuple(sorted(found, key=lambda each: (each.state, each.events[0].on, each.id)))


def by_state(found: Iterable[Procedure]) -> dict[str, tuple[Procedure, ...]]:
    grouped: dict[str, list[Procedure]] = defaultdict(list)
    for each in found:
        grouped[each.state].append(each)
    return {state: tuple(each) for state, each in grouped.items()}


def _shipped(procedure: law.Procedure) -> Procedure:
    events = tuple(
        Event(
            step=each.step,
            on=each.on,
            record=each.id,
            source_url=each.source.source_url,
            certainty=str(each.source.certainty),
            note=each.source.note,
        )
        for each in procedure.events
    )
    return Procedure(
        id=procedure.id,
        state=procedure.state,
        kind=procedure.kind,
        case_number=procedure.case_number,
        events=events,
        standing=Standing.CLOSED if events[-1].step in _ENDS else Standing.UNKNOWN,
        as_of=max(each.source.checked_on for each in procedure.events),
    )


def _with(known: Procedure, export: Exported) -> Procedure:
    """An event that both tell is the register's; one that only the law's data tells stays, with its own certainty."""
    told = {(each.step, each.on) for each in export.events}
    more = [each for each in known.events if (each.step, each.on) not in told]
    return _exported(export, tuple(sorted([*export.events, *more], key=lambda each: each.on)))


def _exported(export: Exported, events: tuple[Event, ...]) -> Procedure:
    return Procedure(
        id=f"procedure:{export.case_number.lower().replace('(', '-').replace(')', '-')}",
        state=export.state,
        kind=export.kind,
        case_number=export.case_number,
        events=events,
        standing=Standing.OPEN if export.active else Standing.CLOSED,
        as_of=export.as_of,
    )
