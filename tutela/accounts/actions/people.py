"""Add organisations, and let people in."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from tutela.accounts.models import Organisation, Person
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, Role, check_another, check_may, check_roles, opens_alone
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text


def add_organisation(
    *,
    name: str,
    kind: str,
    by: Actor,
    country: str = "",
    representative_country: str = "",
    authority: str = "",
    invented: bool = False,
) -> Organisation:
    check_may(by, Act.PEOPLE_MANAGE)
    with transaction.atomic():
        organisation = Organisation.objects.create(
            name=name,
            kind=kind,
            country=country,
            representative_country=representative_country,
            authority=authority,
            invented=invented,
        )
        audit.record("organisation.added", by=by, subject=f"organisation:{organisation.pk}", details={"kind": kind})
    return organisation


def add_person(
    *, name: str, email: str, organisation: Organisation, roles: list[Role], by: Actor, password: str | None = None
) -> Person:
    """Readers and administrators whom a person adds stay outside until a second person has activated them."""
    check_may(by, Act.PEOPLE_MANAGE, owner=organisation.pk)
    given = [Role(role) for role in roles]
    check_roles(organisation.kind, given)
    with transaction.atomic():
        person = Person(name=name, email=email.lower(), organisation=organisation, roles=given)
        person.opened_by, person.is_active = actor_text(by), opens_alone(by, given)
        person.set_password(password)
        person.save()
        _record("person.added", person, by=by, details={"roles": sorted(given)})
    return person


def activate_person(person_id: int, *, by: Actor) -> Person:
    with transaction.atomic():
        person = _locked(person_id, Act.PEOPLE_ACTIVATE, by)
        if person.is_active:
            raise NotInThisState("this person is active already")
        check_another(person.opened_by, actor_text(by))
        person.is_active, person.activated_by, person.activated_at = True, actor_text(by), datetime.now(UTC)
        person.save(update_fields=["is_active", "activated_by", "activated_at"])
        _record("person.activated", person, by=by)
    return person


def record_sign_in(*, by: Actor) -> None:
    """Somebody is in: written down before they see anything."""
    audit.record("person.signed_in", by=by, subject=f"person:{by.id}")


def _locked(person_id: int, act: Act, by: Actor) -> Person:
    person = Person.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person_id)
    check_may(by, act, owner=person.organisation_id)
    return person


def _record(action: str, person: Person, *, by: Actor, details: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, subject=f"person:{person.public_id}", details=details)
