"""Signing in as somebody invented: in a demonstration only, as invented people only."""

import pytest

from tests import cast
from tutela.accounts.policy import Role

pytestmark = pytest.mark.django_db


def test_outside_a_demonstration_there_is_no_such_page(client, settings):
    settings.DEMO = False
    ana = cast.ana(cast.organisation("hotline", invented=True))
    assert client.get("/demo/").status_code == 404
    assert client.post(f"/demo/{ana.person.public_id}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_each_role_has_a_button_and_leads_into_the_console(client, settings):
    settings.DEMO = True
    ana = cast.ana(cast.organisation("hotline", invented=True))
    page = client.get("/demo/?next=/console/queue/").content.decode()
    assert "Sign in as Ana" in page
    answer = client.post(f"/demo/{ana.person.public_id}/", {"next": "/console/queue/"})
    assert (answer.status_code, answer.url) == (302, "/console/queue/")
    assert client.get("/console/queue/").status_code == 200


def test_nobody_real_can_be_signed_in_as(client, settings):
    settings.DEMO = True
    real = cast.person("Real", Role.ANALYST, cast.organisation("hotline"))
    assert "Real" not in client.get("/demo/").content.decode()
    assert client.post(f"/demo/{real.person.public_id}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_way_on_stays_in_the_house(client, settings):
    settings.DEMO = True
    ana = cast.ana(cast.organisation("hotline", invented=True))
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        assert client.post(f"/demo/{ana.person.public_id}/", {"next": elsewhere}).url == "/console/"
