"""Two scores that are never mixed: this is the one that says who cannot wait."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.cases.urgency import HARD, LEAST, MOST, POINTS, Matched, Urgency, of_case, urgency
from tutela.reports.signals import SIGNALS

signals = st.lists(st.sampled_from(sorted(SIGNALS)), unique=True)
matched = st.builds(Matched, exact=st.integers(0, 3), perceptual=st.integers(0, 3))
urgencies = st.builds(
    urgency, signals, matched=matched, items=st.integers(0, 5), days_before_report=st.integers(0, 4000)
)


def plain(*names: str, exact: int = 0, items: int = 0, days: int = 100) -> Urgency:
    return urgency(names, matched=Matched(exact=exact), items=items, days_before_report=days)


@given(urgencies)
def test_anyone_can_recompute_the_points_from_the_reasons(found: Urgency) -> None:
    assert found.points == sum(reason.points for reason in found.reasons)
    assert LEAST <= found.points <= MOST
    assert all(reason.sentence.endswith(".") for reason in found.reasons)


@given(st.lists(urgencies, min_size=1, max_size=6))
def test_a_case_adds_up_too_and_loses_no_hard_rule(found: list[Urgency]) -> None:
    whole = of_case(found)
    assert whole.points == sum(reason.points for reason in whole.reasons)
    assert set(whole.hard) == {name for each in found for name in each.hard}
    assert LEAST <= whole.points <= MOST


@pytest.mark.parametrize("danger", sorted(HARD))
def test_no_sum_buries_a_child_in_danger(danger: str) -> None:
    buried = plain(danger, "viral", "informational", "generated_only", "minor_to_minor", exact=1, items=1, days=4000)
    assert buried.hard == (danger,)


@pytest.mark.parametrize("lower", ["viral", "informational", "generated_only", "minor_to_minor"])
def test_what_is_less_urgent_lowers_the_points(lower: str) -> None:
    assert plain("sextortion", lower).points < plain("sextortion").points


def test_what_only_circulates_again_stands_below_what_nobody_has_seen_before() -> None:
    assert plain("known_item", exact=1, items=1).points < plain(items=1).points


def test_a_known_item_with_a_child_who_can_be_reached_is_not_lowered_for_being_known() -> None:
    names = {reason.name for reason in plain("child_reachable", exact=1, items=1).reasons}
    assert "known_item" not in names


@pytest.mark.parametrize("quiet", [(), ("generated_only",), ("informational", "viral")])
def test_nothing_that_was_reported_is_worth_nothing(quiet: tuple[str, ...]) -> None:
    assert plain(*quiet, exact=1, items=1, days=4000).points >= 1


def test_a_fresh_incident_comes_before_an_old_one() -> None:
    ages = [plain("solicitation", days=days).points for days in (0, 2, 3, 14, 15, 365, 366)]
    assert ages == sorted(ages, reverse=True)
    assert len(set(ages)) == 4


def test_completeness_is_no_part_of_it() -> None:
    assert set(inspect.signature(urgency).parameters) == {"signals", "matched", "items", "days_before_report"}


def test_every_signal_a_report_can_carry_is_scored() -> None:
    """A new signal that nobody scores fails here."""
    assert set(SIGNALS) <= {reason.name for reason in POINTS}
    assert set(HARD) <= set(SIGNALS)


def test_reports_of_the_same_add_a_little_and_no_more_than_that() -> None:
    one = plain("solicitation")
    points = [of_case([one] * n).points - one.points for n in (1, 2, 3, 4, 5, 50)]
    assert points == [0, 5, 10, 15, 15, 15]
