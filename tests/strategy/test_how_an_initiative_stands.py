from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.law.dates import parse_when
from tutela.law.sources import Certainty, Source
from tutela.law.strategy import Due, Initiative, KeyAction, Step, strategy
from tutela.strategy.rules import DueState, State, dated, is_over, standing, standings

DAY = date(2026, 11, 23)
READ = Source(source_url="https://law.example/", checked_on=DAY, certainty=Certainty.VERIFIED)
REMEMBERED = Source(source_url="", checked_on=DAY, certainty=Certainty.MEMORY)
days = st.dates(date(2010, 1, 1), date(2035, 1, 1))


def step(on: str | date, text: str = "text-1") -> Step:
    return Step(on=parse_when(on), text=text, source=READ)


def due(on: date, done_on: str | date | None = None, source: Source = READ) -> Due:
    return Due(on=on, what="text-2", done_on=parse_when(done_on) if done_on else None, sentence="text-3", source=source)


def initiative(*, steps: tuple[Step, ...] = (), dues: tuple[Due, ...] = ()) -> Initiative:
    action = KeyAction(text="text-4", source=READ)
    return Initiative(number=1, name="n", promise="p", key_action=action, steps=steps, dues=dues, source=READ)


def test_eight_initiatives_stand_in_the_order_of_the_strategy():
    assert [each.initiative.number for each in standings(DAY)] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_last_step_is_the_last_one_that_had_happened_by_that_day():
    told = initiative(steps=(step("2019"), step(date(2024, 5, 1)), step(date(2027, 1, 1))))
    assert str(standing(told, DAY).last_step.on) == "2024-05-01"
    assert str(standing(told, date(2020, 1, 1)).last_step.on) == "2019"
    assert standing(told, date(2018, 12, 31)).last_step is None


def test_a_step_of_an_unknown_day_is_never_made_older_than_it_may_be():
    told = initiative(steps=(step("2026-11"),))
    assert standing(told, DAY).days_since_last_step == 0
    assert standing(told, date(2026, 12, 10)).days_since_last_step == 10


@pytest.mark.parametrize(
    ("due_date", "on", "state", "days_late"),
    [
        (due(date(2026, 11, 22)), DAY, DueState.LATE, 1),
        (due(DAY), DAY, DueState.AHEAD, 0),
        (due(date(2026, 11, 22), date(2026, 11, 20)), DAY, DueState.DONE, 0),
        (due(date(2026, 11, 1), date(2026, 11, 20)), DAY, DueState.DONE_AFTER_ITS_DAY, 0),
        (due(date(2026, 11, 1), date(2026, 11, 20)), date(2026, 11, 10), DueState.LATE, 9),
        (due(date(2027, 11, 1), date(2027, 10, 1)), DAY, DueState.AHEAD, 0),
    ],
)
def test_a_due_date_is_ahead_then_late_then_done(due_date, on, state, days_late):
    assert (dated(due_date, on).state, dated(due_date, on).days_late) == (state, days_late)


def test_without_a_due_date_nothing_is_called_late_nor_on_time():
    assert standing(initiative(), DAY).state is State.NO_DUE_DATE


def test_what_is_only_remembered_makes_nobody_late():
    late = initiative(dues=(due(date(2020, 1, 1)),))
    assert standing(late, DAY).state is State.LATE
    remembered = initiative(dues=(due(date(2020, 1, 1), source=REMEMBERED),))
    assert standing(remembered, DAY).state is State.NO_DUE_DATE


def test_the_strategy_is_over_from_the_day_after_its_period():
    ends = strategy().period_ends
    assert not is_over(ends)
    assert is_over(ends + timedelta(days=1))


@given(st.integers(0, 7), days, days)
def test_an_earlier_day_never_knows_more_steps(which, one, other):
    earlier, later = sorted((one, other))
    before, after = standings(earlier)[which], standings(later)[which]
    assert after.steps[: len(before.steps)] == before.steps


@given(days)
def test_late_is_exactly_what_was_due_before_that_day_and_is_not_done(on):
    for each in standings(on):
        for one in each.dues:
            is_done = one.due.done_on is not None and one.due.done_on.first <= on
            assert (one in each.late) == (one.due.on < on and not is_done)
            assert (one.days_late > 0) == (one in each.late)
