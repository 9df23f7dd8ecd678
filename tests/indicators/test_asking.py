"""The day's limit is one for the organisation, also where its machines ask at the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests import cast
from tutela.accounts.policy import Actor, NotYours, Role
from tutela.audit.models import Leaf
from tutela.exchange.matching import Asked, Question
from tutela.indicators.actions import AskedEnough, ask, asking

pytestmark = pytest.mark.usefixtures("fresh_database")
AT_ONCE, LIMIT = 8, 5


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Actor:
    """All who ask stand before the meter before the first of them reads it."""
    monkeypatch.setattr(asking, "MOST_A_DAY", LIMIT)
    met, lock = threading.Barrier(AT_ONCE), asking._lock_meter

    def together(by: Actor) -> None:
        met.wait(20)
        lock(by)

    monkeypatch.setattr(asking, "_lock_meter", together)
    return cast.credential(cast.organisation("provider"), role=Role.PROVIDER_MATCHER).credential.actor()


def answered(machine: Actor) -> int:
    def once(number: int) -> bool:
        try:
            ask(Question(hashes=[Asked(kind="sha256", value=f"{number + 1:064x}")]), by=machine)
        except AskedEnough:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(once, range(AT_ONCE)))


def test_of_eight_at_the_same_moment_five_are_answered_where_five_are_left(machine: Actor) -> None:
    assert answered(machine) == LIMIT
    assert Leaf.objects.filter(action="indicators.asked").count() == LIMIT


def test_without_the_lock_the_limit_is_passed(machine: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    met, record = threading.Barrier(AT_ONCE), asking.audit.record

    def slowly(*said: object, **more: object) -> None:
        time.sleep(0.2)
        record(*said, **more)

    monkeypatch.setattr(asking, "_lock_meter", lambda by: met.wait(20))
    monkeypatch.setattr(asking.audit, "record", slowly)
    assert answered(machine) > LIMIT


def test_who_has_not_the_role_does_not_ask_whoever_she_is() -> None:
    question = Question(hashes=[Asked(kind="sha256", value="1" * 64)])
    for who in (cast.ana(), cast.officer(), cast.stranger()):
        with pytest.raises(NotYours):
            ask(question, by=who.actor)
