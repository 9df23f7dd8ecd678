"""The cast of every story. Whoever is called the stranger must get nothing."""

from dataclasses import dataclass
from itertools import count

from tutela.accounts import actions as accounts
from tutela.accounts.actions import Given
from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import HOUSE, Actor, Role
from tutela.exchange import messages
from tutela.exchange.words import IncidentType, Kind

_numbers = count(1)


@dataclass(frozen=True)
class Member:
    """A person of the cast, with everything a story may ask of her."""

    person: Person

    @property
    def actor(self) -> Actor:
        return self.person.actor()


def organisation(kind: str = "provider", *, country: str = "FR", **more: object) -> Organisation:
    name = f"{kind.replace('_', ' ').title()} Example {next(_numbers)}"
    return accounts.add_organisation(name=name, kind=kind, country=country, by=HOUSE, **more)


def person(name: str, role: Role, at: Organisation) -> Member:
    email = f"{name.lower()}.{next(_numbers)}@staff.example"
    return Member(accounts.add_person(name=name, email=email, organisation=at, roles=[role], by=HOUSE))


def ana(at: Organisation | None = None) -> Member:
    """The first reader."""
    return person("Ana", Role.ANALYST, at or organisation("hotline", country="IE"))


def boris(at: Organisation | None = None) -> Member:
    """The second reader, of another organisation unless told otherwise."""
    return person("Boris", Role.ANALYST, at or organisation("centre", country="NL"))


def officer(country: str = "FR", *, authority: str = "") -> Member:
    """Chiara, who receives what is handed to her authority."""
    home = organisation("national_authority", country=country, authority=authority)
    return person("Chiara", Role.AUTHORITY_OFFICER, home)


def stranger() -> Member:
    """Somebody of a provider that has nothing to do with the story."""
    return person("Stranger", Role.PROVIDER_ENGINEER, organisation("provider", country="PT"))


def credential(at: Organisation, kind: str = "bearer", role: Role = Role.PROVIDER_ENGINEER) -> Given:
    return accounts.give_credential(organisation=at, kind=kind, roles=[role], by=HOUSE)


def report(**changes: object) -> messages.Report:
    """A small report that is complete enough to be received; each one differs from the last."""
    number = next(_numbers)
    told: dict[str, object] = {
        "reference": f"story-{number}",
        "kind": Kind.NEW_MATERIAL,
        "incident": messages.Incident(type=IncidentType.MATERIAL, at="2026-10-03T14:05:09Z"),
        "additional": [f"text-{number}"],
    }
    return messages.Report.model_validate(told | changes)


def raw(message: messages.Report) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()
