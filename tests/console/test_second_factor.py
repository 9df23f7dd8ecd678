"""A password alone opens nothing; what was shown in this very session counts, not what was set up since."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import cast
from tests.console.scenes import signed_in
from tutela.accounts.policy import Role

pytestmark = pytest.mark.django_db


def femke(*, invented: bool = False) -> cast.Member:
    return cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("hotline", invented=invented))


def authenticator(of: cast.Member, kind: str) -> None:
    Authenticator.objects.create(user=of.person, type=kind, data={})


def where(client: Client) -> str:
    answer = client.get("/console/people/")
    return "opened" if answer.status_code == 200 else answer.url.split("?")[0]


def test_who_has_no_second_factor_is_sent_to_set_one_up():
    assert where(signed_in(femke().person, second_factor=False)) == "/accounts/2fa/"


@pytest.mark.parametrize(
    ("kind", "step"),
    [("totp", "/accounts/2fa/reauthenticate/"), ("webauthn", "/accounts/2fa/webauthn/reauthenticate/")],
)
def test_a_password_session_older_than_the_second_factor_must_show_it(kind, step):
    member = femke()
    client = signed_in(member.person, second_factor=False)
    authenticator(member, kind)
    assert where(client) == step


def test_recovery_codes_alone_are_no_second_factor():
    member = femke()
    authenticator(member, "recovery_codes")
    assert where(signed_in(member.person, second_factor=False)) == "/accounts/2fa/"


def test_a_session_with_a_second_factor_is_let_in():
    assert where(signed_in(femke().person)) == "opened"


def test_another_persons_second_factor_in_the_same_session_does_not_count():
    client = signed_in(femke().person)
    other = femke()
    session = client.session
    kept = {key: value for key, value in session.items() if key.startswith("account_")}
    client.force_login(other.person)
    session = client.session
    session.update(kept)
    session.save()
    assert where(client) == "/accounts/2fa/"


def test_a_person_whose_account_was_closed_is_out_at_once():
    member = femke()
    client = signed_in(member.person)
    member.person.is_active = False
    member.person.save()
    assert where(client) == "/accounts/login/"


@pytest.mark.parametrize(
    ("demonstration", "invented", "gets"),
    [(True, True, "opened"), (True, False, "/accounts/2fa/"), (False, True, "/accounts/2fa/")],
)
def test_only_an_invented_person_of_a_demonstration_needs_none(demonstration, invented, gets, settings):
    settings.DEMO = demonstration
    assert where(signed_in(femke(invented=invented).person, second_factor=False)) == gets


def test_the_gate_is_what_refuses(monkeypatch):
    client = signed_in(femke().person, second_factor=False)
    monkeypatch.setattr("tutela.console.access.second_factor_step", lambda request: None)
    assert where(client) == "opened"


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert "signup" not in client.get("/accounts/login/").content.decode()
