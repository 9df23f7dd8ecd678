"""A hand at the database: what was imported, found and proved keeps its rules; each rule is shown to do the work."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.compliance.stories import (
    TODAY,
    binding,
    decision,
    engineer,
    evidence,
    find,
    import_nim,
    import_register,
    policy_officer,
    technology,
)
from tutela.compliance import actions, readiness
from tutela.compliance.models import Decision, Evidence, Finding, Measure, Measurement, Technology
from tutela.compliance.readiness import State
from tutela.compliance.rules import Verdict

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def owner(fresh_database):
    """Somebody who may alter tables."""
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as session:
        yield session


def test_imported_and_measured_rows_are_written_once_and_only_the_triggers_keep_it_so(owner) -> None:
    petra, emil = policy_officer().actor, engineer()
    import_nim(binding(1), by=petra)
    import_register(decision(), by=petra)
    counts = {"flagged": 2, "reviewed": 1, "not_confirmed": 0}
    entry = technology(emil.actor)
    actions.add_measurement(entry.pk, first=TODAY, last=TODAY, **counts, by=emil.actor)
    for model, change in ((Measure, "state = 'BG'"), (Decision, "active = false"), (Measurement, "flagged = 3")):
        table = model._meta.db_table
        for sentence in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(sentence)
        owner.execute(f"DROP TRIGGER append_only ON {table}")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change}")
            assert cursor.rowcount == 1


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reason": ""}, "finding_says_why_and_where"),
        ({"source_url": "a newspaper"}, "finding_says_why_and_where"),
        ({"verdict": "splendid"}, "finding_verdict_is_known"),
    ],
)
def test_a_finding_cannot_be_emptied(changes, rule) -> None:
    find(Verdict.NOT, by=policy_officer().actor)
    with pytest.raises(IntegrityError, match=rule):
        Finding.objects.update(**changes)


def test_two_findings_stand_in_one_cell_only_without_the_rule(owner) -> None:
    petra = policy_officer().actor
    find(Verdict.NOT, by=petra)
    find(Verdict.CONFORM, by=petra)
    with pytest.raises(IntegrityError, match="one_finding_in_force_per_cell"), transaction.atomic():
        Finding.objects.update(replaced_at=None)
    owner.execute("DROP INDEX one_finding_in_force_per_cell")
    assert Finding.objects.update(replaced_at=None) == 2


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"link": "", "sha256": None}, "evidence_can_be_found"),
        ({"condition": "C21"}, "evidence_condition"),
        ({"withdrawn_at": NOW}, "evidence_withdrawal_is_whole"),
        ({"withdrawn_at": NOW, "withdrawn_by": "x", "withdrawn_reason": ""}, "evidence_withdrawal_is_whole"),
    ],
)
def test_evidence_cannot_be_made_unfindable(changes, rule) -> None:
    evidence(engineer(), "C01")
    with pytest.raises(IntegrityError, match=rule):
        Evidence.objects.update(**changes)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"assessed_on": TODAY}, "technology_assessment_is_whole"),
        ({"consultation": "PC-1"}, "technology_consultation_is_whole"),
        ({"advice": "fine"}, "technology_advice_is_known"),
        ({"followed_up": "x", "followed_up_on": TODAY}, "technology_follow_up_is_whole"),
        ({"in_use_to": date(2001, 1, 1)}, "technology_use_ends_after_it_began"),
    ],
)
def test_an_entry_of_the_technology_register_stays_whole(changes, rule) -> None:
    technology(engineer().actor)
    with pytest.raises(IntegrityError, match=rule):
        Technology.objects.update(**changes)


@pytest.mark.usefixtures("fresh_database")
def test_there_is_no_column_to_tick() -> None:
    columns = {field.name for model in (Evidence, Technology, Measurement) for field in model._meta.get_fields()}
    assert {each for each in columns if "ready" in each or "met" in each or "compliant" in each} == set()


@pytest.mark.usefixtures("fresh_database")
def test_a_rule_that_always_says_yes_is_seen(monkeypatch) -> None:
    emil = engineer()
    technology(emil.actor)
    home = emil.actor.organisation_id

    def assessed() -> State:
        found = actions.readiness_of(home, on=TODAY, by=emil.actor)
        return next(each.state for each in found if each.condition.condition == "C07")

    assert assessed() is State.MISSING
    monkeypatch.setitem(readiness._PER_TECHNOLOGY, "C07", lambda *_: "")
    assert assessed() is State.MET
