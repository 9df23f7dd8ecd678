"""Whom one can call: the emergency number, child helplines, missing children, hotlines. A wrong number harms."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tutela.law.records import BadRecord, Table, read_folder
from tutela.law.sources import Source


class LineKind(StrEnum):
    EMERGENCY = "emergency"
    CHILD_HELPLINE = "child_helpline"  # 116 111 where the state uses the European number
    MISSING_CHILDREN = "missing_children"  # 116 000
    HOTLINE = "hotline"  # takes reports of material


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`enabled` is false until a person has checked the row; such a row is never printed unasked."""

    country: str
    kind: LineKind
    operator: str
    number: str
    url: str
    enabled: bool
    source: Source


def helplines(country: str, *, include_unverified: bool = False) -> tuple[Line, ...]:
    """The lines of a Member State (EU code); empty for a country we know nothing about."""
    return tuple(each for each in _by_country().get(country.upper(), ()) if each.enabled or include_unverified)


def read_lines(stem: str, table: Table) -> tuple[Line, ...]:
    country = table.text("country")
    if country.lower() != stem:
        raise BadRecord(f"{table.where}: country must be '{stem.upper()}', like the file")
    table.day("checked_on")
    return table.closed(tuple(_line(country, each) for each in table.tables("line")))


def _line(country: str, table: Table) -> Line:
    line = Line(
        country=country,
        kind=table.word("kind", LineKind),
        operator=table.text("operator"),
        number=table.text("number", ""),
        url=table.text("url", ""),
        enabled=table.flag("enabled"),
        source=table.source(),
    )
    if line.enabled and not line.source.enabled:
        raise BadRecord(f"{table.where}: a row from memory stays enabled = false until a person has checked it")
    return table.closed(line)


@cache
def _by_country() -> dict[str, tuple[Line, ...]]:
    return {stem.upper(): read_lines(stem, table) for stem, table in read_folder("helplines")}


EMERGENCY = helplines("EU")[0]
