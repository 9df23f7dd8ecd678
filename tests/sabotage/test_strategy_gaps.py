"""Somebody hides a gap, calls the unknown a nought, closes an action without evidence, opens private papers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tutela.accounts.policy import HOUSE, Role
from tutela.cooperation import actions as cooperation
from tutela.cooperation.actions import Phase
from tutela.law.dates import today
from tutela.strategy import actions, gaps, monitor
from tutela.strategy.models import BestPractice, Delivery, PriorityAction

TODAY = today()
ROWS = tuple(
    gaps.Assessed(record=f"assessment:{phase}#4", state="RO", number=4, phase=phase, as_of=TODAY)
    for phase in (1, 2, 3, 4)
)


def alarms(found: gaps.Found, records: gaps.Records) -> list[str]:
    """What must hold of every list of gaps, whatever it was computed from."""
    told = []
    if [each.records[0] for each in found.gaps] != [each.record for each in records.capabilities if each.phase < 3]:
        told.append("a gap is hidden or invented")
    if any(each.n == 0 or (each.n is None) != (each.gaps is None) or bool(each.why) != (each.n is None)
           for each in found.looks):  # fmt: skip
        told.append("something unknown is called a nought")
    if len(found.looks) != len(gaps.Kind):
        told.append("a kind is left out")
    return told


def _zero(kind, state, why):
    return gaps.Look(kind=kind, state=state, n=0, gaps=0)


BROKEN = {
    "nothing": None,
    "the phases that are low": ("LOW_PHASES", frozenset({1})),
    "what is not measured": ("_not_measured", _zero),
    "a part of the list": ("_statistics", lambda records, state: ([], [])),
}


@pytest.mark.parametrize(("broken", "n"), [(name, name != "nothing") for name in BROKEN])
def test_the_list_is_broken_and_the_alarm_sounds(broken, n, monkeypatch):
    if BROKEN[broken]:
        monkeypatch.setattr(gaps, *BROKEN[broken])
    records = gaps.Records(capabilities=ROWS)
    assert len(alarms(gaps.gaps(records, on=TODAY, states=["RO"]), records)) == n


def test_a_row_is_taken_out_of_the_list_and_the_alarm_sounds():
    records = gaps.Records(capabilities=ROWS)
    found = gaps.gaps(records, on=TODAY, states=["RO"])
    assert alarms(replace(found, gaps=found.gaps[1:]), records) == ["a gap is hidden or invented"]


@pytest.mark.parametrize("broken", [False, True])
def test_the_public_is_taken_for_the_house(db, monkeypatch, broken):
    radu = cast.person("Radu", Role.POLICY_OFFICER, cast.organisation("policy_body", country="RO"))
    cooperation.assess(state="RO", as_of=TODAY, phases=[Phase(number=4, phase=1, why="text-1")], by=radu.actor)
    if broken:
        seen = monitor._capabilities(HOUSE)
        monkeypatch.setattr(monitor, "_capabilities", lambda by: seen)
    public = monitor.found(on=TODAY, states=["RO"])
    leaked = [each.key for each in public.gaps if each.kind is gaps.Kind.CAPABILITY_LOW]
    assert len(leaked) == int(broken)


def test_the_rows_are_changed_behind_the_actions_and_the_database_refuses(db):
    radu = cast.person("Radu", Role.POLICY_OFFICER, cast.organisation("policy_body", country="RO"))
    action = actions.plan(
        initiative=1, country="RO", what="text-1", owner="Body Example", due=TODAY, decided_on=TODAY, by=radu.actor
    )
    for constraint, change in (
        ("priorityaction_closed_with_its_reason", {"state": "done"}),
        ("priorityaction_closed_with_its_reason", {"state": "dropped"}),
        ("priority_action_of_one_of_eight", {"initiative": 9}),
        ("priority_action_has_owner_and_day", {"owner": ""}),
        ("priority_action_has_owner_and_day", {"due": None}),
        ("priority_action_has_owner_and_day", {"due": TODAY - timedelta(days=1)}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            PriorityAction.objects.filter(pk=action.pk).update(**change)
    home = radu.person.organisation
    with pytest.raises(IntegrityError, match="best_practice_says"), transaction.atomic():
        BestPractice.objects.create(
            name="x", what="x", state="RO", about="a:b", source_url="https://x.example", checked_on=TODAY,
            certainty="sure", recorded_by=home,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="delivered_before_it_was_found"), transaction.atomic():
        Delivery.objects.create(
            state="RO", provision="a:b", year=2024, looked_on=TODAY, delivered_on=TODAY + timedelta(days=1),
            source_url="https://x.example", recorded_by=home,
        )  # fmt: skip


def test_the_audit_fails_and_nothing_was_planned(db, monkeypatch):
    def broken(*args: object, **more: object) -> None:
        raise OSError("the record cannot be written")

    radu = cast.person("Radu", Role.POLICY_OFFICER, cast.organisation("policy_body", country="RO"))
    monkeypatch.setattr("tutela.strategy.actions.audit.record", broken)
    with pytest.raises(OSError):
        actions.plan(
            initiative=1, country="RO", what="text-1", owner="Body", due=TODAY, decided_on=TODAY, by=radu.actor
        )
    assert PriorityAction.objects.count() == 0
