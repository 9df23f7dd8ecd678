"""Who plans what by when, what shows late, and which practice is printed."""

from datetime import date, timedelta

import pytest

from tests import cast
from tests.cast import Member
from tutela.accounts.policy import HOUSE, NotYours, Role
from tutela.audit.models import Leaf
from tutela.cooperation.rules import Refused, Standing
from tutela.law.dates import today
from tutela.law.instruments import provision
from tutela.law.records import BadRecord, parse
from tutela.strategy import actions
from tutela.strategy.models import BestPractice, PriorityAction, practices
from tutela.strategy.practices import read_practices, shipped
from tutela.strategy.rules import STATISTICS, statistics_due

pytestmark = pytest.mark.django_db
TODAY = today()
DAY = timedelta(days=1)
PLAN = {
    "initiative": 1,
    "country": "RO",
    "what": "text-1",
    "owner": "Ministry Example",
    "due": TODAY - 10 * DAY,
    "decided_on": TODAY - 40 * DAY,
}
PRACTICE = {
    "name": "Programme Example",
    "what": "text-1",
    "state": "RO",
    "about": "dir-2011-93:art-22",
    "source_url": "https://p.example",
    "checked_on": TODAY,
    "certainty": "verified",
}


def policy(country: str) -> Member:
    return cast.person("Petra", Role.POLICY_OFFICER, cast.organisation("policy_body", country=country))


def late(on: date) -> list[PriorityAction]:
    return list(PriorityAction.objects.late(on))


def test_an_action_shows_late_from_the_day_after_its_day():
    action = actions.plan(**PLAN, by=policy("RO").actor)
    due = PLAN["due"]
    assert [action.standing(on) for on in (due, due + DAY)] == [Standing.OPEN, Standing.LATE]
    assert (action.days_late(TODAY), late(due), late(TODAY)) == (10, [], [action])


def test_a_late_action_that_is_done_says_that_it_came_after_its_day():
    radu = policy("RO")
    action = actions.plan(**PLAN, by=radu.actor)
    action = actions.finish(action.pk, on=TODAY, evidence_url="https://e.example", by=radu.actor)
    assert (action.standing(TODAY), action.days_late(TODAY)) == (Standing.DONE_AFTER_ITS_DAY, 0)
    assert late(TODAY) == []
    with pytest.raises(Refused, match="One cannot finish what is done; open here: reopen"):
        actions.finish(action.pk, on=TODAY, evidence_url="https://e.example", by=radu.actor)
    assert actions.reopen(action.pk, by=radu.actor).standing(TODAY) is Standing.LATE


def test_each_step_leaves_a_leaf():
    radu = policy("RO")
    action = actions.plan(**PLAN, by=radu.actor)
    actions.drop(action.pk, reason="text-2", by=radu.actor)
    actions.reopen(action.pk, by=radu.actor)
    leaves = Leaf.objects.filter(subject=f"priorityaction:{action.pk}").order_by("pk")
    assert [each.action for each in leaves] == [f"priorityaction.{what}" for what in ("planned", "dropped", "reopened")]
    assert b"text-2" in bytes(leaves[2].content)


def test_an_open_action_changes_hands_and_day_and_what_it_said_stays_on_record():
    radu = policy("RO")
    action = actions.plan(**PLAN, by=radu.actor)
    new = {"what": "text-1", "owner": "Office Example", "due": TODAY + DAY}
    changed = actions.change(action.pk, **new, by=radu.actor)
    assert (changed.owner, changed.standing(TODAY)) == ("Office Example", Standing.OPEN)
    leaf = bytes(Leaf.objects.get(action="priorityaction.changed").content)
    assert b"Ministry Example" in leaf and PLAN["due"].isoformat().encode() in leaf and b"what_was" not in leaf
    for wrong, said in (
        (new, "Nothing is different"),
        (new | {"due": PLAN["decided_on"] - DAY}, "before it was decided"),
        (new | {"owner": " "}, "Write the owner"),
    ):
        with pytest.raises(Refused, match=said):
            actions.change(action.pk, **wrong, by=radu.actor)
    for somebody in (policy("DK"), policy("RO"), cast.stranger()):
        with pytest.raises(NotYours):
            actions.change(action.pk, **new | {"owner": "x"}, by=somebody.actor)
    actions.drop(action.pk, reason="text-2", by=radu.actor)
    with pytest.raises(Refused, match="open it again before you change it"):
        actions.change(action.pk, **new | {"owner": "x"}, by=radu.actor)
    assert PriorityAction.objects.get().owner == "Office Example"


