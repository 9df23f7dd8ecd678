"""What identifies a person or place in a report, in one spelling each.

Strong ones put reports under one decision. A network address or a group is shared by strangers and only hints.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tutela.exchange.completeness import captures
from tutela.exchange.messages import Party, Report
from tutela.exchange.words import PlaceKind
from tutela.matching.urls import BadUrl, canonical_url
from tutela.reports.places import full_phone


@dataclass(frozen=True)
class Identifying:
    role: str
    kind: str
    value: str
    strong: bool


def identifying(report: Report, *, organisation_id: int) -> list[Identifying]:
    found = [one for party in report.parties for one in _of_party(party, organisation_id)]
    found += [
        Identifying("place", "url", canonical, strong=True)
        for place in report.places
        if place.kind is PlaceKind.WEB
        for url in place.urls
        if (canonical := _canonical(url))
    ]
    found += [Identifying("", "network_address", capture.address, strong=False) for capture in captures(report)]
    return list(dict.fromkeys(found))


def _of_party(party: Party, organisation_id: int) -> Iterator[Identifying]:
    role = party.role.value
    if party.account_id:
        # An account number means nothing outside its own provider.
        yield Identifying(role, "account", f"{organisation_id}/{party.service or ''}/{party.account_id}", strong=True)
    if party.person:
        for email in party.person.emails:
            yield Identifying(role, "email", email.address, strong=True)
        for phone in party.person.phones:
            yield Identifying(role, "phone", full_phone(phone.number, phone.calling_code), strong=True)
    for device in party.devices:
        yield Identifying(role, "device", f"{device.id_type}/{device.id_value}", strong=True)
    for url in party.profile_urls:
        if canonical := _canonical(url):
            yield Identifying(role, "url", canonical, strong=True)
    if party.group_id:
        yield Identifying(role, "group", f"{organisation_id}/{party.group_id}", strong=False)


def _canonical(url: str) -> str | None:
    """An address that cannot be read links nothing; it stays in the report as it was written."""
    try:
        return canonical_url(url)
    except BadUrl:
        return None
