"""What works somewhere and which gap it closes; the practices that ship as facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tutela.cooperation.capabilities import capability
from tutela.cooperation.rules import Refused, check_ground
from tutela.law.authorities import MEMBER_STATES
from tutela.law.records import BadRecord, Table, parse
from tutela.law.sources import Certainty, Source
from tutela.strategy.gaps import Gap, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """`about` is the provision or the `capability:N` it answers; without a `kind` every gap about it, elsewhere."""

    id: str
    name: str
    what: str
    state: str
    about: str
    kind: Kind | None
    source: Source

    def answers(self, gap: Gap) -> bool:
        return gap.about == self.about and self.kind in {None, gap.kind} and gap.state != self.state


def shipped(*, include_unverified: bool = False) -> tuple[Practice, ...]:
    """Verified ones; all of them, with their marks, when asked."""
    return tuple(each for each in _all() if include_unverified or each.source.certainty is Certainty.VERIFIED)


def answering(gap: Gap, practices: Iterable[Practice]) -> tuple[Practice, ...]:
    return tuple(each for each in practices if each.answers(gap))


def check_about(about: str) -> str:
    """Raises Refused unless it is a provision that was read, or one of the 21 capabilities."""
    kind, _, number = about.partition(":")
    if kind != "capability":
        return check_ground(about)
    if not (number.isascii() and number.isdecimal() and len(number) <= 2) or str(int(number)) != number:
        raise Refused(f"'{about}' is no capability: write it as capability:4.")
    capability(int(number))
    return about


def read_practices(table: Table) -> tuple[Practice, ...]:
    table.day("checked_on")
    return table.closed(tuple(_practice(each) for each in table.tables("practice")))


def _practice(table: Table) -> Practice:
    kind = table.text("kind", "")
    found = Practice(
        id=table.text("id"),
        name=table.text("name"),
        what=table.text("what"),
        state=table.text("state"),
        about=check_about(table.text("about")),
        kind=table.word("kind", Kind) if kind else None,
        source=table.source(),
    )
    if found.state not in MEMBER_STATES:
        raise BadRecord(f"{table.where}: state is the EU code of a Member State")
    return table.closed(found)


@cache
def _all() -> tuple[Practice, ...]:
    name = "practices.toml"
    return read_practices(parse(name, (files("tutela.strategy") / "data" / name).read_text(encoding="utf-8")))
