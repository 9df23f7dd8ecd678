"""Whatever stands in an address or a form, the answer is a page, never a failure of the server."""

import pytest

from tests import cast
from tests.console.scenes import address, engineer, proposed, received, signed_in
from tests.console.test_policy_matrix import ROUTES
from tutela.accounts.policy import Role

pytestmark = pytest.mark.django_db
BAD = ["\x00", "a\x00b", "'; --", "%", "9" * 18, "9" * 30, "\ud7ff\U0010ffff", "-1", "x" * 5000, "0" * 63, "é" * 64]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_no_search_and_no_filter_fails(bad):
    received(engineer())
    client = signed_in(cast.ana().person)
    for name, asked in (
        ("reports", {"q": bad}),
        ("queue", {"state": bad, "country": bad, "kind": bad}),
        ("indicators", {"q": bad, "state": bad, "kind": bad}),
    ):
        assert client.get(address(name), asked).status_code == 200, name


def test_a_reason_that_no_database_can_hold_is_refused_in_words():
    ana = cast.ana()
    number = proposed(ana).pk
    client = signed_in(ana.person)
    assert client.post(address("indicator_withdraw", indicator=number), {"reason": "\x00"}).status_code == 409
    said = {"verdict": "seed", "reason": "text\x00-1"}
    assert client.post(address("indicator_opinion", indicator=number), said).status_code == 302


def test_a_number_no_database_can_hold_names_nothing():
    everybody = [cast.ana(), cast.officer(), engineer(), cast.person("Femke", Role.ADMINISTRATOR, cast.organisation())]
    everybody.append(cast.person("Petra", Role.POLICY_OFFICER, cast.organisation("policy_body", country="EU")))
    for member in everybody:
        client = signed_in(member.person)
        for name, route in ROUTES.items():
            if route.parameter:
                path = address(name, **{route.parameter: int("9" * 30)})
                assert getattr(client, route.method)(path, route.data).status_code == 404, (name, member.person.name)


def test_no_field_of_a_form_fails():
    client = signed_in(cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("hotline")).person)
    for bad in BAD:
        answer = client.post(address("people"), {"name": bad, "email": bad, "roles": [bad]})
        assert answer.status_code == 422
        assert client.post(address("credentials"), {"kind": bad}).status_code == 422
