"""Add organisations and the people in them."""

from django.db import transaction

from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import Act, Actor, Role, check_may, check_roles
from tutela.audit import actions as audit


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
    check_may(by, Act.PEOPLE_MANAGE, owner=organisation.pk)
    check_roles(organisation.kind, [Role(role) for role in roles])
    with transaction.atomic():
        person = Person(name=name, email=email.lower(), organisation=organisation, roles=[Role(role) for role in roles])
        person.set_password(password)
        person.save()
        audit.record(
            "person.added", by=by, subject=f"person:{person.public_id}", details={"roles": sorted(map(str, roles))}
        )
    return person


def record_sign_in(*, by: Actor) -> None:
    """Somebody is in: written down before they see anything."""
    audit.record("person.signed_in", by=by, subject=f"person:{by.id}")
