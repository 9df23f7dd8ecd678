"""The eight initiatives of the strategy: what was promised, what happened, what was due."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tutela.law.dates import When
from tutela.law.records import Table, read
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAction:
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    on: When
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    on: date
    what: str
    done_on: When | None
    sentence: str
    source: Source

    def is_late(self, today: date) -> bool:
        """Late is what was due and is not done; done after its day is history, not late."""
        return self.on < today and (self.done_on is None or self.done_on.first > today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    number: int
    name: str
    promise: str
    key_action: KeyAction
    steps: tuple[Step, ...]
    dues: tuple[Due, ...]
    source: Source

    @property
    def last_step(self) -> Step:
        return self.steps[-1]

    def late(self, today: date) -> tuple[Due, ...]:
        return tuple(each for each in self.dues if each.source.enabled and each.is_late(today))


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    title: str
    celex: str
    adopted: date
    period_ends: date
    successor: str
    initiatives: tuple[Initiative, ...]
    source: Source


@cache
def strategy() -> Strategy:
    table = read("strategy.toml")
    found = Strategy(
        title=table.text("title"),
        celex=table.text("celex"),
        adopted=table.day("adopted"),
        period_ends=table.day("period_ends"),
        successor=table.text("successor"),
        initiatives=tuple(_initiative(each) for each in table.tables("initiative")),
        source=table.source(),
    )
    return table.closed(found)


def initiatives() -> tuple[Initiative, ...]:
    return strategy().initiatives


def _initiative(table: Table) -> Initiative:
    steps = [
        each.closed(Step(on=each.when("on"), text=each.text("text"), source=each.source()))
        for each in table.tables("step")
    ]
    found = Initiative(
        number=table.number("number"),
        name=table.text("name"),
        promise=table.text("promise"),
        key_action=_key_action(table.table("key_action")),
        steps=tuple(sorted((each for each in steps if each.source.enabled), key=lambda each: each.on)),
        dues=tuple(_due(each) for each in table.tables("due")),
        source=table.source(),
    )
    return table.closed(found)


def _key_action(table: Table) -> KeyAction:
    return table.closed(KeyAction(text=table.text("text"), source=table.source()))


def _due(table: Table) -> Due:
    found = Due(
        on=table.day("on"),
        what=table.text("what"),
        done_on=table.when_or_none("done_on"),
        sentence=table.text("sentence"),
        source=table.source(),
    )
    return table.closed(found)
