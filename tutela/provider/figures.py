"""Category 5 of the yearly form (Implementing Regulation (EU) 2024/2916): complaints and outcomes, 45 figures.

Every thing counts in the year in which it happened, in UTC. A zero is said only where the ledger covers the year from
its first day; elsewhere nobody counted, and the figure is null.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from tutela.law.forms import standard_form
from tutela.provider.entries import About, Complaint, Decision, Kind, Object, Outcome
from tutela.provider.ledger import Ledger

CATEGORY: Final = 5
_ABOUT: Final = {About.KNOWN: "K", About.NEW: "N", About.SOLICITATION: "S"}
_OBJECT: Final = {Object.CONTENT: "C", Object.ACCOUNT: "A"}
_UNITS: Final = {3: "reasons", 5: "hours", 7: "reasons", 9: "hours"}
Value = int | float | dict[str, int] | None


class Figure(NamedTuple):
    """`value` is null where nobody counted, or nothing was there to take the mean of."""

    value: Value
    unit: str
    what: str
    optional: bool


@dataclass(frozen=True)
class Figures:
    """`left_out` are accounts of which nobody said whether they are in the Union; the form counts those that are."""

    year: int
    as_of: date
    kept_since: date
    left_out: int
    figures: dict[str, Figure]

    @property
    def covers_the_year(self) -> bool:
        return self.kept_since <= date(self.year, 1, 1)

    @property
    def year_is_over(self) -> bool:
        return self.as_of.year > self.year

    def as_json(self) -> dict[str, Any]:
        return {
            "form": standard_form().id,
            "category": CATEGORY,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "kept_since": self.kept_since.isoformat(),
            "covers_the_year": self.covers_the_year,
            "year_is_over": self.year_is_over,
            "accounts_left_out": self.left_out,
            "figures": {code: figure._asdict() for code, figure in self.figures.items()},
        }


def figures(ledger: Ledger, year: int, *, as_of: date) -> Figures:
    decisions = {each.reference: each for each in ledger.decisions()}
    counted = [each for each in decisions.values() if _is_counted(each)]
    left_out = sum(each.object is Object.ACCOUNT and each.in_union is None for each in decisions.values())
    values: dict[str, Value] = {}
    for about, object_ in _blocks():
        block = [each for each in counted if (each.about, each.object) == (about, object_)]
        names = {each.reference for each in block}
        complaints = [each for each in ledger.complaints() if each.reference in names]
        for place, value in enumerate(_block(block, complaints, year), 1):
            values[f"{CATEGORY}.{_ABOUT[about]}{_OBJECT[object_]}{place}"] = value
    since = ledger.since()
    whole = since <= date(year, 1, 1) <= as_of
    fields = next(each for each in standard_form().categories if each.number == CATEGORY).fields
    return Figures(
        year,
        as_of,
        since,
        left_out,
        {
            field.code: Figure(_known(values[field.code], whole), _unit(field.code), field.text, field.optional)
            for field in fields
        },
    )


def _blocks() -> list[tuple[About, Object]]:
    return [
        (about, object_)
        for about in About
        for object_ in Object
        if (about, object_) != (About.SOLICITATION, Object.CONTENT)
    ]


def _is_counted(decision: Decision) -> bool:
    return decision.object is Object.CONTENT or decision.in_union is True


def _block(decisions: Sequence[Decision], complaints: Sequence[Complaint], year: int) -> list[Value]:
    """The nine figures in the form's order."""
    told: list[Value] = [sum(_within(each.decided_at, year) for each in decisions)]
    for kind in (Kind.INTERNAL, Kind.JUDICIAL):
        mine = [each for each in complaints if each.kind is kind]
        lodged = [each for each in mine if _within(each.lodged_at, year)]
        decided = [each for each in mine if _within(each.decided_at, year)]
        told += [
            len(lodged),
            dict(sorted(Counter(each.reason.value for each in lodged if each.reason).items())) or None,
            sum(each.outcome is Outcome.RESTORED for each in decided),
            _mean_hours(_times(mine, kind, year)),
        ]
    return told


def _times(complaints: Iterable[Complaint], kind: Kind, year: int) -> list[timedelta]:
    """Of an internal complaint from its day to its decision; of a court's decision from it to the day it was obeyed."""
    if kind is Kind.INTERNAL:
        return [c.decided_at - c.lodged_at for c in complaints if c.decided_at and _within(c.decided_at, year)]
    return [
        c.complied_at - c.decided_at
        for c in complaints
        if c.complied_at and c.decided_at and _within(c.complied_at, year)
    ]


def _mean_hours(times: Sequence[timedelta]) -> float | None:
    if not times:
        return None
    return round(sum(times, timedelta()).total_seconds() / 3600 / len(times), 1)


def _within(moment: datetime | None, year: int) -> bool:
    return moment is not None and moment.astimezone(UTC).year == year


def _known(value: Value, whole: bool) -> Value:
    return None if value == 0 and isinstance(value, int) and not whole else value


def _unit(code: str) -> str:
    place = int(code[-1])
    if place in _UNITS:
        return _UNITS[place]
    return "complaints" if place in (2, 6) else "items" if code[3] == "C" else "accounts"
