"""Nobody makes her own second reader: whoever lets people in reads nothing, and a reader is let in by two."""

from itertools import combinations

import pytest
from django.core.cache import cache
from django.test import Client

from tests import cast
from tutela.accounts import actions
from tutela.accounts.models import Person
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, READERS, ROLES_OF, AnotherPersonNeeded, NotYours, Role, RoleNotOpen
from tutela.audit.models import Leaf

pytestmark = pytest.mark.django_db
WORD = "a long word 1!"


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    """Or the limit on sign-ins, not the account, would refuse."""
    cache.clear()


@pytest.fixture
def home():
    return cast.organisation("hotline")


@pytest.fixture
def femke(home):
    return cast.person("Femke", Role.ADMINISTRATOR, home)


def kim(femke: cast.Member, *roles: Role) -> Person:
    at = femke.person.organisation
    given = list(roles) or [Role.ANALYST]
    return actions.add_person(
        name="Kim", email="kim@staff.example", organisation=at, roles=given, by=femke.actor, password=WORD
    )


def comes_in(person: Person) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": WORD})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("kind", ROLES_OF)
def test_whoever_lets_people_in_reads_nothing(kind):
    """0 of all pairs of roles of one kind hold administrator beside a reading role, for people and machines."""
    home = cast.organisation(kind)
    for pair in combinations(sorted(ROLES_OF[kind]), 2):
        if Role.ADMINISTRATOR not in pair or READERS.isdisjoint(pair):
            continue
        said = {"name": "Ana", "email": "ana@staff.example", "organisation": home, "roles": list(pair), "by": HOUSE}
        with pytest.raises(RoleNotOpen, match="does not read reports"):
            actions.add_person(**said)
        with pytest.raises(RoleNotOpen, match="does not read reports"):
            actions.give_credential(organisation=home, kind="bearer", roles=list(pair), by=HOUSE)


@pytest.mark.parametrize("second", [Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER])
def test_a_reader_comes_in_only_after_a_second_person_agreed(home, femke, second):
    reader = kim(femke)
    assert not comes_in(reader)
    actions.activate_person(reader.pk, by=cast.person("Jonas", second, home).actor)
    assert comes_in(reader)
    assert Leaf.objects.filter(action="person.activated", subject=f"person:{reader.public_id}").count() == 1


def test_who_waits_is_told_so_and_the_page_opens_nothing(femke):
    client = Client()
    answer = client.post("/accounts/login/", {"login": kim(femke).email, "password": WORD})
    assert (answer.status_code, "must agree first" in answer.content.decode()) == (403, True)
    assert client.get("/console/").url.startswith("/accounts/login/")


def test_an_administrator_does_not_agree_with_herself(femke):
    reader = kim(femke)
    with pytest.raises(AnotherPersonNeeded):
        actions.activate_person(reader.pk, by=femke.actor)
    assert not comes_in(reader)


def test_an_administrator_invents_no_colleague_who_agrees(femke):
    """An administrator whom a person added waits as well, so one person cannot stand in for two."""
    puppet = kim(femke, Role.ADMINISTRATOR)
    assert not puppet.is_active
    with pytest.raises(AnotherPersonNeeded):
        actions.activate_person(puppet.pk, by=femke.actor)


def test_the_house_alone_founds_and_an_engineer_needs_no_second_person(home):
    assert cast.person("Ana", Role.ANALYST, home).person.is_active
    adam = cast.person("Adam", Role.ADMINISTRATOR, cast.organisation("provider"))
    assert kim(adam, Role.PROVIDER_ENGINEER).is_active


def test_who_is_active_is_not_activated_again(home, femke):
    jonas = cast.person("Jonas", Role.ADMINISTRATOR, home)
    reader = kim(femke)
    actions.activate_person(reader.pk, by=jonas.actor)
    with pytest.raises(NotInThisState):
        actions.activate_person(reader.pk, by=jonas.actor)


def test_the_stranger_and_a_reader_activate_nobody(home, femke):
    reader = kim(femke)
    elsewhere = cast.person("Jonas", Role.ADMINISTRATOR, cast.organisation("hotline"))
    for who in (cast.stranger(), elsewhere, cast.ana(home)):
        with pytest.raises(NotYours):
            actions.activate_person(reader.pk, by=who.actor)
    assert not comes_in(reader)
