"""Add organisations; let people in, change what they may, let them go."""

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from tutela.accounts.models import Organisation, Person
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import (
    HOUSE,
    Act,
    Actor,
    Role,
    RoleNotOpen,
    check_another,
    check_may,
    check_not_oneself,
    check_roles,
    opens_alone,
)
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
        _open(person, by=by)
        _save_with(password, person, by=by)
        _record("person.added", person, by=by, details={"roles": sorted(given)})
    return person


def activate_person(person_id: int, *, by: Actor) -> Person:
    with transaction.atomic():
        person = _locked(person_id, Act.PEOPLE_ACTIVATE, by)
        _check_not_ended(person)
        if person.is_active:
            raise NotInThisState("this person is active already")
        check_another(person.opened_by, actor_text(by))
        person.is_active, person.activated_by, person.activated_at = True, actor_text(by), datetime.now(UTC)
        person.save(update_fields=["is_active", "activated_by", "activated_at"])
        _record("person.activated", person, by=by)
    return person


def change_roles(person_id: int, *, roles: list[Role], by: Actor) -> Person:
    """Fewer roles apply at once; a role she did not have is agreed to by a second person, as when she was added."""
    given = [Role(role) for role in roles]
    with transaction.atomic():
        person = _locked_other(person_id, by)
        if not given:
            raise RoleNotOpen("a person without a role opens nothing: end the account instead")
        check_roles(person.organisation.kind, given)
        before, person.roles, person.sessions_from = sorted(person.roles), given, datetime.now(UTC)
        if not set(before).issuperset(given):
            _open(person, by=by)
        person.save()
        _record("person.roles_changed", person, by=by, details={"before": before, "roles": sorted(given)})
    return person


def give_new_password(person_id: int, *, password: str, by: Actor) -> Person:
    """For whoever cannot come in any more.

    Second factors go as well: who lost her password has often lost the device, and what a thief enrolled must not stay.
    Whoever gives a password could use it herself, so a reader waits for a second person again.
    """
    with transaction.atomic():
        person = _locked_other(person_id, by)
        person.sessions_from = datetime.now(UTC)
        _open(person, by=by)
        _save_with(password, person, by=by)
        Authenticator.objects.filter(user=person).delete()
        _record("person.password_given", person, by=by)
    return person


def end_person(person_id: int, *, by: Actor) -> Person:
    """She is out at once and for good; what she did stays hers in the record."""
    with transaction.atomic():
        person = _locked_other(person_id, by)
        person.is_active, person.ended_at = False, datetime.now(UTC)
        person.sessions_from = person.ended_at
        person.set_unusable_password()
        person.save()
        Authenticator.objects.filter(user=person).delete()
        _record("person.ended", person, by=by)
    return person


def record_sign_in(*, by: Actor) -> None:
    """Somebody is in: written down before they see anything."""
    audit.record("person.signed_in", by=by, subject=f"person:{by.id}")


def _locked(person_id: int, act: Act, by: Actor) -> Person:
    person = Person.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=person_id)
    check_may(by, act, owner=person.organisation_id)
    return person


def _locked_other(person_id: int, by: Actor) -> Person:
    person = _locked(person_id, Act.PEOPLE_MANAGE, by)
    check_not_oneself(f"person:{person.public_id}", actor_text(by))
    _check_not_ended(person)
    return person


def _check_not_ended(person: Person) -> None:
    if person.ended_at is not None:
        raise NotInThisState("this account has ended: add the person again")


def _open(person: Person, *, by: Actor) -> None:
    person.opened_by, person.activated_by, person.activated_at = actor_text(by), "", None
    person.is_active = opens_alone(by, person.roles)


def _save_with(password: str | None, person: Person, *, by: Actor) -> None:
    """An address that is in use elsewhere gets no password, and only the house is told.

    To an administrator both look alike: otherwise addresses could be tried, to learn who works here.
    """
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        if by is HOUSE:
            raise
        person.set_unusable_password()
        person.save()


def _record(action: str, person: Person, *, by: Actor, details: dict[str, Any] | None = None) -> None:
    audit.record(action, by=by, subject=f"person:{person.public_id}", details=details)
