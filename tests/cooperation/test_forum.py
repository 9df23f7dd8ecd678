"""What the Forum decided, who carries it out by when, and who may write that down."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.cooperation.conftest import policy
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.cooperation import actions, rules
from tutela.cooperation.models import Decision, Meeting
from tutela.cooperation.rules import MOVES, Refused, Standing, State
from tutela.law.dates import today

TODAY = today()
DAY = timedelta(days=1)
HELD = TODAY - 100 * DAY
MEETING = {"held_on": HELD, "title": "Meeting Example", "source_url": "https://forum.example/1"}


@pytest.fixture
def meeting(petra) -> Meeting:
    return actions.record_meeting(**MEETING, by=petra.actor)


def decide(meeting, by, *, due=None) -> Decision:
    return actions.record_decision(meeting.pk, what="text-1", owner="Body Example", due=due, by=by.actor)


def test_a_decision_goes_late_and_is_carried_out(petra, meeting):
    decision = decide(meeting, petra, due=TODAY - DAY)
    assert (decision.standing(TODAY - DAY), decision.standing(TODAY)) == (Standing.OPEN, Standing.LATE)
    assert decision.days_late(TODAY) == 1
    assert [list(Decision.objects.late(on)) for on in (TODAY - DAY, TODAY)] == [[], [decision]]
    done = actions.finish_decision(decision.pk, on=TODAY, evidence_url="https://e.example", by=petra.actor)
    assert (done.standing(TODAY), done.days_late(TODAY)) == (Standing.DONE_AFTER_ITS_DAY, 0)
    assert actions.reopen_decision(decision.pk, by=petra.actor).standing(TODAY) is Standing.LATE
    assert actions.drop_decision(decision.pk, reason="text-2", by=petra.actor).standing(TODAY) is Standing.DROPPED
    leaves = Leaf.objects.filter(subject=f"decision:{decision.pk}").order_by("pk").values_list("action", flat=True)
    assert list(leaves) == [f"decision.{what}" for what in ("recorded", "finished", "reopened", "dropped")]


def test_what_was_never_due_is_never_late(petra, meeting):
    assert decide(meeting, petra).standing(TODAY + 9999 * DAY) is Standing.OPEN


def test_only_the_unions_own_policy_body_keeps_the_record(petra, radu, meeting):
    decision = decide(meeting, petra)
    for somebody in (radu, policy("Nobody", ""), cast.stranger(), cast.ana(), cast.officer()):
        by = somebody.actor
        with pytest.raises(NotYours):
            actions.record_meeting(**MEETING | {"title": "Another"}, by=by)
        with pytest.raises(NotYours):
            actions.record_decision(meeting.pk, what="text-1", owner="Body", by=by)
        with pytest.raises(NotYours):
            actions.finish_decision(decision.pk, on=TODAY, evidence_url="https://e.example", by=by)
        with pytest.raises(NotYours):
            actions.drop_decision(decision.pk, reason="text-1", by=by)
    assert (Meeting.objects.count(), Decision.objects.get().state) == (1, "open")


def test_what_does_not_exist_is_refused_as_what_is_not_ones_own(petra):
    with pytest.raises(NotYours):
        actions.record_decision(999_999, what="text-1", owner="Body", by=petra.actor)
    with pytest.raises(NotYours):
        actions.drop_decision(999_999, reason="text-1", by=petra.actor)
    with pytest.raises(Refused, match="An organisation must say this"):
        actions.record_meeting(**MEETING, by=HOUSE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held_on": TODAY + DAY}, "in the future"),
        ({"title": ""}, "Write the title"),
        ({"source_url": "javascript:x"}, "begins with https"),
        ({"title": "Meeting Example"}, "recorded already"),
    ],
)
def test_a_bad_meeting_is_refused(petra, meeting, change, said):
    with pytest.raises(Refused, match=said):
        actions.record_meeting(**MEETING | change, by=petra.actor)
    assert Meeting.objects.count() == 1


def test_nothing_is_due_or_done_before_the_meeting(petra, meeting):
    with pytest.raises(Refused, match="before it was decided"):
        decide(meeting, petra, due=HELD - DAY)
    decision = decide(meeting, petra)
    with pytest.raises(Refused):
        actions.finish_decision(decision.pk, on=HELD - DAY, evidence_url="https://e.example", by=petra.actor)
    with pytest.raises(Refused, match="Name the evidence"):
        actions.finish_decision(decision.pk, on=TODAY, evidence_url="", by=petra.actor)


@given(st.sampled_from(State), st.sampled_from(["finish", "drop", "reopen", "erase", ""]))
def test_what_is_not_in_the_table_of_moves_is_refused(state, move):
    if move in MOVES[state]:
        assert rules.check_move(state, move) is MOVES[state][move]
    else:
        with pytest.raises(Refused, match="open here"):
            rules.check_move(state, move)


days = st.dates(min_value=HELD, max_value=TODAY)


@given(st.sampled_from(State), st.none() | days, days, days)
def test_late_is_exactly_what_is_open_after_its_day(state, due, done_on, today):
    done = done_on if state is State.DONE else None
    stands = rules.standing(state, due=due, done_on=done, today=today)
    assert (stands is Standing.LATE) == (state is State.OPEN and due is not None and due < today)
    assert (rules.days_late(state, due=due, today=today) > 0) == (stands is Standing.LATE)
