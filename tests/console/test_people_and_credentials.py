"""People are added and machines let in by one's own organisation; a secret is seen once."""

import re

import pytest
from django.db import transaction

from tests import cast
from tests.console.scenes import added_by, address, engineer, signed_in
from tutela.accounts import actions as accounts
from tutela.accounts.actions import who_presents
from tutela.accounts.models import Credential, Person
from tutela.accounts.policy import HOUSE, Role

pytestmark = pytest.mark.django_db


def femke() -> cast.Member:
    return cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("hotline"))


def secret_in(page: str) -> str:
    return re.findall(r"<samp>([^<]+)</samp>", page)[-1]


def test_an_administrator_adds_a_person_who_can_then_sign_in():
    admin = femke()
    client = signed_in(admin.person)
    said = {"name": "Kim", "email": "Kim@staff.example", "roles": ["analyst"]}
    page = client.post(address("people"), said).content.decode()
    kim = Person.objects.get(email="kim@staff.example")
    assert kim.organisation == admin.person.organisation
    assert kim.check_password(secret_in(page))
    assert (kim.is_active, "waits for a second person" in page) == (False, True)
    assert secret_in(page) not in client.get(address("people")).content.decode()


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"name": ""}, {"roles": []}, {"roles": ["king"]}])
def test_a_wrong_field_is_named_and_nobody_is_added(wrong):
    client, before = signed_in(femke().person), Person.objects.count()
    said = {"name": "Kim", "email": "kim@staff.example", "roles": ["analyst"]} | wrong
    answer = client.post(address("people"), said)
    assert answer.status_code == 422
    assert 'class="fault"' in answer.content.decode()
    assert Person.objects.count() == before


def added_with(admin: cast.Member, email: str) -> tuple[int, str]:
    """The answer, and the list after it, without what differs each time."""
    client = signed_in(admin.person)
    with transaction.atomic():
        answer = client.post(address("people"), {"name": "Kim", "email": email, "roles": ["analyst"]})
        pages = answer.content.decode() + client.get(address("people")).content.decode()
        transaction.set_rollback(True)
    return answer.status_code, re.sub(r"<samp>[^<]+|value=\"[\w]{64}\"|/people/\d+/", "", pages)


def test_an_administrator_cannot_tell_whether_an_address_is_known_elsewhere():
    admin, email = femke(), "kim@staff.example"
    free = added_with(admin, email)
    accounts.add_person(
        name="Lea", email=email, organisation=cast.organisation(), roles=[], by=HOUSE, password="a long word 1!"
    )
    assert added_with(admin, email) == free
    assert free[0] == 200
    assert email in free[1]


def test_an_address_of_ones_own_list_is_refused_in_words():
    admin = femke()
    status, pages = added_with(admin, admin.person.email.upper())
    assert (status, "in your list already" in pages) == (422, True)


def test_the_list_shows_only_ones_own():
    ana, admin = cast.ana(), femke()
    page = signed_in(admin.person).get(address("people")).content.decode()
    assert admin.person.email in page
    assert ana.person.email not in page


def test_a_second_administrator_agrees_by_a_button():
    admin = femke()
    kim = added_by(admin)
    path = address("person_activate", person=kim.pk)
    refused = signed_in(admin.person).post(path)
    assert (refused.status_code, "must agree" in refused.content.decode()) == (409, True)
    officer = cast.person("Dimitri", Role.DATA_PROTECTION_OFFICER, admin.person.organisation)
    client = signed_in(officer.person)
    assert path in client.get(address("people")).content.decode()
    client.post(path)
    kim.refresh_from_db()
    assert (kim.is_active, kim.activated_by) == (True, f"person:{officer.person.public_id}")


def test_who_may_only_agree_is_offered_nothing_else():
    officer = cast.person("Dimitri", Role.DATA_PROTECTION_OFFICER, cast.organisation("hotline"))
    ana, client = cast.ana(officer.person.organisation), signed_in(officer.person)
    page = client.get(address("people")).content.decode()
    assert 'name="email"' not in page
    said = {"name": "Kim", "email": "kim@staff.example", "roles": ["analyst"]}
    assert client.post(address("people"), said).status_code == 404
    for name in ("person_roles", "person_password", "person_end"):
        path = address(name, person=ana.person.pk)
        assert path not in page
        assert client.post(path, {"roles": ["analyst"]}).status_code == 404


