"""What an authority answers travels down to the sender and the indicators, and a correction to all who were told."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import cast
from tests.referrals.stories import chiara, confirmed, handed, outcome
from tests.referrals.test_dossier import known
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import NotYours, Role
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.indicators.models import Answer, Opinion
from tutela.referrals import actions
from tutela.referrals.models import Correction, Dossier, Referral
from tutela.referrals.rules import Purpose
from tutela.reports.actions import happened
from tutela.reports.models import Report, ReportOutcome

pytestmark = pytest.mark.usefixtures("desk")


def test_chiara_acknowledges_and_answers_and_the_sender_reads_it() -> None:
    boss = chiara("FR")
    case = confirmed("FR")
    (given,) = handed(case)
    assert actions.acknowledge(given.number, by=boss.actor).state == "acknowledged"
    done = actions.answer(given.number, outcome(reason="text-r", children_identified=1), by=boss.actor)
    assert (done.state, done.outcome, done.answered_by) == (
        "answered",
        "investigation_opened",
        f"person:{boss.actor.id}",
    )
    case.refresh_from_db()
    assert case.state == "answered"
    assert [step.what for step in happened(Report.objects.get())] == [
        "received",
        "finished",
        "matched",
        "decided",
        "referred",
        "acknowledged",
        "answered",
    ]
    assert ReportOutcome.objects.get().code == "investigation_opened"
    assert cases.close(case.number, by=cast.ana().actor).state == "closed"


def test_a_machine_of_the_authority_may_answer_too() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    machine = cast.credential(boss.person.organisation, role=Role.AUTHORITY_OFFICER).credential.actor()
    assert actions.answer(given.number, outcome(), by=machine).answered_by == f"credential:{machine.id}"


def test_only_the_addressed_authority_acknowledges_and_answers() -> None:
    chiara("FR")
    (given,) = handed(confirmed("FR"))
    for by in (chiara("IT").actor, cast.ana().actor, cast.stranger().actor):
        for number in (given.number, 99_999_999):
            with pytest.raises(NotYours):
                actions.acknowledge(number, by=by)
            with pytest.raises(NotYours):
                actions.answer(number, outcome(), by=by)
    given.refresh_from_db()
    assert given.state == "handed_over"


def test_nobody_answers_what_was_only_prepared() -> None:
    boss = chiara("FR")
    (prepared,) = actions.prepare(confirmed("FR").number, by=cast.ana().actor)
    with pytest.raises(NotYours):
        actions.acknowledge(prepared.number, by=boss.actor)


def test_an_acknowledgement_is_given_once() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    actions.acknowledge(given.number, by=boss.actor)
    with pytest.raises(NotInThisState, match="already acknowledged"):
        actions.acknowledge(given.number, by=boss.actor)


def test_a_later_answer_takes_the_place_of_the_first_and_the_record_keeps_both() -> None:
    known()
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    for code in ("investigation_opened", "child_protected"):
        actions.answer(given.number, outcome(code), by=boss.actor)
    assert Referral.objects.get().outcome == "child_protected"
    assert ReportOutcome.objects.get().code == "child_protected"
    assert Answer.objects.get().code == "child_protected"
    assert Leaf.objects.filter(action="referral.answered").count() == 2


def test_the_answers_words_are_sealed_and_opened_only_for_a_purpose() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    ana = cast.ana().actor
    assert actions.open_answer(given.number, by=ana, purpose=Purpose.SUPERVISION) is None
    actions.answer(given.number, outcome(reason="text-sealed", national_reference="text-n"), by=boss.actor)
    assert b"text-sealed" not in bytes(Dossier.objects.get().sealed_answer)
    assert not any(b"text-sealed" in bytes(leaf.content) for leaf in Leaf.objects.all())
    told = actions.open_answer(given.number, by=ana, purpose=Purpose.SUPERVISION)
    assert told is not None
    assert (told.reason, told.national_reference) == ("text-sealed", "text-n")
    assert Leaf.objects.filter(action="referral.answer_read").count() == 2


def test_wrong_delete_reaches_indicators_and_everyone_else_who_was_told() -> None:
    known()
    french, italian = chiara("FR"), chiara("IT")
    first, second = handed(confirmed("FR", "IT"))
    assert (first.authority, second.authority) == ("authority:fr", "authority:it")
    actions.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert Opinion.objects.get(organisation=french.person.organisation).verdict == "negative"
    (correction,) = Correction.objects.all()
    assert (correction.referral, correction.why, correction.acknowledged_at) == (second, "wrong_delete", None)
    with pytest.raises(NotYours):
        actions.acknowledge_correction(correction.pk, by=french.actor)
    with pytest.raises(NotYours):
        actions.acknowledge_correction(99_999_999, by=italian.actor)
    done = actions.acknowledge_correction(correction.pk, by=italian.actor)
    assert done.acknowledged_by == f"person:{italian.actor.id}"
    actions.acknowledge_correction(correction.pk, by=italian.actor)
    assert Leaf.objects.filter(action="referral.correction_acknowledged").count() == 1


def test_saying_wrong_twice_corrects_once() -> None:
    french = chiara("FR")
    chiara("IT")
    first, _ = handed(confirmed("FR", "IT"))
    for _ in range(2):
        actions.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert Correction.objects.count() == 1


def test_a_correction_of_what_was_carried_outside_is_acknowledged_by_who_carried_it() -> None:
    french = chiara("FR")
    first, outside = handed(confirmed("FR", "IT"))
    ana = cast.ana().actor
    actions.give_outside(outside.number, by=ana)
    actions.answer(first.number, outcome("wrong_delete"), by=french.actor)
    correction = Correction.objects.get()
    assert correction.referral == outside
    with pytest.raises(NotYours):
        actions.acknowledge_correction(correction.pk, by=french.actor)
    assert actions.acknowledge_correction(correction.pk, by=ana).acknowledged_at


def test_what_was_never_given_needs_no_correction() -> None:
    french = chiara("FR")
    first, _outside = handed(confirmed("FR", "IT"))
    actions.answer(first.number, outcome("wrong_delete"), by=french.actor)
    assert Correction.objects.count() == 0


def test_an_acknowledgement_that_is_late_is_asked_for_again_and_again_but_not_every_hour() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    now = datetime.now(UTC)
    days = [now + timedelta(days=n) for n in (1, 2, 4, 4.1, 5, 8)]
    assert [actions.remind(now=day) for day in days] == [0, 0, 1, 0, 0, 1]
    assert list(Referral.objects.overdue(now=days[-1])) == [given]
    actions.acknowledge(given.number, by=boss.actor)
    assert actions.remind(now=now + timedelta(days=30)) == 0
    assert not Referral.objects.overdue(now=now + timedelta(days=30)).exists()
    assert Leaf.objects.filter(action="referral.reminded", subject=given.subject).count() == 2
