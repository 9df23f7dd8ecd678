"""When the time is over the words are gone, from the report and from every dossier; the counts stay."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import cast
from tests.cases.stories import case_of, gather, item, party, send, sender
from tests.referrals.stories import chiara, confirmed, handed, outcome
from tests.safeguards.stories import aged, dora
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.keys.actions import KeyDestroyed
from tutela.referrals import actions as referrals
from tutela.referrals.models import Dossier, Referral
from tutela.referrals.rules import Purpose
from tutela.reports import actions as reports
from tutela.reports.models import Identifier, Item, Message, Receipt, Report
from tutela.safeguards import actions
from tutela.safeguards.clock import clock, of_cases
from tutela.safeguards.models import Hold
from tutela.safeguards.rules import HoldRefused

pytestmark = pytest.mark.usefixtures("desk")
NEXT_YEAR = datetime.now(UTC).date() + timedelta(days=300)


def test_nothing_is_erased_a_day_early_and_everything_on_its_day() -> None:
    by = sender()
    young, old = aged(send(by), 364), aged(send(by), 367)
    assert actions.erase_due() == 1
    assert Report.objects.get(erased_at=None) == young
    assert clock(old).reason == "twelve_months"
    assert actions.erase_due() == 0


def test_the_day_of_a_leap_year_is_not_kept_a_day_too_long() -> None:
    report = send(sender())
    Report.objects.update(received_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    assert actions.erase_due(now=datetime(2025, 2, 27, 23, tzinfo=UTC)) == 0
    assert actions.erase_due(now=datetime(2025, 2, 28, 0, tzinfo=UTC)) == 1
    report.refresh_from_db()
    assert report.erased_at is not None


def test_what_is_erased_cannot_be_read_and_what_is_counted_stays() -> None:
    report = send(sender(), parties=[party(account="acc-1", country="FR")], items=[item(), item("b")])
    gather()
    case = case_of(report)
    reports.erase(report.number, by=dora().actor, reason="test")
    with pytest.raises(KeyDestroyed):
        reports.open_message(report.number, by=cast.ana().actor, purpose=reports.Purpose.ASSESSMENT)
    report.refresh_from_db()
    assert (report.sealed_message, report.signals, report.countries, report.key.wrapped) == (None, [], [], None)
    assert (Message.objects.count(), Identifier.objects.count(), Receipt.objects.count()) == (0, 0, 0)
    assert list(Item.objects.values_list("sha256", "pdq", "labels")) == [(None, None, [])] * 2
    assert case.members.count() == 1
    assert Leaf.objects.filter(action__in=["report.erased", "key.destroyed"]).count() == 2


def test_erasing_twice_is_erasing_once() -> None:
    report = send(sender())
    first = reports.erase(report.number, by=HOUSE, reason="test")
    assert reports.erase(report.number, by=HOUSE, reason="test").erased_at == first.erased_at
    assert Leaf.objects.filter(action="report.erased").count() == 1


def test_wrong_delete_of_the_only_authority_erases_the_report_and_its_dossier_at_once() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    referrals.answer(given.number, outcome("wrong_delete", reason="text-r"), by=boss.actor)
    assert actions.erase_due() == 1
    assert Dossier.objects.filter(sealed=None, sealed_answer=None, erased_at__isnull=False).count() == 1
    with pytest.raises(KeyDestroyed):
        referrals.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)
    assert Referral.objects.get(pk=given.pk).outcome == "wrong_delete"
    referrals.answer(given.number, outcome("wrong_delete"), by=boss.actor)


@pytest.mark.parametrize("said", [None, "investigation_opened"])
def test_wrong_delete_of_one_leaves_the_other_thirty_days(said: str | None) -> None:
    """Whether the other has not answered yet or answered otherwise: its evidence is not one colleague's to destroy."""
    french, italian = chiara("FR"), chiara("IT")
    first, second = handed(confirmed("FR", "IT"))
    if said:
        referrals.answer(second.number, outcome(said), by=italian.actor)
    referrals.answer(first.number, outcome("wrong_delete"), by=french.actor)
    now = datetime.now(UTC)
    assert actions.erase_due(now=now + timedelta(days=29)) == 0
    assert referrals.open_dossier(second.number, by=italian.actor, purpose=Purpose.INVESTIGATION)
    assert "may ask for a hold within 30 days" in clock(Report.objects.get()).sentence
    assert actions.erase_due(now=now + timedelta(days=30)) == 1
    assert Dossier.objects.filter(erased_at__isnull=False).count() == 2


def test_wrong_delete_of_all_who_were_told_erases_at_once() -> None:
    french, italian = chiara("FR"), chiara("IT")
    first, second = handed(confirmed("FR", "IT"))
    referrals.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert actions.erase_due() == 0
    referrals.answer(second.number, outcome("wrong_delete"), by=italian.actor)
    assert actions.erase_due() == 1


