import json

import pytest
from django.test import Client

from tests import cast
from tutela.reports import actions as reports
from tutela.reports.models import Report


@pytest.fixture
def reader() -> Client:
    """Anyone at all, with nothing in hand."""
    return Client()


@pytest.fixture
def sent() -> tuple[Report, str]:
    """A report as its sender knows it: the number and the address in its receipt."""
    sender = cast.credential(cast.organisation("provider")).credential.actor()
    message = cast.report()
    received = reports.receive(message, raw=cast.raw(message), by=sender, channel="api")
    receipt = json.loads(received.receipt)
    return Report.objects.get(pk=receipt["body"]["report"]), receipt["body"]["follow"]
