"""What a door says while the database is away: 503, when to come again, and never a half-done thing."""

import pytest
from django.db import OperationalError
from django.test import Client

from tutela.config.middleware import DatabaseAway


def away(*_: object, **__: object) -> None:
    raise OperationalError("the server closed the connection")


@pytest.mark.django_db
def test_people_are_told_in_a_page_and_where_help_is(monkeypatch):
    monkeypatch.setattr("tutela.portal.front.published", away, raising=False)
    monkeypatch.setattr("tutela.portal.numbers.published", away, raising=False)
    answer = Client(raise_request_exception=False).get("/numbers")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "112" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_any_other_error_is_not_taken_for_an_outage(rf):
    assert DatabaseAway(lambda request: None).process_exception(rf.get("/"), ValueError("text-1")) is None
