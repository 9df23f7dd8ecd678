"""Whoever takes a rule out of the database, or goes around the actions, is seen; each rule is shown to do the work."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests import cast
from tests.indicators.stories import active, passport, pdq, sha256
from tutela.indicators import actions
from tutela.indicators.models import Change, Event, Indicator, Tombstone
from tutela.indicators.rules import Refused, State


@pytest.fixture
def ana():
    return cast.ana()


@pytest.fixture
def boris():
    return cast.boris()


@pytest.fixture
def owner(fresh_database):
    """Somebody who may alter tables."""
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as session:
        yield session


def make_active_alone(indicator, person):
    """What a careless line of code, or a hand at the database, would do."""
    Indicator.objects.filter(pk=indicator.pk).update(
        state=State.ACTIVE, second_reader=person, second_organisation=person.organisation, second_at=indicator.first_at
    )


def test_one_person_twice_is_refused_by_the_database_and_only_by_its_rule(owner, ana):
    indicator = actions.propose(sha256(), passport=passport(), by=ana.actor)
    with pytest.raises(IntegrityError, match="indicator_two_different_readers"):
        make_active_alone(indicator, ana.person)
    owner.execute("ALTER TABLE indicators_indicator DROP CONSTRAINT indicator_two_different_readers")
    make_active_alone(indicator, ana.person)
    assert Indicator.objects.that_count().filter(pk=indicator.pk).exists()


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"state": "active"}, "indicator_active_was_read_twice"),
        ({"second_at": "2026-11-23T00:00Z"}, "indicator_second_reading_is_whole"),
        ({"tier": "C"}, "indicator_tier_b_was_read_twice"),
        ({"release_first_at": "2026-11-23T00:00Z"}, "indicator_release_first_is_whole"),
        ({"release_second_at": "2026-11-23T00:00Z"}, "indicator_release_second_is_whole"),
        ({"holds": ["text-1"]}, "indicator_held_is_released_by_two"),
        ({"state": "withdrawn"}, "indicator_withdrawal_is_whole"),
        ({"withdrawn_reason": "text-1"}, "indicator_withdrawal_is_whole"),
        ({"category": "anything"}, "indicator_category_is_closed"),
        ({"authority": ""}, "indicator_passport_is_whole"),
        ({"kind": "word"}, "indicator_kind_is_known"),
        ({"quality": 49}, "indicator_pdq_has_quality"),
        ({"quality": None}, "indicator_pdq_has_quality"),
    ],
)
def test_a_hand_at_the_database_meets_its_rules(ana, change, rule):
    indicator = actions.propose(pdq(), passport=passport(), by=ana.actor)
    with pytest.raises(IntegrityError, match=rule):
        Indicator.objects.filter(pk=indicator.pk).update(**change)


@pytest.mark.usefixtures("fresh_database")
def test_one_person_cannot_release_alone_nor_one_organisation_reach_the_upper_tier(ana, boris):
    held = actions.propose(pdq(110), passport=passport(), by=ana.actor)
    release = {f"release_{which}_{what}": value for which in ("first", "second") for what, value in
               (("reader", ana.person), ("at", held.first_at))}  # fmt: skip
    with pytest.raises(IntegrityError, match="indicator_two_different_releasers"):
        Indicator.objects.filter(pk=held.pk).update(**release, state=State.PROPOSED)
    colleague = cast.boris(ana.person.organisation)
    read = active(sha256(), ana.actor, colleague.actor)
    with pytest.raises(IntegrityError, match="indicator_tier_c_has_two_organisations"):
        Indicator.objects.filter(pk=read.pk).update(tier="C")


def test_a_tombstone_stops_every_path_and_only_its_trigger_does(owner, ana, boris):
    fingerprint = sha256()
    indicator = actions.withdraw(active(fingerprint, ana.actor, boris.actor), reason="text-1", by=ana.actor)
    revived = {"state": State.ACTIVE, "withdrawn_by": None, "withdrawn_at": None, "withdrawn_reason": None}
    paths = (
        lambda: actions.propose(fingerprint, passport=passport(), by=boris.actor),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(**revived),
        lambda: Indicator.objects.bulk_create([_copy(indicator)]),
    )
    for path in paths:
        with pytest.raises((Refused, IntegrityError), match="may not be added again"):
            path()
    owner.execute("DROP TRIGGER stays_withdrawn ON indicators_indicator")
    for path in paths:
        with transaction.atomic():
            path()
            transaction.set_rollback(True)


def _copy(indicator):
    other = Indicator.objects.get(pk=indicator.pk)
    other.pk, other.state = None, State.PROPOSED
    other.withdrawn_by = other.withdrawn_at = other.withdrawn_reason = None
    return other


def test_history_is_written_once_and_only_its_triggers_keep_it_so(owner, ana, boris):
    actions.withdraw(active(sha256(), ana.actor, boris.actor), reason="text-1", by=ana.actor)
    for model, column in ((Event, "why"), (Change, "what"), (Tombstone, "reason")):
        table = model._meta.db_table
        for sentence in (f"UPDATE {table} SET {column} = 'text-2'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(sentence)
        owner.execute(f"DROP TRIGGER append_only ON {table}")
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
        assert not model.objects.exists()


@pytest.mark.usefixtures("fresh_database")
def test_if_the_record_cannot_be_written_nothing_happened(ana, boris, monkeypatch):
    indicator = active(pdq(), ana.actor, boris.actor)

    def broken(*said, **more):
        raise DatabaseError("no room for a leaf")

    monkeypatch.setattr("tutela.indicators.actions.writing.audit.record", broken)
    with pytest.raises(DatabaseError):
        actions.withdraw(indicator, reason="text-1", by=ana.actor)
    with pytest.raises(DatabaseError):
        actions.propose(pdq(), passport=passport(), by=ana.actor)
    assert Indicator.objects.get().state == State.ACTIVE
    assert not Tombstone.objects.exists()
