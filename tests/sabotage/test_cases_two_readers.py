"""Somebody breaks the rule of the two readers, in the rows and in the code; the database says no each time."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests import cast
from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import GROUND, decide, gather, new_case, party, send, sender
from tutela.cases import actions as cases
from tutela.cases import rules
from tutela.cases.models import Case, CaseLink, CaseReport, Reading

pytestmark = pytest.mark.usefixtures("desk")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def refused(case: Case, constraint: str, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changes)


def test_one_reader_is_written_in_both_places() -> None:
    case, ana = new_case(), cast.ana()
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=ana.actor)
    twice = {"second_reader": ana.person, "second_at": NOW, "decision": "refer"}
    refused(case, "case_two_different_readers", state="confirmed", **twice)


def test_a_case_is_made_confirmed_without_a_second_reader() -> None:
    case = new_case()
    refused(case, "case_decided_by_two", state="confirmed")
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=cast.ana().actor)
    refused(case, "case_decided_by_two", state="confirmed")
    refused(case, "case_decided_by_two", state="dismissed")


def test_a_second_reader_stands_without_a_first_or_without_a_day() -> None:
    case, boris = new_case(), cast.boris().person
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(second_reader=boris, second_at=NOW, decision="refer")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=decide(case).pk).update(second_at=None)


def test_the_decision_is_turned_after_it_was_confirmed() -> None:
    refused(decide(new_case()), "case_second_reading_whole", decision="dismiss", state="dismissed")


def test_a_case_is_called_assessed_that_nobody_read() -> None:
    refused(new_case(), "case_assessed_by_one", state="assessed")


def test_the_codes_own_check_is_taken_out_and_the_database_still_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "check_second_reader", lambda first, second: None)
    case, ana = new_case(), cast.ana()
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=ana.actor)
    with pytest.raises(IntegrityError, match="case_two_different_readers"), transaction.atomic():
        cases.confirm(case.number, agree=True, grounds=[GROUND], by=ana.actor)
    case.refresh_from_db()
    assert (case.state, Reading.objects.count()) == ("assessed", 1)


def test_the_audit_fails_and_nothing_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> None:
        raise OSError("the record cannot be written")

    case = new_case()
    monkeypatch.setattr("tutela.cases.actions.deciding.audit.record", broken)
    with pytest.raises(OSError), transaction.atomic():
        cases.assess(case.number, decision="refer", grounds=[GROUND], by=cast.ana().actor)
    case.refresh_from_db()
    assert (case.state, Reading.objects.count()) == ("waiting", 0)


def test_what_a_reader_held_is_written_once_and_only_a_trigger_keeps_it_so() -> None:
    decide(new_case())
    with connection.cursor() as cursor:
        for sentence in ("UPDATE cases_reading SET decision = 'dismiss'", "DELETE FROM cases_reading"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(sentence)
    assert set(Reading.objects.values_list("decision", flat=True)) == {"refer"}


def test_a_report_is_put_under_a_second_decision() -> None:
    by = sender()
    report = send(by)
    gather()
    other = new_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseReport.objects.create(case=other, report=report)


def test_a_link_is_written_backwards_or_to_itself() -> None:
    one, other = new_case(), new_case(parties=[party(account="acc-1")])
    for pair in ((other, one), (one, one)):
        with pytest.raises(IntegrityError, match="link_older_case_first"), transaction.atomic():
            CaseLink.objects.create(case_a=pair[0], case_b=pair[1])


def test_a_merged_case_points_nowhere() -> None:
    refused(new_case(), "case_merged_into_another", state="merged")
