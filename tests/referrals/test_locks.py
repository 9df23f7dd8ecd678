"""Who locks what, and in which order: two orders would let two acts wait for each other for ever."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cast import Member
from tests.referrals.stories import chiara, confirmed, handed, outcome
from tutela.referrals import actions
from tutela.referrals.models import Referral

pytestmark = pytest.mark.usefixtures("desk")
ACTS: dict[str, Callable[[Referral, Member], object]] = {
    "acknowledge": lambda given, boss: actions.acknowledge(given.number, by=boss.actor),
    "answer": lambda given, boss: actions.answer(given.number, outcome("wrong_delete"), by=boss.actor),
    "hand over": lambda given, boss: actions.hand_over(given.case_id, by=cast.ana().actor),
}


def locked(act: Callable[[], object]) -> list[str]:
    """The tables whose rows an act locks, in order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    locking = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    return [sql.split(' FROM "')[1].split('"')[0] for sql in locking]


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_case_is_locked_before_its_referrals(name: str) -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    order = locked(lambda: ACTS[name](given, boss))
    assert order.index("cases_case") < order.index("referrals_referral")


def test_what_is_carried_outside_locks_in_the_same_order() -> None:
    (kept,) = handed(confirmed("FR"))
    order = locked(lambda: actions.give_outside(kept.number, by=cast.ana().actor))
    assert order[:2] == ["cases_case", "referrals_referral"]


def test_handing_over_locks_the_case_then_its_reports_before_it_opens_them() -> None:
    """Otherwise erasing could take the words away between the opening and the sealing."""
    chiara("FR")
    case = confirmed("FR")
    order = locked(lambda: actions.hand_over(case.number, by=cast.ana().actor))
    assert order[:2] == ["cases_case", "reports_report"]
