"""A worker dies in the middle of gathering, or several gather at once: nothing is lost and nothing is doubled."""

import threading
import time
from typing import Any

import pytest
from django.db import close_old_connections, connections

from tests.cases.stories import item, party, send, sender
from tutela.cases import actions as cases
from tutela.cases.models import Case, CaseReport
from tutela.reports import actions as reports
from tutela.reports.models import Report


@pytest.fixture(autouse=True)
def everything_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes while these stories gather; a transaction of another run on this server must not hold them up."""
    monkeypatch.setattr("tutela.audit.cursor.settled_before", lambda: 2**62)


def gather_all(count: int) -> None:
    """A worker that finds another at work gets nothing and asks again."""
    until = time.monotonic() + 60
    while CaseReport.objects.count() < count and time.monotonic() < until:
        cases.link_waiting()


def matched(count: int) -> list[Report]:
    by = sender()
    found = [send(by, parties=[party(account=f"acc-{n % 7}")], items=[item()]) for n in range(count)]
    while reports.match_waiting():
        pass
    return found


def test_the_worker_dies_before_it_has_written_and_the_next_one_takes_it_up(
    fresh_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(*args: object) -> None:
        raise KeyboardInterrupt

    found = matched(10)
    with monkeypatch.context() as broken:
        broken.setattr("tutela.cases.actions.gathering.write_links", died)
        with pytest.raises(KeyboardInterrupt):
            cases.link_waiting()
    assert (Case.objects.count(), CaseReport.objects.count()) == (0, 0)
    gather_all(len(found))
    assert (Case.objects.count(), CaseReport.objects.count()) == (7, 10)


def test_three_workers_gather_at_once(fresh_database: Any) -> None:
    """n = 30 reports of 7 accounts: 7 cases, each report in one."""
    found = matched(30)

    def work() -> None:
        try:
            gather_all(len(found))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    close_old_connections()
    assert CaseReport.objects.count() == len(found)
    assert Case.objects.exclude(state="merged").count() == 7
