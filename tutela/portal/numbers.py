from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from tutela.portal.answers import page
from tutela.statistics.models import published
from tutela.statistics.rules import WITHHELD

T = TypeVar("T")


def read_or_none(read: Callable[[], T]) -> T | None:
    """None when the database is away: the emergency number stands on the same page and must still be shown."""
    try:
        return read()
    except (OperationalError, InterfaceError):
        connections.close_all()
        return None


def numbers(request: HttpRequest) -> HttpResponse:
    return page(request, "numbers", {"figures": published(), "withheld": WITHHELD})
