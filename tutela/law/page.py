"""What the Commission's page "Child sexual abuse" says: three focuses, its promises, nine timeline entries."""

from dataclasses import dataclass
from functools import cache

from tutela.law.dates import When
from tutela.law.records import read
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    text: str
    initiatives: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    on: When
    text: str
    celex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    title: str
    source: Source
    focuses: tuple[Focus, ...]
    promises: tuple[Promise, ...]
    entries: tuple[Entry, ...]


@cache
def page() -> Page:
    table = read("page.toml")
    found = Page(
        title=table.text("title"),
        source=table.source(),
        focuses=tuple(each.closed(Focus(id=each.text("id"), name=each.text("name"))) for each in table.tables("focus")),
        promises=tuple(
            each.closed(Promise(text=each.text("text"), initiatives=each.numbers("initiatives")))
            for each in table.tables("promise")
        ),
        entries=tuple(
            each.closed(Entry(on=each.when("on"), text=each.text("text"), celex=each.text("celex", "")))
            for each in table.tables("entry")
        ),
    )
    return table.closed(found)
