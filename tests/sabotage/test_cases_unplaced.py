"""One report breaks the gathering: the others come into their cases, and it waits, counted, until it can be read."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import case_of, party, send, sender
from tutela.accounts.policy import HOUSE
from tutela.cases import actions as cases
from tutela.cases import jobs
from tutela.cases.actions import gathering
from tutela.cases.models import CaseReport, Unplaced
from tutela.reports import actions as reports
from tutela.reports.models import Report

pytestmark = pytest.mark.usefixtures("desk")


def waiting(count: int) -> list[Report]:
    by = sender()
    found = [send(by, parties=[party(account=f"acc-{n}")]) for n in range(count)]
    while reports.match_waiting():
        pass
    return found


def poisoned(monkeypatch: pytest.MonkeyPatch, poison: Report) -> None:
    place = gathering._place

    def breaks(report: Report, *more: object) -> None:
        if report.pk == poison.pk:
            raise OSError("text-poison")
        place(report, *more)

    monkeypatch.setattr(gathering, "_place", breaks)


def test_one_poison_report_stops_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """n = 7 reports, the fourth is poison: 6 are gathered, 1 waits and is counted without a word of it."""
    found = waiting(7)
    with monkeypatch.context() as sabotage:
        poisoned(sabotage, found[3])
        assert [cases.link_waiting(), cases.link_waiting()] == [7, 0]
    assert set(CaseReport.objects.values_list("report", flat=True)) == {each.pk for each in found} - {found[3].pk}
    assert Unplaced.objects.values_list("report", "error").get() == (found[3].pk, "OSError")
    assert caplog.messages == ["a report could not be gathered: OSError; 1 are unplaced"]


def test_it_is_tried_again_after_a_while_and_found_its_place_when_it_can_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = waiting(2)
    with monkeypatch.context() as sabotage:
        poisoned(sabotage, found[0])
        jobs.link_waiting()
    now = datetime.now(UTC)
    assert cases.place_unplaced(now=now + timedelta(minutes=4)) == 1
    assert not CaseReport.objects.filter(report=found[0]).exists()
    assert cases.place_unplaced(now=now + timedelta(minutes=6)) == 0
    assert case_of(found[0]) != case_of(found[1])


def test_one_that_stays_poison_is_tried_once_in_a_while_and_stays_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    (poison,) = waiting(1)
    poisoned(monkeypatch, poison)
    cases.link_waiting()
    now = datetime.now(UTC)
    for minutes in (6, 7, 12):
        assert cases.place_unplaced(now=now + timedelta(minutes=minutes)) == 1
    assert Unplaced.objects.get().tried_at == now + timedelta(minutes=12)


def test_what_was_erased_while_it_waited_waits_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    (poison,) = waiting(1)
    with monkeypatch.context() as sabotage:
        poisoned(sabotage, poison)
        cases.link_waiting()
    reports.erase(poison.number, by=HOUSE, reason="test")
    assert cases.place_unplaced(now=datetime.now(UTC) + timedelta(minutes=6)) == 0
    assert CaseReport.objects.count() == 0
