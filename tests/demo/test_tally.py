"""The saboteurs of the demonstration: whatever the house did wrong, its count must see."""

import hashlib
import json
import shutil
from copy import deepcopy
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tests import cast
from tutela.accounts.models import Person
from tutela.cases import actions as cases
from tutela.demo import desk, tally, world
from tutela.demo.authorities import Done
from tutela.demo.desk import Decided
from tutela.demo.ledger import Ledger
from tutela.demo.senders import with_fingerprints
from tutela.demo.stories import Telling, the_one
from tutela.provider.client import to_bytes
from tutela.referrals import actions as referrals
from tutela.referrals.models import Referral
from tutela.reports import actions as reports
from tutela.reports.models import Report

REPORTS = 8


class Told:
    """A few invented reports, received without the network, matched, linked and decided."""

    def __init__(self, path) -> None:
        self.path = path
        self.world = world.build(pictures=2)
        telling = Telling(seed=7, known=2, providers=4, now=datetime.now(UTC))
        self.planned = [the_one(telling), *telling.reports(REPORTS - 1)]
        self.never_sent = telling.reports(50)[-1]
        self.ledger = Ledger(path)
        self.decided, self.done = Decided(), Done()
        self.numbers = [self.send(one) for one in self.planned]
        while reports.match_waiting():
            pass
        while cases.link_waiting():
            pass
        desk.decide_first(self.world, 5, self.decided, after_each=lambda: None)

    def send(self, one) -> int:
        message = with_fingerprints(one)
        raw = to_bytes(message)
        by = cast.credential(self.world.providers[one.provider].organisation).credential.actor()
        self.ledger.sending(one.reference, hashlib.sha256(raw).hexdigest())
        number = reports.receive(message, raw, by=by, channel="api").report.number
        self.ledger.accepted(one.reference, number)
        return number

    def count(self, *, retries: int = 0) -> tally.Tally:
        return tally.count(self.planned, ledger=self.path, decided=self.decided, done=self.done, retries=retries)

    def handed(self) -> Referral:
        return Referral.objects.filter(handed_over_at__isnull=False).order_by("number")[0]


def audit_says(**said: object):
    verdict = {"ok": True, "links": 1, "findings": []} | said
    ran = SimpleNamespace(returncode=0 if verdict["ok"] else 1, stdout=json.dumps(verdict), stderr="")
    return SimpleNamespace(run=lambda *_, **__: ran)


def by_hand(statement: str, *values: object) -> None:
    """As somebody would who holds the application's role in the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def loses_a_report(told: Told) -> None:
    Report.objects.filter(pk=told.numbers[2]).update(body_sha256=b"0" * 32)


def leaves_a_report_open(told: Told) -> None:
    Report.objects.filter(pk=told.numbers[2]).update(state="open", finished_at=None)


def keeps_a_report_nobody_sent(told: Told) -> None:
    message, by = cast.report(), cast.credential(cast.organisation()).credential.actor()
    reports.receive(message, cast.raw(message), by=by, channel="api")


def keeps_a_report_twice(told: Told) -> None:
    """Under another provider's name, where the unique constraint does not reach."""
    message = with_fingerprints(told.planned[0])
    by = cast.credential(cast.organisation()).credential.actor()
    reports.receive(message, to_bytes(message), by=by, channel="api")


def gives_a_report_two_numbers(told: Told) -> None:
    told.ledger.accepted(told.planned[0].reference, told.numbers[0] + 1_000)


def forgets_to_link_a_resend(told: Told) -> None:
    told.ledger.accepted(told.planned[0].reference, told.numbers[0])


def never_acknowledges(told: Told) -> None:
    told.planned.append(told.never_sent)


def loses_an_item(told: Told) -> None:
    by_hand("DELETE FROM reports_match")
    by_hand("DELETE FROM reports_item WHERE id = (SELECT min(id) FROM reports_item)")


def loses_a_referral(told: Told) -> None:
    one = told.handed()
    by_hand("DELETE FROM referrals_dossier WHERE referral_id = %s", one.pk)
    by_hand("DELETE FROM referrals_referral WHERE number = %s", one.pk)


def tells_somebody_who_is_not_concerned(told: Told) -> None:
    Referral.objects.filter(pk=told.handed().pk).update(authority="authority:mt")


def confirms_behind_the_readers(told: Told) -> None:
    told.decided.confirmed.pop()


def acknowledges_in_somebodys_name(told: Told) -> None:
    one = told.handed()
    referrals.acknowledge(one.pk, by=Person.objects.get(organisation=one.organisation).actor())


SABOTEURS = {
    loses_a_report: "not in the database as they were sent",
    leaves_a_report_open: "not in the database as they were sent",
    keeps_a_report_nobody_sent: "stand twice, or were never acknowledged",
    keeps_a_report_twice: "stand twice",
    gives_a_report_two_numbers: "stand twice",
    forgets_to_link_a_resend: "resends were answered",
    never_acknowledges: "were never acknowledged",
    loses_an_item: "items were sent",
    loses_a_referral: "exactly one referral",
    tells_somebody_who_is_not_concerned: "exactly one referral",
    confirms_behind_the_readers: "analysts confirmed",
    acknowledges_in_somebodys_name: "authorities acknowledged",
}


@pytest.fixture
def told(fresh_database, tmp_path, monkeypatch):
    monkeypatch.setattr(tally, "subprocess", audit_says())
    return Told(tmp_path / "ledger")


def test_what_was_done_is_counted_and_each_saboteur_is_seen(told, tmp_path, monkeypatch):
    """One small world for all of them: each works in a transaction that is rolled back. 0 of 12 goes unseen."""
    clean = told.count()
    assert clean.problems == []
    assert clean.figures["received"] == clean.figures["stored"] == REPORTS
    assert clean.figures["referrals"] >= clean.figures["confirmed"] == len(told.decided.confirmed) > 0
    for saboteur, seen in SABOTEURS.items():
        problems = sabotaged(told, saboteur, tmp_path / saboteur.__name__)
        assert any(seen in each for each in problems), (saboteur.__name__, problems)
    assert told.count().problems == []
    monkeypatch.setattr(tally, "subprocess", audit_says(ok=False, findings=[{"place": "link 2", "what": "edited"}]))
    assert told.count().problems == ["The audit does not verify: link 2: edited"]


def sabotaged(told, saboteur, path) -> list[str]:
    shutil.copy(told.path, path)
    before = told.path, told.ledger, list(told.planned), deepcopy(told.decided)
    told.path, told.ledger = path, Ledger(path)
    try:
        with transaction.atomic():
            saboteur(told)
            problems = told.count().problems
            transaction.set_rollback(True)
    finally:
        told.path, told.ledger, told.planned, told.decided = before
    return problems


def test_a_resend_is_linked_and_counted_apart(told):
    told.send(told.planned[3])
    counted = told.count()
    figures = counted.figures
    assert counted.problems == []
    assert (figures["received"], figures["resent"], figures["duplicates_linked"]) == (REPORTS, 1, 1)
