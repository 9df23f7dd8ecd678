import json
from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from tests.cooperation.conftest import policy
from tutela.accounts.policy import HOUSE, Actor
from tutela.law.dates import today
from tutela.reports import actions as reports
from tutela.reports.models import Report
from tutela.statistics import actions as statistics
from tutela.strategy import actions as strategy
from tutela.strategy.models import PriorityAction


@pytest.fixture
def reader() -> Client:
    """Anyone at all, with nothing in hand."""
    return Client()


@pytest.fixture
def sent() -> tuple[Report, str]:
    return send()


def send() -> tuple[Report, str]:
    """A report as its sender knows it: the number and the address in its receipt."""
    sender = cast.credential(cast.organisation("provider")).credential.actor()
    message = cast.report()
    received = reports.receive(message, raw=cast.raw(message), by=sender, channel="api")
    receipt = json.loads(received.receipt)
    return Report.objects.get(pk=receipt["body"]["report"]), receipt["body"]["follow"]


def plan(country: str, by: Actor | None = None, **more: object) -> PriorityAction:
    """An action that is three days late, unless told otherwise."""
    facts = {
        "initiative": 1,
        "country": country,
        "what": "text-1",
        "owner": "Ministry Example",
        "decided_on": today() - timedelta(days=30),
        "due": today() - timedelta(days=3),
    }
    return strategy.plan(**facts | more, by=by or policy("Radu", country).actor)


def tick() -> None:
    """What the jobs do every minute."""
    statistics.refresh(by=HOUSE)
    strategy.keep_gaps(by=HOUSE)