def test_a_body_plans_for_its_own_state_and_the_stranger_for_none():
    radu = policy("RO")
    action = actions.plan(**PLAN, by=radu.actor)
    for somebody in (policy("DK"), policy("EU"), policy(""), cast.stranger(), cast.ana()):
        with pytest.raises(NotYours):
            actions.plan(**PLAN, by=somebody.actor)
        with pytest.raises(NotYours):
            actions.drop(action.pk, reason="text-1", by=somebody.actor)
    with pytest.raises(NotYours):
        actions.drop(action.pk + 999, reason="text-1", by=radu.actor)
    with pytest.raises(Refused, match="An organisation must say this"):
        actions.plan(**PLAN, by=HOUSE)
    assert PriorityAction.objects.get().state == "open"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"initiative": 9}, "eight initiatives"),
        ({"due": TODAY - 41 * DAY}, "before it was decided"),
        ({"decided_on": TODAY + DAY, "due": TODAY + 2 * DAY}, "lies in the future"),
        ({"owner": ""}, "Write the owner"),
        ({"what": "x" * 2001}, "1 to 2,000 characters"),
        ({"gap": "nothing"}, "as the list prints it"),
        ({"gap": "negative_finding/DK/dir-2011-93:art-22"}, "This gap is DK's"),
    ],
)
def test_a_bad_plan_is_refused_with_what_to_change(change, said):
    with pytest.raises(Refused, match=said):
        actions.plan(**PLAN | change, by=policy("RO").actor)
    assert PriorityAction.objects.count() == 0


def test_nothing_is_done_before_it_was_decided_or_without_evidence():
    radu = policy("RO")
    action = actions.plan(**PLAN, by=radu.actor)
    for on, url, said in (
        (TODAY - 50 * DAY, "https://e.example", "before it was decided"),
        (TODAY + DAY, "https://e.example", "in the future"),
        (TODAY, "", "Name the evidence"),
    ):
        with pytest.raises(Refused, match=said):
            actions.finish(action.pk, on=on, evidence_url=url, by=radu.actor)


def test_a_practice_is_printed_once_it_is_verified():
    radu, stranger = policy("RO"), cast.stranger()
    noted = actions.note_practice(**PRACTICE | {"certainty": "memory"}, by=radu.actor)
    assert [noted.practice() in practices(by) for by in (None, stranger.actor, radu.actor)] == [False, False, True]
    shown = actions.note_practice(**PRACTICE | {"name": "Another"}, by=radu.actor)
    assert shown.practice() in practices()
    with pytest.raises(NotYours):
        actions.note_practice(**PRACTICE, by=stranger.actor)


@pytest.mark.parametrize(
    "change",
    [
        {"about": "dir-2011-93:art-999"},
        {"about": "capability:22"},
        {"about": "capability:٤"},
        {"about": "capability:04"},
        {"about": "reg-2016-679:art-6-1"},
        {"state": "EU"},
        {"gap_kind": "other"},
    ],
)
def test_a_practice_that_answers_nothing_known_is_refused(change):
    with pytest.raises(Refused):
        actions.note_practice(**PRACTICE | change, by=policy("RO").actor)
    assert BestPractice.objects.count() == 0


def test_the_practices_that_ship_answer_provisions_that_exist():
    everything = shipped(include_unverified=True)
    assert (len(shipped()), len(everything)) == (3, 4)
    assert all(provision(each.about) for each in everything)
    with pytest.raises(BadRecord, match="EU code of a Member State"):
        read_practices(
            parse(
                "practices.toml",
                "checked_on = 2026-11-23\n[[practice]]\nid = 'x'\nname = 'x'\nwhat = 'x'\nstate = 'UK'\n"
                "about = 'dir-2011-93:art-22'\nsource_url = 'https://x.example'\ncertainty = 'verified'",
            )
        )


def test_statistics_are_due_as_long_as_the_regulation_applied():
    assert statistics_due(date(2022, 8, 2)) == ()
    assert statistics_due(date(2022, 8, 3)) == (date(2022, 8, 3),)
    assert [each.year for each in statistics_due(date(2030, 1, 1))] == [2022, 2023, 2024, 2025]


@pytest.mark.parametrize(
    "change", [{"year": 2026}, {"year": 2021}, {"provision": "reg-2026-1881:statistics"}, {"state": "EU"}]
)
def test_a_statistic_that_nobody_owed_is_refused(change):
    asked = {"state": "RO", "provision": STATISTICS[0], "year": 2024, "source_url": "https://s.example"} | change
    with pytest.raises(Refused):
        actions.look_for_statistic(**asked, by=policy("RO").actor)
