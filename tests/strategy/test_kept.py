"""Gaps as the job keeps them: what the monitor finds, when it was found, and nobody else's secrets."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests import cast
from tests.compliance import stories
from tests.cooperation.conftest import policy
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.compliance import actions as compliance
from tutela.compliance.rules import Verdict
from tutela.cooperation import actions as cooperation
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import today
from tutela.strategy import actions, kept, monitor
from tutela.strategy.gaps import Kind
from tutela.strategy.jobs import keep_gaps as job
from tutela.strategy.models import KeptGap, KeptLook, Reckoning

pytestmark = pytest.mark.django_db


def find_something() -> None:
    compliance.record_finding(
        provision=stories.ARTICLE,
        state="RO",
        verdict=Verdict.NOT,
        reason="text-1",
        source_url="https://source.example/1",
        on=stories.TODAY,
        certainty="verified",
        by=stories.policy_officer("RO").actor,
    )


def test_until_the_job_ran_nothing_is_claimed():
    assert kept.newest() is None


def test_what_is_kept_is_what_the_monitor_finds_and_not_one_gap_more_or_less():
    find_something()
    job()
    found = monitor.found(on=today())
    assert len(found.gaps) > 20
    assert kept.newest().is_same(found)
    assert KeptGap.objects.count() == len(found.gaps)


@pytest.mark.parametrize("initiative", [None, *range(1, 9)])
@pytest.mark.parametrize("states", [(), ("RO",), ("DK", "RO")])
def test_a_part_of_what_is_kept_is_what_the_monitor_finds_for_that_part(initiative, states):
    job()
    asked = monitor.found(on=today(), states=states or MEMBER_STATES, initiative=initiative)
    assert kept.newest().narrowed(states=states, initiative=initiative).is_same(asked)


def test_where_nothing_changed_only_the_time_moves():
    job()
    first = kept.newest()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False):
        job()
    assert kept.newest().as_of - first.as_of > timedelta(seconds=30)
    assert Reckoning.objects.count() == 1
    assert Leaf.objects.filter(action="reckoning.kept").count() == 1


def test_what_changed_is_kept_anew_and_the_one_before_stays_for_whoever_reads_it():
    job()
    before = Reckoning.objects.get()
    find_something()
    job()
    assert list(Reckoning.objects.all())[1] == before
    assert len(kept.of(before).found.gaps) + 1 == len(kept.newest().found.gaps)
    compliance.record_finding(
        provision=stories.ARTICLE,
        state="RO",
        verdict=Verdict.CONFORM,
        reason="text-2",
        source_url="https://source.example/2",
        on=stories.TODAY,
        certainty="verified",
        by=stories.policy_officer("RO").actor,
    )
    job()
    assert Reckoning.objects.count() == 2
    assert not Reckoning.objects.filter(pk=before.pk).exists()
    assert Leaf.objects.filter(action="reckoning.kept").count() == 3


def test_what_a_state_keeps_to_itself_is_never_kept_for_the_public():
    radu = policy("Radu", "RO")
    phases = [Phase(number=each.number, phase=1, why="text-2") for each in capabilities()]
    made = cooperation.assess(state="RO", as_of=stories.TODAY, phases=phases, by=radu.actor)
    job()
    assert not KeptGap.objects.filter(kind=Kind.CAPABILITY_LOW).exists()
    cooperation.publish(made.pk, by=radu.actor)
    job()
    assert KeptGap.objects.filter(kind=Kind.CAPABILITY_LOW, state="RO").count() == 21
    cooperation.make_private(made.pk, by=radu.actor)
    job()
    assert not KeptGap.objects.filter(kind=Kind.CAPABILITY_LOW, reckoning=Reckoning.objects.first()).exists()


def test_the_saboteur_whose_monitor_reads_private_papers_is_seen(monkeypatch):
    radu = policy("Radu", "RO")
    phases = [Phase(number=each.number, phase=1, why="text-2") for each in capabilities()]
    cooperation.assess(state="RO", as_of=stories.TODAY, phases=phases, by=radu.actor)
    asked = monitor.found
    monkeypatch.setattr(monitor, "found", lambda *, on: asked(on=on, by=HOUSE))
    job()
    assert KeptGap.objects.filter(kind=Kind.CAPABILITY_LOW).count() == 21


def test_the_stranger_cannot_make_the_house_compute():
    with pytest.raises(NotYours):
        actions.keep_gaps(by=cast.stranger().actor)
    assert not Reckoning.objects.exists()


@pytest.mark.parametrize("wrong", [{"n": None, "gaps": None, "why": ""}, {"n": 3, "gaps": 0, "why": "w"}, {"n": None}])
def test_the_database_refuses_a_nought_where_nobody_looked(wrong):
    reckoning = Reckoning.objects.create(computed_at=datetime.now(UTC), as_of=datetime.now(UTC))
    said = {"kind": Kind.STATISTIC, "state": "RO", "n": 1, "gaps": 0, "why": ""} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptLook.objects.create(reckoning=reckoning, **said)


def test_the_database_refuses_a_gap_that_no_record_causes():
    reckoning = Reckoning.objects.create(computed_at=datetime.now(UTC), as_of=datetime.now(UTC))
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptGap.objects.create(
            reckoning=reckoning, kind=Kind.STATISTIC, state="RO", initiative=2, sentence="text-1", records=[]
        )
