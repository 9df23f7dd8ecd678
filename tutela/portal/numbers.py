from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from tutela.portal.answers import page
from tutela.statistics.models import Published, published
from tutela.statistics.rules import WITHHELD


def figures_or_none() -> Sequence[Published] | None:
    """None when the database is away: the emergency number stands on the same page and must still be shown."""
    try:
        return published()
    except (OperationalError, InterfaceError):
        connections.close_all()
        return None


def numbers(request: HttpRequest) -> HttpResponse:
    return page(request, "numbers", {"figures": published(), "withheld": WITHHELD})
