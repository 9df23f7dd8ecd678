"""One poison row must not stop those behind it: it is set aside, counted, and tried again after a while."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from django.db import transaction

Thing = TypeVar("Thing")
AGAIN_AFTER: Final = timedelta(minutes=5)


def apart(
    things: Sequence[Thing], work: Callable[[Sequence[Thing]], object], *, aside: Callable[[Thing, str], object]
) -> None:
    """All in one go; where that fails, each by itself. Nothing is left of a try that failed.

    `aside` is told which one failed and the error's kind alone: what it says may hold what the row says. Where the
    database itself is away it cannot write that down, and the error goes on to the caller.
    """
    if not things:
        return
    try:
        with transaction.atomic():
            work(things)
    except Exception as error:
        if len(things) == 1:
            aside(things[0], type(error).__name__)
            return
        for thing in things:
            apart([thing], work, aside=aside)