def test_the_other_asks_for_a_hold_and_keeps_its_evidence() -> None:
    french = chiara("FR")
    chiara("IT")
    first, _ = handed(confirmed("FR", "IT"))
    referrals.answer(first.number, outcome("wrong_delete"), by=french.actor)
    report = Report.objects.get()
    actions.hold(report.number, authority="authority:it", until=NEXT_YEAR, reason="evidence", by=dora().actor)
    assert actions.erase_due(now=datetime.now(UTC) + timedelta(days=31)) == 0
    assert clock(report).on == NEXT_YEAR + timedelta(days=1)


def test_a_dossier_that_was_carried_to_nobody_is_nobodys_evidence() -> None:
    french = chiara("FR")
    first, _outside = handed(confirmed("FR", "IT"))
    referrals.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert actions.erase_due() == 1


def test_a_case_goes_with_the_report_that_goes_first_and_asks_no_more_for_many(
    django_assert_max_num_queries: object,
) -> None:
    by = sender()
    old, _young = (send(by, parties=[party(account="acc-1")]) for _ in range(2))
    others = [send(by, parties=[party(account=f"acc-{n}")]) for n in range(2, 9)]
    gather()
    aged(old, 100)
    cases = [case_of(report) for report in (old, *others)]
    with django_assert_max_num_queries(4):
        due = of_cases(cases)
    assert due[cases[0].pk] == clock(old)
    assert len(due) == 8
    reports.erase(others[0].number, by=HOUSE, reason="test")
    assert cases[1].pk not in of_cases(cases)


@pytest.mark.parametrize("state", ["retracted", "expired"])
def test_what_was_withdrawn_is_erased_after_thirty_days(state: str) -> None:
    by = sender()
    message = cast.report()
    opened = reports.open_report(message, cast.raw(message), by=by, channel="ispws").report
    Report.objects.filter(pk=opened.pk).update(state=state)
    aged(opened, 29)
    assert actions.erase_due() == 0
    aged(opened, 30)
    assert actions.erase_due() == 1


def test_a_hold_keeps_it_for_a_named_authority_until_its_day_and_no_longer() -> None:
    report, by = aged(send(sender()), 400), dora().actor
    held = actions.hold(report.number, authority="authority:fr", until=NEXT_YEAR, reason=Hold.Reason.EVIDENCE, by=by)
    assert actions.erase_due() == 0
    assert clock(report).on == NEXT_YEAR + timedelta(days=1)
    after = datetime.combine(NEXT_YEAR + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    assert actions.erase_due(now=after - timedelta(days=1)) == 0
    assert actions.erase_due(now=after) == 1
    assert b'"authority":"authority:fr"' in bytes(Leaf.objects.get(action="report.held").content)
    assert held.held_by.name == "Dora"


def test_a_hold_that_is_released_holds_no_more() -> None:
    report, by = aged(send(sender()), 400), dora().actor
    held = actions.hold(report.number, authority="authority:fr", until=NEXT_YEAR, reason=Hold.Reason.EVIDENCE, by=by)
    assert actions.release(held.pk, by=by).released_by.name == "Dora"
    actions.release(held.pk, by=by)
    assert Leaf.objects.filter(action="report.released").count() == 1
    assert actions.erase_due() == 1


@pytest.mark.parametrize("authority", ["", "police", "authority:us"])
def test_a_hold_for_an_authority_nobody_knows_is_refused(authority: str) -> None:
    report = send(sender())
    with pytest.raises(HoldRefused, match="id in the law"):
        actions.hold(report.number, authority=authority, until=NEXT_YEAR, reason="evidence", by=dora().actor)
    assert Hold.objects.count() == 0


def test_the_house_and_what_is_erased_hold_nothing() -> None:
    report = send(sender())
    with pytest.raises(HoldRefused, match="a person holds"):
        actions.hold(report.number, authority="authority:fr", until=NEXT_YEAR, reason="evidence", by=HOUSE)
    reports.erase(report.number, by=HOUSE, reason="test")
    with pytest.raises(HoldRefused, match="was erased"):
        actions.hold(report.number, authority="authority:fr", until=NEXT_YEAR, reason="evidence", by=dora().actor)


def test_the_stranger_and_the_analyst_hold_release_and_erase_nothing() -> None:
    report = send(sender())
    held = actions.hold(report.number, authority="authority:fr", until=NEXT_YEAR, reason="evidence", by=dora().actor)
    for by in (cast.stranger().actor, cast.ana().actor):
        for number in (report.number, 99_999_999):
            with pytest.raises(NotYours):
                actions.hold(number, authority="authority:fr", until=NEXT_YEAR, reason="evidence", by=by)
            with pytest.raises(NotYours):
                reports.erase(number, by=by, reason="test")
            with pytest.raises(NotYours):
                referrals.erase(number, by=by, reason="test")
        with pytest.raises(NotYours):
            actions.release(held.pk, by=by)
    assert Report.objects.get().erased_at is None


def test_a_case_whose_reports_were_all_erased_can_be_handed_to_nobody() -> None:
    chiara("FR")
    case = confirmed("FR")
    reports.erase(case.gathered().get().number, by=HOUSE, reason="test")
    with pytest.raises(ValueError, match="nothing is left to hand over"):
        handed(case)
    assert Referral.objects.count() == 0
