"""What leaves the house is what two people read, on grounds that still stand when it leaves."""

import pytest

from tests import cast
from tests.cases.stories import GROUND, case_of, complete, decide, gather, item, party, send, sender
from tests.cases.test_known import falls, known
from tests.referrals.stories import chiara, handed
from tests.referrals.test_dossier import opened, said
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Actor, NotYours
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.cases.models import Case
from tutela.referrals import actions
from tutela.referrals.models import Dossier, Referral
from tutela.reports.models import Report

pytestmark = pytest.mark.usefixtures("desk")


def read(country: str = "FR") -> tuple[Report, Actor]:
    """A report of a confirmed case, and its sender."""
    by = sender("DE")
    report = send(by, parties=[party(account="acc-1", country=country)])
    gather()
    decide(case_of(report))
    return report, by


def test_a_report_completed_after_the_readings_is_handed_to_nobody() -> None:
    chiara("FR"), chiara("IT")
    report, by = read("FR")
    complete(report, by, parties=[party(account="acc-1", country="IT")])
    gather()
    case = case_of(report)
    assert case.state == "confirmed"
    for action in (actions.hand_over, actions.prepare):
        with pytest.raises(NotInThisState, match="completed after it was read: send it back"):
            action(case.number, by=cast.ana().actor)
    assert (Referral.objects.count(), Dossier.objects.count()) == (0, 0)


def test_sent_back_and_read_anew_it_leaves_with_what_was_read_then() -> None:
    chiara("FR"), chiara("IT")
    report, by = read("FR")
    ana = cast.ana().actor
    (chosen,) = actions.prepare(case_of(report).number, by=ana)
    child = party("victim", account="acc-v", school_name="text-s")
    complete(report, by, parties=[party(account="acc-1", country="IT"), child])
    gather()
    back = actions.send_back(case_of(report).number, by=ana)
    assert (back.state, back.first_reader, back.second_reader, back.decision) == ("waiting", None, None, "")
    assert back.hard_reasons == ["school_named"], "the queue must know what the fuller account says"
    assert back.readings.count() == 2
    assert Leaf.objects.get(action="referral.dropped").subject == chosen.subject
    decide(back)
    assert [each.authority for each in handed(back)] == ["authority:it"]


def test_what_was_completed_between_the_two_readings_was_read_by_one_alone() -> None:
    """The second reader is faster than the house's own tick."""
    chiara("FR")
    by = sender("DE")
    report = send(by, parties=[party(account="acc-1", country="FR")])
    gather()
    case = case_of(report)
    assess, confirm = cast.ana().actor, cast.boris().actor
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=assess)
    complete(report, by, parties=[party(account="acc-1", country="FR", school_name="text-s")])
    cases.confirm(case.number, agree=True, grounds=[GROUND], by=confirm)
    with pytest.raises(NotInThisState, match="completed after it was read"):
        handed(case)


def test_a_dossier_that_waits_outside_is_still_given_as_it_was_sealed() -> None:
    report, by = read("FR")
    (kept,) = handed(case_of(report))
    complete(report, by, parties=[party(account="acc-1", country="IT")])
    chiara("FR")
    (given,) = handed(case_of(report))
    assert (given.state, bytes(given.dossier_sha256)) == ("handed_over", bytes(kept.dossier_sha256))


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_a_case_whose_ground_fell_is_handed_to_nobody(how: str) -> None:
    chiara("FR")
    indicator, ana, boris = known()
    report = send(sender("DE"), parties=[party(account="acc-1", country="FR")], items=[item("f")])
    gather()
    decide(case_of(report), ground="known_item")
    falls(indicator, how, ana if how == "withdrawn" else boris)
    with pytest.raises(NotInThisState, match=r"a ground no longer stands \(known_item: .+\): send it back"):
        handed(case_of(report))
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_a_dossier_names_no_indicator_that_counts_no_longer(how: str) -> None:
    """Decided on another ground, the case leaves; what fell is in no part of what is sealed."""
    chiara("FR")
    indicator, ana, boris = known()
    report = send(sender("DE"), parties=[party(account="acc-1", country="FR")], items=[item("f")])
    gather()
    decide(case_of(report))
    falls(indicator, how, ana if how == "withdrawn" else boris)
    (given,) = handed(case_of(report))
    body = said(opened(given))
    assert body["reports"][0]["matches"] == []
    assert body["urgency"]["signals"] == []
    assert [reason["name"] for reason in body["urgency"]["reasons"]][:1] == ["unknown_item"]
    assert Dossier.objects.get().indicators == []


def test_what_was_sealed_is_not_sent_back() -> None:
    report, _ = read("FR")
    case = case_of(report)
    handed(case)
    with pytest.raises(NotInThisState, match="was sealed"):
        actions.send_back(case.number, by=cast.ana().actor)
    assert Case.objects.get(pk=case.pk).state == "confirmed"


def test_the_stranger_and_the_officer_send_nothing_back() -> None:
    report, _ = read("FR")
    number = case_of(report).number
    for by in (cast.stranger().actor, chiara("FR").actor):
        for asked in (number, 99_999_999):
            with pytest.raises(NotYours):
                actions.send_back(asked, by=by)
    assert case_of(report).state == "confirmed"
