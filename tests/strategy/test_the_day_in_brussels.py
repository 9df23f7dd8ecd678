"""At 23:30 UTC it is tomorrow in Brussels: none of the law's rooms says of that day that it lies in the future."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from tests.compliance import stories
from tests.cooperation.conftest import policy
from tutela.accounts.policy import HOUSE
from tutela.compliance import actions as compliance
from tutela.compliance import tables
from tutela.compliance.models import Batch
from tutela.compliance.rules import Verdict
from tutela.cooperation import actions as cooperation
from tutela.law.dates import today
from tutela.strategy import actions as strategy
from tutela.strategy import kept
from tutela.strategy.models import Delivery
from tutela.strategy.rules import STATISTICS

pytestmark = pytest.mark.django_db
LATE_IN_THE_EVENING = "2026-11-25T23:30:00Z"
IN_BRUSSELS, AFTER = date(2026, 11, 26), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(LATE_IN_THE_EVENING, tick=False):
        yield


def find(on: date) -> object:
    said: dict[str, Any] = {"reason": "text-1", "source_url": "https://s.example", "certainty": "verified"}
    petra = stories.policy_officer().actor
    return compliance.record_finding(
        provision=stories.ARTICLE, state="RO", verdict=Verdict.NOT, on=on, by=petra, **said
    )


def tell_of_article_25(on: date) -> object:
    return compliance.record_article_measure(
        aspect="blocking",
        state="RO",
        answer="no",
        how="text-1",
        source_url="https://s.example",
        on=on,
        certainty="verified",
        by=stories.policy_officer().actor,
    )


def take_over(on: date) -> object:
    return stories.import_nim(stories.binding(1, notified=on.isoformat()), by=stories.policy_officer().actor)


def prove(on: date) -> object:
    return stories.evidence(stories.engineer(), "C01", on=on)


def meet(on: date) -> object:
    return cooperation.record_meeting(
        held_on=on, title="text-1", source_url="https://s.example", by=policy("Petra", "EU").actor
    )


def promise(on: date) -> object:
    return cooperation.record_commitment(
        what="text-1", made_on=on, source_url="https://s.example", company="Company Example", by=policy("P", "EU").actor
    )


def assess(on: date) -> object:
    phases = [cooperation.Phase(number=4, phase=1, why="text-1")]
    return cooperation.assess(state="RO", as_of=on, phases=phases, by=policy("Radu", "RO").actor)


def plan(on: date) -> object:
    return strategy.plan(
        initiative=1, country="RO", what="text-1", owner="text-2", due=AFTER, decided_on=on, by=policy("R", "RO").actor
    )


def note(on: date) -> object:
    return strategy.note_practice(
        name="text-1",
        what="text-2",
        state="RO",
        about=stories.ARTICLE,
        source_url="https://s.example",
        checked_on=on,
        certainty="verified",
        by=policy("Radu", "RO").actor,
    )


def look(on: date) -> object:
    return strategy.look_for_statistic(
        state="RO",
        provision=STATISTICS[0],
        year=2024,
        source_url="https://s.example",
        delivered_on=on,
        by=policy("Radu", "RO").actor,
    )


EACH = [find, tell_of_article_25, take_over, prove, meet, promise, assess, plan, note, look]


@pytest.mark.parametrize("act", EACH, ids=lambda each: each.__name__)
def test_the_day_in_brussels_has_come_and_the_one_after_has_not(act: Callable[[date], object]) -> None:
    assert today() == IN_BRUSSELS
    with pytest.raises(ValueError, match=r"future|after today|lies between|has come"):
        act(AFTER)
    act(IN_BRUSSELS)


def test_a_statistic_that_is_looked_for_now_was_looked_for_on_that_day() -> None:
    look(IN_BRUSSELS)
    assert Delivery.objects.get().looked_on == IN_BRUSSELS


def test_what_is_computed_now_is_of_that_day() -> None:
    strategy.keep_gaps(by=HOUSE)
    assert kept.newest().found.on == IN_BRUSSELS


def test_a_list_that_was_taken_over_now_was_taken_over_on_that_day() -> None:
    facts = {"source": "https://s.example", "name": "nim.json", "sha256": bytes(32), "imported_by": "house:jobs"}
    Batch.objects.create(kind=Batch.Kind.NIM, rows=1, imported_at=datetime.now(UTC), **facts)
    assert tables.matrix().standings["RO"].imported_on == IN_BRUSSELS
