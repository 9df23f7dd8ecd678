import json

import pytest
from allauth.mfa.adapter import get_adapter
from django.test import Client

from tests import cast
from tutela.accounts import actions
from tutela.accounts.policy import HOUSE, ONLY_MACHINES, ROLES_OF, Role, RoleNotOpen
from tutela.audit.models import Leaf

pytestmark = pytest.mark.django_db
WORD = "a long word 1!"


@pytest.mark.parametrize("kind", ROLES_OF)
def test_an_organisation_gives_only_the_roles_it_is_for(kind):
    """0 strange roles given in all pairs of kind and role, to people and to machines, by the house itself."""
    home = cast.organisation(kind)
    for role in Role:
        person = {"name": "Ana", "email": f"{role}@staff.example", "organisation": home, "roles": [role], "by": HOUSE}
        machine = {"organisation": home, "kind": "bearer", "roles": [role], "by": HOUSE}
        for give, said, open_ in (
            (actions.add_person, person, ROLES_OF[kind]),
            (actions.give_credential, machine, ROLES_OF[kind] | ONLY_MACHINES.get(kind, frozenset())),
        ):
            if role in open_:
                give(**said)
            else:
                with pytest.raises(RoleNotOpen, match=str(role)):
                    give(**said)


def test_whoever_decides_does_not_watch_over_herself():
    home = cast.organisation("hotline")
    with pytest.raises(RoleNotOpen, match="watch over"):
        actions.add_person(
            name="Ana",
            email="a@staff.example",
            organisation=home,
            roles=[Role.ANALYST, Role.DATA_PROTECTION_OFFICER],
            by=HOUSE,
        )


def test_an_administrator_of_a_provider_makes_no_analyst():
    home = cast.organisation("provider")
    admin = cast.person("Adam", Role.ADMINISTRATOR, home)
    with pytest.raises(RoleNotOpen):
        actions.add_person(
            name="Stranger", email="s@staff.example", organisation=home, roles=[Role.ANALYST], by=admin.actor
        )


def test_a_sign_in_is_written_down():
    home = cast.organisation("hotline")
    ana = actions.add_person(
        name="Ana",
        email="ana@staff.example",
        organisation=home,
        roles=[Role.ANALYST],
        by=HOUSE,
        password="a long word 1!",
    )
    Client().post("/accounts/login/", {"login": ana.email, "password": WORD})
    said = json.loads(bytes(Leaf.objects.get(action="person.signed_in").content))
    assert said["actor"]["id"] == str(ana.public_id)


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "confirm-email/", "password/set/"])
def test_ways_in_that_nobody_may_take_are_not_there(path):
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_a_second_factors_secret_is_sealed():
    adapter = get_adapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSW" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
