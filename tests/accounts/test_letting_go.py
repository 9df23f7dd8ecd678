"""Roles change, passwords are lost, people leave: at once, written down, and never by oneself."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.test import Client

from tests import cast
from tutela.accounts import actions
from tutela.accounts.models import Person
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, AnotherPersonNeeded, NotYours, Role, RoleNotOpen
from tutela.audit.models import Leaf

pytestmark = pytest.mark.django_db
WORD, OTHER_WORD = "a long word 1!", "a longer word 2!"
CHANGES = {
    "roles": lambda who, by: actions.change_roles(who.pk, roles=[Role.DATA_PROTECTION_OFFICER], by=by),
    "password": lambda who, by: actions.give_new_password(who.pk, password=OTHER_WORD, by=by),
    "end": lambda who, by: actions.end_person(who.pk, by=by),
}
change = pytest.mark.parametrize("change", CHANGES)


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


@pytest.fixture
def ana(home):
    return actions.add_person(
        name="Ana", email="ana@staff.example", organisation=home, roles=[Role.ANALYST], by=HOUSE, password=WORD
    )


def signed_in(person: Person, word: str = WORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": word})
    return client


def is_in(client: Client) -> bool:
    return not client.get("/console/").url.startswith("/accounts/login/")


@change
def test_her_open_sessions_end_at_once(ana, femke, change):
    two = [signed_in(ana), signed_in(ana)]
    assert [is_in(client) for client in two] == [True, True]
    CHANGES[change](ana, femke.actor)
    assert [is_in(client) for client in two] == [False, False]


@change
def test_her_old_password_opens_nothing_until_a_second_person_agreed(home, ana, femke, change):
    CHANGES[change](ana, femke.actor)
    assert not is_in(signed_in(ana))
    assert not is_in(signed_in(ana, OTHER_WORD))
    if change == "end":
        return
    with pytest.raises(AnotherPersonNeeded):
        actions.activate_person(ana.pk, by=femke.actor)
    actions.activate_person(ana.pk, by=cast.person("Jonas", Role.ADMINISTRATOR, home).actor)
    assert is_in(signed_in(ana, OTHER_WORD if change == "password" else WORD))


@change
def test_the_change_is_written_down(ana, femke, change):
    CHANGES[change](ana, femke.actor)
    leaf = Leaf.objects.filter(subject=f"person:{ana.public_id}").latest("pk")
    said = json.loads(bytes(leaf.content))
    assert leaf.action == {"roles": "person.roles_changed", "password": "person.password_given"}.get(
        change, "person.ended"
    )
    assert said["actor"]["id"] == femke.actor.id
    assert WORD not in str(said)
    assert OTHER_WORD not in str(said)


@change
def test_the_stranger_changes_nobody(home, ana, change):
    elsewhere = cast.person("Jonas", Role.ADMINISTRATOR, cast.organisation("hotline"))
    officer = cast.person("Dimitri", Role.DATA_PROTECTION_OFFICER, home)
    for who in (cast.stranger(), elsewhere, officer, cast.boris(home)):
        with pytest.raises(NotYours):
            CHANGES[change](ana, who.actor)
    assert is_in(signed_in(ana))


@change
def test_nobody_does_it_to_herself(femke, change):
    with pytest.raises(AnotherPersonNeeded, match="your own"):
        CHANGES[change](femke.person, femke.actor)
    femke.person.refresh_from_db()
    assert (femke.person.roles, femke.person.state) == ([Role.ADMINISTRATOR], "active")


@change
def test_who_has_left_stays_out(home, ana, femke, change):
    actions.end_person(ana.pk, by=femke.actor)
    with pytest.raises(NotInThisState, match="has ended"):
        CHANGES[change](ana, femke.actor)
    with pytest.raises(NotInThisState, match="has ended"):
        actions.activate_person(ana.pk, by=cast.person("Jonas", Role.ADMINISTRATOR, home).actor)
    assert not is_in(signed_in(ana))


@pytest.mark.parametrize("change", ["password", "end"])
def test_second_factors_go_with_the_password(ana, femke, change):
    for kind in Authenticator.Type.values:
        Authenticator.objects.create(user=ana, type=kind, data={})
    CHANGES[change](ana, femke.actor)
    assert not Authenticator.objects.filter(user=ana).exists()


def test_fewer_roles_need_no_second_person():
    home = cast.organisation("provider")
    femke = cast.person("Femke", Role.ADMINISTRATOR, home)
    both = [Role.PROVIDER_ENGINEER, Role.ADMINISTRATOR]
    emil = actions.add_person(name="Emil", email="emil@staff.example", organisation=home, roles=both, by=HOUSE)
    actions.change_roles(emil.pk, roles=[Role.PROVIDER_ENGINEER], by=femke.actor)
    emil.refresh_from_db()
    assert (emil.roles, emil.state) == ([Role.PROVIDER_ENGINEER], "active")


def test_fewer_roles_let_nobody_in_who_waited(home, femke):
    waiting = actions.add_person(
        name="Kim", email="kim@staff.example", organisation=home, roles=[Role.ANALYST], by=femke.actor, password=WORD
    )
    actions.change_roles(waiting.pk, roles=[Role.ANALYST], by=cast.person("Jonas", Role.ADMINISTRATOR, home).actor)
    assert not is_in(signed_in(waiting))


@pytest.mark.parametrize(
    "roles", [[], [Role.PROVIDER_ENGINEER], [Role.ANALYST, Role.ADMINISTRATOR]], ids=["none", "strange", "both"]
)
def test_roles_that_cannot_be_are_refused_and_nothing_changes(ana, femke, roles):
    with pytest.raises(RoleNotOpen):
        actions.change_roles(ana.pk, roles=roles, by=femke.actor)
    ana.refresh_from_db()
    assert (ana.roles, ana.state) == ([Role.ANALYST], "active")


def test_sessions_end_also_where_she_stays_active_and_keeps_her_password(ana, femke):
    client = signed_in(ana)
    actions.change_roles(ana.pk, roles=[Role.ANALYST], by=femke.actor)
    assert not is_in(client)
    assert is_in(signed_in(ana))


def test_sessions_would_go_on_if_their_moment_did_not_count(ana, femke, monkeypatch):
    """The saboteur: Django's own hash knows the password only."""
    monkeypatch.setattr(Person, "get_session_auth_hash", AbstractBaseUser.get_session_auth_hash)
    client = signed_in(ana)
    actions.change_roles(ana.pk, roles=[Role.ANALYST], by=femke.actor)
    assert is_in(client)
