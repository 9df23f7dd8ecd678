"""Acts, proposals and their provisions, each provision one check with a stable id."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from tutela.law.records import BadRecord, Table, read_folder
from tutela.law.sources import Source

PROVISION_ID = re.compile(r"[a-z0-9-]+:[a-z0-9-]+")


class Status(StrEnum):
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    PROPOSAL = "proposal"
    AGREED = "agreed"  # politically, not published


class Actor(StrEnum):
    """Whom a provision obliges or entitles."""

    MEMBER_STATE = "member_state"
    PROVIDER = "provider"
    ONLINE_PLATFORM = "online_platform"
    TRUSTED_FLAGGER = "trusted_flagger"
    COMMISSION = "commission"
    SUPERVISORY_AUTHORITY = "supervisory_authority"
    COMPETENT_AUTHORITY = "competent_authority"
    CONTROLLER = "controller"
    EUROPOL = "europol"
    COORDINATING_AUTHORITY = "coordinating_authority"
    EU_CENTRE = "eu_centre"


class UnknownProvision(KeyError):
    """No record with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """`condition` is C01 to C20 for the conditions of the interim regulation's derogation, else empty."""

    id: str
    instrument: str
    title: str
    theme: str
    actor: Actor
    duty: str
    optional: bool
    condition: str
    source: Source

    @property
    def reference(self) -> str:
        """Article 20(3)(a), Recital 28, or "as reported" where no number is known."""
        kind, *parts = self.id.partition(":")[2].split("-")
        if kind not in {"art", "rec"}:
            return "as reported"
        numbered = [each for each in parts[1:] if re.fullmatch(r"\d+|[a-z]|[ivx]+", each)]
        words = [each for each in parts[1:] if each not in numbered]
        number = parts[0] + "".join(f"({each})" for each in numbered)
        return ", ".join([f"{'Article' if kind == 'art' else 'Recital'} {number}", *words])


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """`profile` names the switch a proposal needs; empty for law that was adopted."""

    id: str
    kind: str
    short: str
    title: str
    status: Status
    celex: str
    eli: str
    adopted: date | None
    first: date | None
    last: date | None
    profile: str
    not_bound: frozenset[str]
    provisions: tuple[Provision, ...]
    source: Source

    def binds(self, country: str) -> bool:
        return country not in self.not_bound


def instruments(profiles: Collection[str] = ()) -> tuple[Instrument, ...]:
    """Adopted acts, and the proposals whose profile is switched on. Raises ValueError for an unknown profile."""
    known = {each.profile for each in _by_id().values() if each.profile}
    if unknown := set(profiles) - known:
        raise ValueError(f"unknown profile {', '.join(sorted(unknown))}: the profiles are {', '.join(sorted(known))}")
    return tuple(each for each in _by_id().values() if not each.profile or each.profile in profiles)


def instrument(instrument_id: str) -> Instrument:
    """Raises KeyError for an id that is not a file of `data/instruments`."""
    return _by_id()[instrument_id]


def all_instruments() -> tuple[Instrument, ...]:
    """Whatever their profile."""
    return tuple(_by_id().values())


def provisions(instrument_id: str, *, include_unverified: bool = False) -> tuple[Provision, ...]:
    """In the order of the text; rows from memory only when asked for."""
    found = instrument(instrument_id).provisions
    return tuple(each for each in found if each.source.enabled or include_unverified)


def provision(provision_id: str) -> Provision:
    """Also one that is switched off: what is cited must exist, whether or not it is shown."""
    try:
        return _provisions_by_id()[provision_id]
    except KeyError:
        raise UnknownProvision(f"no provision '{provision_id}' in law/data/instruments") from None


def conditions() -> tuple[Provision, ...]:
    """The twenty conditions of reg-2021-1232:art-3-1, C01 to C20."""
    found = [each for each in _provisions_by_id().values() if each.condition]
    return tuple(sorted(found, key=lambda each: each.condition))


def read_instrument(stem: str, table: Table) -> Instrument:
    instrument_id = table.text("id")
    if instrument_id != stem:
        raise BadRecord(f"{table.where}: id must be '{stem}', like the file")
    found = Instrument(
        id=instrument_id,
        kind=table.text("kind"),
        short=table.text("short"),
        title=table.text("title"),
        status=table.word("status", Status),
        celex=table.text("celex"),
        eli=table.text("eli", ""),
        adopted=table.day_or_none("adopted"),
        first=table.day_or_none("first"),
        last=table.day_or_none("last"),
        profile=table.text("profile", ""),
        not_bound=frozenset(table.texts("not_bound")),
        provisions=tuple(each for article in table.tables("article") for each in _article(stem, article)),
        source=table.source(),
    )
    return table.closed(found)


def _article(instrument_id: str, table: Table) -> list[Provision]:
    title, theme, actor = table.text("title"), table.text("theme"), table.word("actor", Actor)
    found = []
    for row in table.tables("provisions"):
        provision_id = row.text("id")
        if not provision_id.startswith(f"{instrument_id}:") or not PROVISION_ID.fullmatch(provision_id):
            raise BadRecord(f"{row.where}: a provision's id begins with '{instrument_id}:', in small letters")
        read = Provision(
            id=provision_id,
            instrument=instrument_id,
            title=title,
            theme=row.text("theme", theme),
            actor=row.word("actor", Actor, actor),
            duty=row.text("duty"),
            optional=row.flag("optional", False),
            condition=row.text("condition", ""),
            source=row.source(),
        )
        found.append(row.closed(read))
    return table.closed(found)


@cache
def _by_id() -> dict[str, Instrument]:
    return {stem: read_instrument(stem, table) for stem, table in read_folder("instruments")}


@cache
def _provisions_by_id() -> dict[str, Provision]:
    return {each.id: each for found in _by_id().values() for each in found.provisions}
