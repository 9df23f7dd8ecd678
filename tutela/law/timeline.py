"""What happened and what will end, with CELEX and ELI."""

from dataclasses import dataclass
from functools import cache

from tutela.law.dates import When
from tutela.law.records import Table, read_folder
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    on: When
    text: str
    initiatives: tuple[int, ...]
    celex: str
    eli: str
    source: Source


@cache
def all_events() -> tuple[Event, ...]:
    """Every record, also those that are switched off; in the order of their days."""
    events = [event for _, table in read_folder("timeline") for event in _events(table)]
    return tuple(sorted(events, key=lambda each: each.on))


def timeline(initiative: int | None = None) -> tuple[Event, ...]:
    """The events that may be shown; with `initiative`, those that belong to it."""
    return tuple(
        each for each in all_events() if each.source.enabled and (initiative is None or initiative in each.initiatives)
    )


def _events(table: Table) -> list[Event]:
    return table.closed([_event(each) for each in table.tables("event")])


def _event(table: Table) -> Event:
    event = Event(
        id=table.text("id"),
        on=table.when("on"),
        text=table.text("text"),
        initiatives=table.numbers("initiatives"),
        celex=table.text("celex", ""),
        eli=table.text("eli", ""),
        source=table.source(),
    )
    return table.closed(event)
