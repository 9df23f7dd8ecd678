"""Confirmed in one process, seen in the other within a second; withdrawn or doubted, gone at the next question."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import cast
from tests.indicators.stories import active, passport, pdq, sha256
from tutela.indicators import actions
from tutela.indicators.models import Indicator

pytestmark = pytest.mark.usefixtures("fresh_database")

Ask = Callable[[Indicator], bool]


@contextmanager
def another(*sabotage: str) -> Iterator[Ask]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.indicators.asking_process", *sabotage],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def knows(indicator: Indicator) -> bool:
        process.stdin.write(f"{indicator.kind} {bytes(indicator.value).hex()}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the other process has died"
        return str(indicator.pk) in answer.split()

    try:
        yield knows
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def within_a_second(knows: Ask, indicator: Indicator) -> bool:
    until = time.monotonic() + 1
    while time.monotonic() < until:
        if knows(indicator):
            return True
    return False


def test_what_one_process_does_the_other_knows():
    """Both kinds of memory, at once: n = 2 kinds x confirmed, withdrawn, doubted and doubted no more."""
    ana, boris = cast.ana().actor, cast.boris().actor
    loaded = [active(draw(), ana, boris) for draw in (pdq, sha256)]
    with another() as knows:
        assert [knows(one) for one in loaded] == [True, True]
        for draw in (pdq, sha256):
            fresh = actions.propose(draw(), passport=passport(), by=ana)
            assert not knows(fresh)
            actions.confirm(fresh, by=boris)
            assert within_a_second(knows, fresh)
            actions.give_opinion(fresh, verdict="negative", reason="text-1", by=boris)
            assert not knows(fresh)
            actions.give_opinion(fresh, verdict="positive", reason="text-1", by=boris)
            assert knows(fresh)
            actions.withdraw(fresh, reason="text-1", by=ana)
            assert not knows(fresh)
        for one in loaded:
            actions.withdraw(one, reason="text-1", by=ana)
            assert not knows(one)


def test_a_process_that_hears_nothing_misses_what_is_new_and_still_names_nothing_that_fell():
    """The saboteur: late at most with what is new, because the index only proposes."""
    ana, boris = cast.ana().actor, cast.boris().actor
    known, doubted = active(pdq(), ana, boris), active(pdq(), ana, boris)
    with another("deaf") as knows:
        assert knows(known)
        assert knows(doubted)
        fresh = active(pdq(), ana, boris)
        assert not within_a_second(knows, fresh)
        actions.withdraw(known, reason="text-1", by=ana)
        actions.give_opinion(doubted, verdict="negative", reason="text-1", by=boris)
        assert [knows(one) for one in (known, doubted)] == [False, False]


def test_a_process_that_does_not_ask_the_database_names_what_was_withdrawn():
    ana, boris = cast.ana().actor, cast.boris().actor
    known = active(pdq(), ana, boris)
    with another("deaf", "blind") as knows:
        assert knows(known)
        actions.withdraw(known, reason="text-1", by=ana)
        assert knows(known)
