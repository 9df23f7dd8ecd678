"""Which countries a report names, by whom and how. Documentation and private addresses resolve to nothing."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import phonenumbers

from tutela.exchange.messages import Party, Report
from tutela.exchange.words import Role

# The Union writes EL for Greece; phone and network tables write GR.
_UNION_CODE = {"GR": "EL"}


@dataclass(frozen=True)
class CountryHint:
    country: str
    role: str
    source: str


def country_hints(report: Report) -> list[CountryHint]:
    """Every hint once, in the order stated, address, phone, location, network address."""
    found = dict.fromkeys(hint for party in report.parties for hint in _of_party(party))
    for place in report.places:
        found |= dict.fromkeys(_network(Role.SUSPECT, [capture.address for capture in place.captures]))
        found |= dict.fromkeys(
            CountryHint(union_code(address.country), Role.SUSPECT, "address")
            for address in place.addresses
            if address.country
        )
    for item in report.items:
        if item.capture:
            found |= dict.fromkeys(_network(Role.SUSPECT, [item.capture.address]))
    return list(found)


def _of_party(party: Party) -> Iterator[CountryHint]:
    person = party.person
    for address in person.addresses if person else []:
        if address.country:
            yield CountryHint(union_code(address.country), party.role, "address")
    for phone in person.phones if person else []:
        country = phone_country(phone.number, phone.calling_code)
        if country:
            yield CountryHint(country, party.role, "phone")
    if party.location and party.location.country:
        source = "stated" if party.location.verified else "estimated_location"
        yield CountryHint(union_code(party.location.country), party.role, source)
    yield from _network(party.role, [capture.address for capture in party.captures])


def _network(role: str, addresses: list[str]) -> Iterator[CountryHint]:
    for address in addresses:
        country = network_country(address)
        if country:
            yield CountryHint(country, role, "network_address")


def union_code(country: str) -> str:
    return _UNION_CODE.get(country, country)


def phone_country(number: str, calling_code: str | None) -> str | None:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(_dialled(number, calling_code), None))
    except phonenumbers.NumberParseException:
        return None
    return union_code(region) if region and region.isalpha() else None


def _dialled(number: str, calling_code: str | None) -> str:
    return f"{calling_code}{number}" if calling_code and not number.startswith("+") else number


def full_phone(number: str, calling_code: str | None) -> str:
    """One form for one number, so that two spellings meet; an unreadable number stays as it was written."""
    full = _dialled(number, calling_code)
    try:
        return phonenumbers.format_number(phonenumbers.parse(full, None), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return full


@cache
def _table() -> Any:
    # The registries' delegations, carried by the package: no look-up ever leaves the house.
    from ip_to_country import IpToCountry

    return IpToCountry()


@lru_cache(maxsize=65_536)
def network_country(address: str) -> str | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if not parsed.is_global:
        return None
    code = (_table().ip_to_country(str(parsed)) or {}).get("country_code")
    return union_code(code) if code and len(code) == 2 and code.isalpha() else None
