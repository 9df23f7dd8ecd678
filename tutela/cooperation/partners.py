"""The partners that ship as facts; a hotline's fact stands in the law's data and is only read from there."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tutela.cooperation.rules import PartnerKind, check_ground
from tutela.law.authorities import MEMBER_STATES
from tutela.law.helplines import LineKind, helplines
from tutela.law.records import Table, parse
from tutela.law.sources import Certainty, Source

_NOTICES = "Notices to hosts about content"
_NOTICES_GROUND = "dsa-2022-2065:art-16-1"
_NOTICES_SOURCE = "https://eur-lex.europa.eu/eli/reg/2022/2065/oj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`ground` is the id of a provision; empty where none was verified, and then `source.note` says so."""

    what: str
    ground: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`country` is an EU code, "EU" for a body of the Union, "US" for one abroad, empty for the whole world."""

    id: str
    kind: PartnerKind
    name: str
    country: str
    url: str
    exchanges: tuple[Exchange, ...]
    source: Source

    @property
    def is_verified(self) -> bool:
        return self.source.certainty is Certainty.VERIFIED


def shipped(*, include_unverified: bool = False) -> tuple[Known, ...]:
    """Only what was verified, and of each partner only its verified exchanges; all, with their marks, when asked."""
    if include_unverified:
        return _all()
    return tuple(_verified(each) for each in _all() if each.is_verified)


def read_partners(kind: PartnerKind, table: Table) -> tuple[Known, ...]:
    table.day("checked_on")
    return table.closed(tuple(_partner(kind, each) for each in table.tables("partner")))


def _partner(kind: PartnerKind, table: Table) -> Known:
    found = Known(
        id=table.text("id"),
        kind=kind,
        name=table.text("name"),
        country=table.text("country"),
        url=table.text("url", ""),
        exchanges=tuple(_exchange(each) for each in table.tables("exchange")),
        source=table.source(),
    )
    return table.closed(found)


def _exchange(table: Table) -> Exchange:
    ground = table.text("ground")
    found = Exchange(what=table.text("what"), ground=check_ground(ground) if ground else "", source=table.source())
    return table.closed(found)


def _verified(each: Known) -> Known:
    kept = tuple(said for said in each.exchanges if said.source.certainty is Certainty.VERIFIED)
    return Known(
        id=each.id,
        kind=each.kind,
        name=each.name,
        country=each.country,
        url=each.url,
        exchanges=kept,
        source=each.source,
    )


@cache
def _all() -> tuple[Known, ...]:
    found = [each for kind in PartnerKind for each in (_hotlines() if kind is PartnerKind.HOTLINE else _file(kind))]
    return tuple(found)


def _file(kind: PartnerKind) -> tuple[Known, ...]:
    name = f"partners/{_PLURALS[kind]}.toml"
    return read_partners(kind, parse(name, (files("tutela.cooperation") / "data" / name).read_text(encoding="utf-8")))


_PLURALS = {
    PartnerKind.POLICE: "police",
    PartnerKind.CLEARINGHOUSE: "clearinghouses",
    PartnerKind.ALLIANCE: "alliances",
    PartnerKind.NETWORK: "networks",
}


def _hotlines() -> tuple[Known, ...]:
    found = []
    for country in MEMBER_STATES:
        lines = [each for each in helplines(country, include_unverified=True) if each.kind is LineKind.HOTLINE]
        for number, line in enumerate(lines, start=1):
            # A line that is switched off may not pass as verified, whatever its source says.
            certainty = line.source.certainty if line.enabled else Certainty.MEMORY
            source = Source(
                source_url=line.source.source_url,
                checked_on=line.source.checked_on,
                certainty=certainty,
                note=line.source.note,
            )
            found.append(
                Known(
                    id=f"partner:hotline-{country.lower()}-{number}",
                    kind=PartnerKind.HOTLINE,
                    name=line.operator,
                    country=country,
                    url=line.url,
                    exchanges=(_notices(line.source),),
                    source=source,
                )
            )
    return tuple(found)


def _notices(source: Source) -> Exchange:
    """Open to anyone, so to every hotline; what a hotline exchanges besides was not read."""
    told = Source(source_url=_NOTICES_SOURCE, checked_on=source.checked_on, certainty=Certainty.VERIFIED)
    return Exchange(what=_NOTICES, ground=_NOTICES_GROUND, source=told)
