"""Who receives a report in each Member State, as far as a public source says so."""

from dataclasses import dataclass
from functools import cache

from tutela.law.records import BadRecord, Table, read_folder
from tutela.law.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """`name` and `contact_page` are empty where no public source is known: then `source.note` says so.

    `route_2015` tells how reports of the North American clearinghouse reached the state in 2015; today is unverified.
    """

    id: str
    country: str
    country_name: str
    name: str
    contact_page: str
    route_2015: str
    route: Source
    source: Source

    @property
    def is_named(self) -> bool:
        return bool(self.name) and self.source.enabled


def read_authority(stem: str, table: Table) -> Authority:
    route_table = table.table("route_2015")
    authority = Authority(
        id=table.text("id"),
        country=table.text("country"),
        country_name=table.text("country_name"),
        name=table.text("name"),
        contact_page=table.text("contact_page"),
        route_2015=route_table.text("text"),
        route=route_table.source(),
        source=table.source(),
    )
    route_table.closed(table.closed(authority))
    if authority.id != f"authority:{stem}":
        raise BadRecord(f"{table.where}: id must be 'authority:{stem}', like the file")
    if not authority.name and not authority.source.note:
        raise BadRecord(f"{table.where}: without a name, 'note' must say that no public source is known")
    return authority


@cache
def _by_country() -> dict[str, Authority]:
    found = [read_authority(stem, table) for stem, table in read_folder("authorities")]
    return {each.country: each for each in found}


EUROPOL = _by_country()["EU"]
# EU codes, not ISO: Greece is EL.
MEMBER_STATES = tuple(sorted(set(_by_country()) - {EUROPOL.country}))


def all_authorities() -> tuple[Authority, ...]:
    """The 27 Member States, in the order of their codes, without Europol."""
    return tuple(_by_country()[each] for each in MEMBER_STATES)


def authority(country: str) -> Authority | None:
    """`country` is an EU code (EL for Greece; GR is understood). None for a country outside the Union."""
    code = country.strip().upper()
    code = "EL" if code == "GR" else code
    return _by_country()[code] if code in MEMBER_STATES else None
