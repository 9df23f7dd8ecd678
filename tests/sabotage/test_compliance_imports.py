"""Somebody breaks the import in the middle, or its rules in the code; nothing is left half-done, and it is seen."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection

from tests.compliance.stories import HEADER, binding, decision, export, find, import_nim, policy_officer
from tutela.compliance import actions, nim, register, tables
from tutela.compliance.models import Batch, Decision, Finding, Measure
from tutela.compliance.rows import ImportRefused
from tutela.compliance.rules import Refused, Verdict

pytestmark = pytest.mark.usefixtures("fresh_database")


def test_the_database_fails_between_the_rows_and_the_earlier_batch_still_stands(monkeypatch) -> None:
    petra = policy_officer().actor
    earlier = import_nim(binding(1), by=petra)
    insert = Measure.objects.bulk_create

    def cut(rows, **more):
        insert(rows[:5], **more)
        raise DatabaseError("the connection was lost")

    monkeypatch.setattr(Measure.objects, "bulk_create", cut)
    with pytest.raises(DatabaseError):
        import_nim(*(binding(number) for number in range(2, 20)), by=petra)
    assert list(Batch.objects.in_force()) == [earlier]
    assert (Batch.objects.count(), Measure.objects.count()) == (1, 1)


def test_the_record_cannot_be_written_and_nothing_was_imported(monkeypatch) -> None:
    petra = policy_officer().actor

    def broken(*said, **more):
        raise OSError("the record cannot be written")

    monkeypatch.setattr("tutela.compliance.actions.importing.audit.record", broken)
    with pytest.raises(OSError):
        import_nim(binding(1), by=petra)
    assert (Batch.objects.count(), Measure.objects.count()) == (0, 0)


def test_the_check_of_the_prefix_is_taken_out_and_another_acts_measures_would_count(monkeypatch) -> None:
    petra = policy_officer().actor
    other = binding(2, nimCelex="72019L0633ROU_202006400")
    with pytest.raises(ImportRefused, match="of another act"):
        import_nim(binding(1), other, by=petra)
    monkeypatch.setattr(nim, "prefix", lambda: "72019L0633")
    with pytest.raises(ImportRefused):
        import_nim(binding(1), by=petra)
    assert import_nim(other, by=petra).rows == 1


def test_the_directive_column_is_believed_after_all_and_the_case_number_is_a_second_lock(monkeypatch) -> None:
    petra = policy_officer().actor
    old = decision(number="INFR(2004)2100", date="2004-07-09", title="text-1") + ",32011L0093"

    def take_over() -> None:
        file = export(f"{decision()},32011L0093", old, header=f"{HEADER},directive_celex")
        actions.import_decisions(file, name="register.csv", source="here", by=petra)

    with pytest.raises(ImportRefused, match="column directive"):
        take_over()
    monkeypatch.setattr(register, "_concerns_us", lambda *_: True)
    with pytest.raises(ImportRefused, match="column number, 'INFR\\(2004\\)2100': opened before the Directive"):
        take_over()
    assert not Decision.objects.exists()


def test_two_import_at_the_same_moment_and_one_batch_is_in_force() -> None:
    petra = policy_officer().actor
    start, failed = threading.Barrier(2), []

    def take_over(number: int) -> None:
        try:
            start.wait()
            import_nim(binding(number), by=petra)
        except Refused as refusal:
            failed.append(refusal)
        finally:
            connection.close()

    both = [threading.Thread(target=take_over, args=(number,)) for number in (1, 2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert Batch.objects.in_force().count() == 1
    assert Batch.objects.count() + len(failed) == 2
    assert len(tables.matrix(states=["RO"]).standings["RO"].measures) == 1


def test_two_find_at_the_same_moment_and_one_finding_is_in_force() -> None:
    petra = policy_officer().actor
    start, failed = threading.Barrier(2), []

    def say(verdict: Verdict) -> None:
        try:
            start.wait()
            find(verdict, by=petra)
        except Refused as refusal:
            failed.append(refusal)
        finally:
            connection.close()

    both = [threading.Thread(target=say, args=(verdict,)) for verdict in (Verdict.NOT, Verdict.CONFORM)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert Finding.objects.filter(replaced_at=None).count() == 1
    assert Finding.objects.count() + len(failed) == 2


def test_a_second_batch_is_put_in_force_by_hand() -> None:
    earlier = import_nim(binding(1), by=policy_officer().actor)
    with pytest.raises(IntegrityError, match="one_batch_of_a_kind_in_force"):
        Batch.objects.create(kind=earlier.kind, source="x", name="x", sha256=b"x", rows=1, imported_by="x")
