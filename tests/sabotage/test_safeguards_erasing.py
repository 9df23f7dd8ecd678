"""Erasing breaks half-way, or somebody goes round it: it is whole or it has not happened."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.cases.stories import send, sender
from tests.referrals.stories import chiara, confirmed, handed, outcome
from tests.safeguards.conftest import desk  # noqa: F401
from tests.safeguards.stories import aged, dora
from tutela.referrals import actions as referrals
from tutela.referrals.models import Dossier
from tutela.referrals.rules import Purpose
from tutela.reports import actions as reports
from tutela.reports.models import Report
from tutela.safeguards import actions
from tutela.safeguards.models import Hold

pytestmark = pytest.mark.usefixtures("desk")


def broken(*args: object, **more: object) -> None:
    raise OSError("broken")


def test_the_report_cannot_be_erased_and_its_dossier_stays_too(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    referrals.answer(given.number, outcome("wrong_delete"), by=boss.actor)
    with monkeypatch.context() as sabotage:
        sabotage.setattr("tutela.safeguards.actions.reports.erase", broken)
        assert actions.erase_due() == 0
    assert referrals.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)
    assert actions.erase_due() == 1


def test_the_key_cannot_be_destroyed_and_nothing_was_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    report = aged(send(sender()), 400)
    with monkeypatch.context() as sabotage:
        sabotage.setattr("tutela.reports.actions.erasing.keys.destroy", broken)
        assert actions.erase_due() == 0
    assert reports.open_message(report.number, by=cast.ana().actor, purpose=reports.Purpose.ASSESSMENT)
    assert actions.erase_due() == 1


def test_one_that_cannot_be_erased_stops_nobody_and_is_counted_without_a_word_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """n = 5 due, the second is poison: 4 are erased, 1 stays due."""
    due = [aged(send(sender()), 400) for _ in range(5)]
    poison, erase = due[1].number, reports.erase

    def breaks(number: int, **more: object) -> Report:
        if number == poison:
            raise OSError("text-poison")
        return erase(number, **more)

    with monkeypatch.context() as sabotage:
        sabotage.setattr("tutela.safeguards.actions.reports.erase", breaks)
        assert [actions.erase_due(), actions.erase_due()] == [4, 0]
    assert [report.number for report in Report.objects.filter(erased_at=None)] == [poison]
    assert "1 reports are due and could not be erased: {'OSError': 1}" in caplog.text
    assert "text-poison" not in caplog.text
    assert actions.erase_due() == 1


def test_without_the_look_at_the_others_one_officer_destroys_anothers_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    french = chiara("FR")
    chiara("IT")
    first, _ = handed(confirmed("FR", "IT"))
    referrals.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert actions.erase_due() == 0
    monkeypatch.setattr("tutela.safeguards.rules.OTHERS_HEARD_DAYS", 0)
    assert actions.erase_due() == 1


def test_a_report_is_called_erased_with_its_words_in_place_or_emptied_without_being_called_so() -> None:
    report = send(sender())
    with pytest.raises(IntegrityError, match="sealed_until_erased"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(sealed_message=None)
    chiara("FR")
    handed(confirmed("FR"))
    with pytest.raises(IntegrityError, match="dossier_sealed_until_erased"), transaction.atomic():
        Dossier.objects.update(erased_at=datetime.now(UTC))


def test_a_hold_is_written_without_an_end_or_released_by_nobody() -> None:
    report, by = send(sender()), dora()
    today = datetime.now(UTC).date()
    told = {"report": report, "authority": "authority:fr", "reason": "evidence", "held_by": by.person}
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(until=None, **told)
    with pytest.raises(IntegrityError, match="hold_ends_after_it_began"), transaction.atomic():
        Hold.objects.create(until=today - timedelta(days=1), **told)
    held = Hold.objects.create(until=today + timedelta(days=9), **told)
    with pytest.raises(IntegrityError, match="hold_released_at_and_by"), transaction.atomic():
        Hold.objects.filter(pk=held.pk).update(released_at=datetime.now(UTC))
