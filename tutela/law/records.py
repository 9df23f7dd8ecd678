"""Reads this package's TOML files; a wrong record is named with its file, place and key."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from tutela.law.dates import When, parse_when
from tutela.law.sources import Certainty, Source

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)


class BadRecord(ValueError):
    """A record of the law that cannot be used as it stands."""


class Table:
    """One TOML table. What a child leaves out of its provenance it takes from the table around it."""

    def __init__(self, where: str, values: dict[str, object], parent: "Table | None" = None) -> None:
        self.where = where
        self._values = values
        self._parent = parent
        self._read: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        return self._take(key, str, default)

    def number(self, key: str) -> int:
        return self._take(key, int, None)

    def flag(self, key: str, default: bool | None = None) -> bool:
        return self._take(key, bool, default)

    def day(self, key: str) -> date:
        return self._take(key, date, None)

    def day_or_none(self, key: str) -> date | None:
        return self._take(key, date, None) if key in self._values else None

    def when(self, key: str) -> When:
        written = self._values.get(key)
        self._read.add(key)
        try:
            if isinstance(written, str) or (isinstance(written, date) and not isinstance(written, datetime)):
                return parse_when(written)
        except ValueError as problem:
            raise BadRecord(f"{self.where}: '{key}': {problem}") from problem
        raise BadRecord(f"{self.where}: '{key}' is missing or not a date")

    def when_or_none(self, key: str) -> When | None:
        return self.when(key) if key in self._values else None

    def texts(self, key: str) -> tuple[str, ...]:
        return self._all(key, str)

    def numbers(self, key: str) -> tuple[int, ...]:
        return self._all(key, int)

    def word(self, key: str, kind: type[Word], default: Word | None = None) -> Word:
        return self._word(key, self.text(key, default), kind)

    def words(self, key: str, kind: type[Word]) -> tuple[Word, ...]:
        return tuple(self._word(key, each, kind) for each in self.texts(key))

    def table(self, key: str) -> "Table":
        return Table(f"{self.where}, {key}", self._take(key, dict, None), parent=self)

    def tables(self, key: str) -> Iterator["Table"]:
        for number, each in enumerate(self._take(key, list, []), start=1):
            if not isinstance(each, dict):
                raise BadRecord(f"{self.where}: write '{key}' as [[{key}]] tables")
            yield Table(f"{self.where}, {key} {number}", each, parent=self)

    def source(self) -> Source:
        source = Source(
            source_url=self._inherited("source_url", str),
            checked_on=self._inherited("checked_on", date),
            certainty=self._word("certainty", self._inherited("certainty", str), Certainty),
            note=self.text("note", ""),
        )
        if source.enabled and not source.source_url.startswith(("https://", "http://")):
            raise BadRecord(f"{self.where}: source_url must be a web address, or certainty must be 'memory'")
        return source

    def closed(self, record: T) -> T:
        """Gives the record back, unless the table has keys nobody read: a misspelt key must not pass as absent."""
        unknown = sorted(set(self._values) - self._read)
        if unknown:
            raise BadRecord(f"{self.where}: unknown key {', '.join(unknown)}")
        return record

    def _all(self, key: str, kind: type[T]) -> tuple[T, ...]:
        found = self._take(key, list, [])
        if not all(type(each) is kind for each in found):
            raise BadRecord(f"{self.where}: every entry of '{key}' must be a {kind.__name__}")
        return tuple(found)

    def _word(self, key: str, given: str, kind: type[Word]) -> Word:
        try:
            return kind(given)
        except ValueError:
            raise BadRecord(f"{self.where}: '{key}' is one of {', '.join(kind)}") from None

    def _inherited(self, key: str, kind: type[T]) -> T:
        if key in self._values or self._parent is None:
            return self._take(key, kind, None)
        return self._parent._inherited(key, kind)

    def _take(self, key: str, kind: type[T], default: T | None) -> T:
        self._read.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise BadRecord(f"{self.where}: '{key}' is missing")
        # bool is an int and datetime is a date to Python; neither is meant where the other is asked for.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int) or isinstance(value, datetime):
            raise BadRecord(f"{self.where}: '{key}' must be a {kind.__name__}")
        return value


def data() -> Traversable:
    return files("tutela.law") / "data"


def read(name: str) -> Table:
    """Opens `data/<name>`."""
    return parse(name, (data() / name).read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Table:
    try:
        return Table(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise BadRecord(f"{name}: not TOML: {problem}") from problem


def read_folder(folder: str) -> Iterator[tuple[str, Table]]:
    """Every file of `data/<folder>` as (stem, table), in the order of their names."""
    for entry in sorted((data() / folder).iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".toml"):
            name = f"{folder}/{entry.name}"
            yield entry.name.removesuffix(".toml"), parse(name, entry.read_text(encoding="utf-8"))