def test_an_administrator_changes_roles_gives_a_password_and_lets_go():
    admin = femke()
    ana, client = cast.ana(admin.person.organisation).person, signed_in(admin.person)
    client.post(address("person_roles", person=ana.pk), {"roles": ["data_protection_officer"]})
    ana.refresh_from_db()
    assert ana.roles == [Role.DATA_PROTECTION_OFFICER]
    shown = secret_in(client.post(address("person_password", person=ana.pk)).content.decode())
    ana.refresh_from_db()
    assert ana.check_password(shown)
    assert shown not in client.get(address("people")).content.decode()
    client.post(address("person_end", person=ana.pk))
    ana.refresh_from_db()
    assert ana.state == "ended"
    assert address("person_end", person=ana.pk) not in client.get(address("people")).content.decode()


@pytest.mark.parametrize("name", ["person_roles", "person_password", "person_end"])
def test_an_administrator_is_told_that_her_own_account_is_for_another(name):
    admin = femke()
    client = signed_in(admin.person)
    path = address(name, person=admin.person.pk)
    answer = client.post(path, {"roles": ["administrator"]})
    assert (answer.status_code, "your own" in answer.content.decode()) == (409, True)
    assert path not in client.get(address("people")).content.decode()


def test_a_credential_is_given_rotated_with_overlap_and_revoked():
    eva = engineer()
    client = signed_in(eva.person)
    first_page = client.post(address("credentials"), {"kind": "bearer"}).content.decode()
    first, first_secret = Credential.objects.get(), secret_in(first_page)
    assert who_presents("bearer", first.username, first_secret).organisation_id == eva.person.organisation_id
    second_page = client.post(address("rotate", credential=first.pk)).content.decode()
    second = Credential.objects.exclude(pk=first.pk).get()
    assert who_presents("bearer", first.username, first_secret)
    assert who_presents("bearer", second.username, secret_in(second_page))
    client.post(address("revoke", credential=first.pk))
    assert who_presents("bearer", first.username, first_secret) is None
    assert first_secret not in client.get(address("credentials")).content.decode()


def test_a_credential_that_ended_is_not_rotated_and_the_page_says_why():
    eva = engineer()
    old = cast.credential(eva.person.organisation).credential
    client = signed_in(eva.person)
    client.post(address("revoke", credential=old.pk))
    answer = client.post(address("rotate", credential=old.pk))
    assert (answer.status_code, Credential.objects.count()) == (409, 1)
    assert "has ended" in answer.content.decode()


def test_a_machine_gets_no_role_its_giver_does_not_have():
    eva = engineer()
    signed_in(eva.person).post(address("credentials"), {"kind": "basic", "roles": ["analyst"]})
    assert Credential.objects.get().roles == [Role.PROVIDER_ENGINEER]


def test_an_administrator_of_an_authority_is_told_why_no_secret_is_shown():
    admin = cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("national_authority"))
    theirs = cast.credential(admin.person.organisation, role=Role.AUTHORITY_OFFICER).credential
    client = signed_in(admin.person)
    for path, said in (
        (address("rotate", credential=theirs.pk), {}),
        (address("credentials"), {"kind": "bearer"}),
    ):
        answer = client.post(path, said)
        assert answer.status_code == 409
        assert "<samp>" not in answer.content.decode()
    assert Credential.objects.count() == 1
    client.post(address("revoke", credential=theirs.pk))
    theirs.refresh_from_db()
    assert theirs.revoked_at is not None


def test_an_administrator_of_a_provider_lets_a_machine_send():
    admin = cast.person("Adam", Role.ADMINISTRATOR, cast.organisation())
    signed_in(admin.person).post(address("credentials"), {"kind": "basic"})
    assert Credential.objects.get().roles == [Role.PROVIDER_ENGINEER]


def test_the_stranger_sees_and_turns_no_credential_of_others():
    given = cast.credential(cast.organisation()).credential
    client = signed_in(cast.stranger().person)
    assert given.username not in client.get(address("credentials")).content.decode()
    for name in ("rotate", "revoke"):
        assert client.post(address(name, credential=given.pk)).status_code == 404
    given.refresh_from_db()
    assert (given.revoked_at, given.expires_at) == (None, None)
