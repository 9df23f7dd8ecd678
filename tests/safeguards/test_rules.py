"""How long, and why; every limit names its provision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.law.instruments import provision
from tutela.safeguards.rules import OTHERS_HEARD_DAYS, Facts, HoldRefused, check_hold, erase_by, months_after

RECEIVED = date(2026, 11, 23)
FINISHED = Facts(state="finished", received_on=RECEIVED, changed_on=RECEIVED)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
facts = st.builds(
    Facts,
    state=st.sampled_from(["open", "finished", "retracted", "expired"]),
    received_on=days,
    changed_on=days,
    wrong_since=st.none() | days,
    others_may_need_it=st.booleans(),
)


def test_a_report_is_kept_twelve_months_from_identification_at_most() -> None:
    due = erase_by(FINISHED)
    assert (due.on, due.reason, due.provision) == (date(2027, 11, 23), "twelve_months", "reg-2021-1232:art-3-1-i")


@pytest.mark.parametrize("state", ["retracted", "expired"])
def test_what_was_withdrawn_or_never_finished_is_kept_thirty_days(state: str) -> None:
    due = erase_by(replace(FINISHED, state=state))
    assert (due.on, due.reason) == (date(2026, 12, 23), state)


def test_wrong_delete_is_due_on_the_day_it_was_said() -> None:
    due = erase_by(replace(FINISHED, wrong_since=date(2026, 12, 1)))
    assert (due.on, due.reason, due.provision) == (date(2026, 12, 1), "wrong_delete", "dir-2016-680:art-7-3")


def test_wrong_delete_waits_thirty_days_where_another_has_it_too() -> None:
    due = erase_by(replace(FINISHED, wrong_since=date(2026, 12, 1), others_may_need_it=True))
    assert (due.on, due.reason) == (date(2026, 12, 1) + timedelta(days=OTHERS_HEARD_DAYS), "wrong_delete")


def test_a_hold_moves_the_day_to_the_one_after_it_ends_and_says_so() -> None:
    due = erase_by(replace(FINISHED, held_until=date(2028, 1, 31)))
    assert (due.on, due.reason, due.provision) == (
        date(2028, 2, 1),
        "held, then twelve_months",
        "dir-2016-680:art-16-3",
    )
    assert "2028-01-31" in due.sentence


def test_a_hold_that_ends_before_the_limit_changes_nothing() -> None:
    assert erase_by(replace(FINISHED, held_until=date(2027, 11, 22))) == erase_by(FINISHED)


@given(facts)
def test_nothing_but_a_hold_makes_it_longer_than_twelve_months(told: Facts) -> None:
    due = erase_by(told)
    assert due.on <= months_after(told.received_on, 12)
    assert provision(due.provision).id == due.provision
    assert due.sentence.endswith(".")


@given(facts, days)
def test_a_hold_never_makes_it_shorter(told: Facts, until: date) -> None:
    assert erase_by(replace(told, held_until=until)).on == max(erase_by(told).on, until + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 23), -12, date(2025, 11, 23)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_end_where_the_calendar_ends(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize("until", [RECEIVED, RECEIVED - timedelta(days=1), date(2027, 11, 24)])
def test_a_hold_without_a_near_end_is_refused(until: date) -> None:
    with pytest.raises(HoldRefused, match="within 12 months"):
        check_hold(authority="authority:fr", until=until, on=RECEIVED)


def test_a_hold_for_nobody_is_refused() -> None:
    with pytest.raises(HoldRefused, match="name the authority"):
        check_hold(authority="", until=date(2027, 1, 1), on=RECEIVED)
