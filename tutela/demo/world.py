"""Who lives in the invented world, and what is known there. Everything is made by the rooms' own actions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tutela.accounts import actions as accounts
from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import HOUSE, Actor, Role
from tutela.demo.pictures import draw
from tutela.indicators import actions as indicators
from tutela.indicators.models import BenignHash, Indicator
from tutela.indicators.rules import Category, Fingerprint, Kind, Label, Passport, Refused, State
from tutela.provider.wire import Credential

FEWEST_PICTURES, MOST_PICTURES = 20, 150
BENIGN_TRIED = 12

# name, kind, Member State; the third provider has no seat in the Union and names a representative.
PROVIDERS = (
    ("Provider Example S.A.", "FR", ""),
    ("Provider Example Oy", "FI", ""),
    ("Provider Example Ltd", "", "IE"),
    ("Provider Example GmbH", "DE", ""),
)
# The two whom the followed report concerns come first, so that the sign-ins offer them.
AUTHORITIES = ("DE", "FR", "AT", "BE", "DK", "ES", "FI", "HU", "IE", "IT", "NL", "PL", "PT", "SE")
# Other Member States' authorities are not in this installation: what is for them waits to be carried outside.
OTHERS = (
    ("Policy Body Example", "policy_body", "BE", Role.POLICY_OFFICER, "Petra Example"),
    ("Policy Body Example of the Union", "policy_body", "EU", Role.POLICY_OFFICER, "Gaia Example"),
    ("Prevention Body Example", "prevention_body", "PT", Role.PRACTITIONER, "Quirin Example"),
    ("Partner Example Abroad", "partner", "", Role.PARTNER, "Paul Example"),
)


@dataclass(frozen=True)
class Provider:
    organisation: Organisation
    bearer: Credential
    basic: Credential
    visitor: Credential
    """For whoever tries the house: it reports, and may have the lists and ask."""


@dataclass(frozen=True)
class Authority:
    id: str
    organisation: Organisation
    bearer: Credential


@dataclass
class World:
    ana: Person
    boris: Person
    providers: list[Provider] = field(default_factory=list)
    authorities: dict[str, Authority] = field(default_factory=dict)
    people: int = 0
    confirmed_indicators: int = 0
    held_back: int = 0

    @property
    def first_reader(self) -> Actor:
        return self.ana.actor()

    @property
    def second_reader(self) -> Actor:
        return self.boris.actor()


def known_pictures(reports: int) -> int:
    """A short demonstration need not wait for a long list."""
    return max(FEWEST_PICTURES, min(MOST_PICTURES, reports // 4))


def build(pictures: int) -> World:
    hotline = _organisation("Hotline Example", "hotline", "NL")
    other = _organisation("Hotline Example Two", "hotline", "PL")
    world = World(
        ana=_person("Ana Example", Role.ANALYST, hotline), boris=_person("Boris Example", Role.ANALYST, other)
    )
    _person("Dora Example", Role.DATA_PROTECTION_OFFICER, hotline)
    _person("Adam Example", Role.ADMINISTRATOR, hotline)
    # No such body exists yet; one is invented, so that its kind can be tried.
    _organisation("Centre Example", "centre", "NL")
    for name, country, representative in PROVIDERS:
        world.providers.append(_provider(name, country, representative))
    for country in (*AUTHORITIES, ""):
        authority = _authority(country)
        world.authorities[authority.id] = authority
    for name, kind, country, role, person in OTHERS:
        _person(person, role, _organisation(name, kind, country))
    world.people = Person.objects.count()
    _list_what_is_known(world, pictures)
    return world


def _organisation(name: str, kind: str, country: str, **more: str) -> Organisation:
    return accounts.add_organisation(name=name, kind=kind, country=country, invented=True, by=HOUSE, **more)


def _person(name: str, role: Role, at: Organisation) -> Person:
    email = f"{name.split(maxsplit=1)[0].lower()}.{at.pk}@staff.example"
    return accounts.add_person(name=name, email=email, organisation=at, roles=[role], by=HOUSE)


def _credential(at: Organisation, kind: str, *roles: Role) -> Credential:
    given = accounts.give_credential(organisation=at, kind=kind, roles=list(roles), by=HOUSE)
    return Credential(given.credential.username, given.secret)


def _provider(name: str, country: str, representative: str) -> Provider:
    at = _organisation(name, "provider", country, representative_country=representative)
    role = Role.PROVIDER_ENGINEER
    _person(f"Emil{at.pk} Example", role, at)
    visitor = _credential(at, "bearer", role, Role.PROVIDER_MATCHER)
    return Provider(at, _credential(at, "bearer", role), _credential(at, "basic", role), visitor)


def _authority(country: str) -> Authority:
    id_ = f"authority:{country.lower()}" if country else "authority:europol"
    name = f"Authority Example {country}" if country else "Europol Example"
    at = _organisation(name, "national_authority", country, authority=id_)
    _person(f"Chiara{at.pk} Example", Role.AUTHORITY_OFFICER, at)
    return Authority(id_, at, _credential(at, "bearer", Role.AUTHORITY_OFFICER))


def _list_what_is_known(world: World, pictures: int) -> None:
    """Two people for every one of them; pictures that are known to be harmless do not get in."""
    proposed = indicators.propose_many(list(_known(pictures)), by=world.first_reader)
    confirmed = indicators.confirm_many(proposed, by=world.second_reader)
    world.confirmed_indicators = sum(indicator.state == State.ACTIVE for indicator in confirmed)
    for benign in BenignHash.objects.order_by("pk")[:BENIGN_TRIED]:
        world.held_back += _is_held_back(bytes(benign.pdq), world.first_reader)


def _known(pictures: int) -> Iterator[tuple[Fingerprint, Passport]]:
    for number in range(pictures):
        drawn = draw(number)
        yield Fingerprint(Kind.SHA256, bytes.fromhex(drawn.digests.sha256)), _passport(number)
        yield Fingerprint(Kind.PDQ, drawn.hashed.pdq, drawn.hashed.quality), _passport(number)


def _passport(number: int) -> Passport:
    country = AUTHORITIES[number % len(AUTHORITIES)].lower()
    return Passport(
        category=Category.BASELINE if number % 3 else Category.NATIONAL,
        authority=f"authority:{country}",
        legal_basis="dir-2011-93:art-2-c",
        identified_on=(datetime.now(UTC) - timedelta(days=30 + number)).date(),
        made_by="computed from a picture drawn in code",
        labels=(Label("Scheme Example", "1", f"code-{number % 4}"),),
    )


def _is_held_back(pdq: bytes, by: Actor) -> bool:
    try:
        proposed: Indicator = indicators.propose(Fingerprint(Kind.PDQ, pdq, 100), passport=_passport(0), by=by)
    except Refused:
        return True
    return proposed.state == State.QUARANTINED
