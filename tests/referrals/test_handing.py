"""A confirmed case reaches each competent authority once, and nobody else."""

import pytest

from tests import cast
from tests.cases.stories import GROUND, case_of, gather, item, new_case, party, send, sender
from tests.referrals.stories import chiara, confirmed, handed
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import NotYours
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.referrals import actions
from tutela.referrals.models import Dossier, Referral
from tutela.referrals.rules import Purpose
from tutela.reports.models import Step

pytestmark = pytest.mark.usefixtures("desk")


def test_each_competent_authority_gets_one_dossier() -> None:
    chiara("FR"), chiara("DE"), chiara("IT")
    case = confirmed("FR", "DE")
    given = handed(case)
    assert [(each.authority, each.state) for each in given] == [
        ("authority:de", "handed_over"),
        ("authority:fr", "handed_over"),
    ]
    case.refresh_from_db()
    assert case.state == "referred"
    assert Dossier.objects.count() == 2
    assert set(Step.objects.values_list("what", flat=True)) == {"decided", "referred"}


def test_handing_over_again_tells_nobody_twice() -> None:
    chiara("FR")
    case = confirmed("FR")
    handed(case)
    again = handed(case)
    assert len(again) == 1
    assert (Referral.objects.count(), Dossier.objects.count()) == (1, 1)
    assert Leaf.objects.filter(action="referral.handed_over").count() == 1


def test_only_what_two_people_confirmed_is_handed_over() -> None:
    waiting = new_case(parties=[party(country="FR")])
    with pytest.raises(NotInThisState, match="waits for its first reader"):
        handed(waiting)
    cases.assess(waiting.number, decision="refer", grounds=[GROUND], by=cast.ana().actor)
    with pytest.raises(NotInThisState, match="second reader"):
        actions.prepare(waiting.number, by=cast.ana().actor)
    assert Referral.objects.count() == 0


def test_preparing_chooses_and_gives_nothing() -> None:
    boss = chiara("FR")
    case = confirmed("FR")
    (prepared,) = actions.prepare(case.number, by=cast.ana().actor)
    assert (prepared.state, prepared.reason) == ("prepared", "address")
    with pytest.raises(NotYours):
        actions.open_dossier(prepared.number, by=boss.actor, purpose=Purpose.INVESTIGATION)
    assert list(Referral.objects.open_to(boss.actor)) == []
    (given,) = handed(case)
    assert given == prepared
    assert list(Referral.objects.open_to(boss.actor)) == [given]


def test_an_authority_that_is_not_here_loses_nothing() -> None:
    case = confirmed("FR")
    (kept,) = handed(case)
    assert (kept.state, kept.handed_over_at, kept.organisation) == ("outside", None, None)
    case.refresh_from_db()
    assert case.state == "confirmed", "nobody was told yet, and the sender must not read that somebody was"
    assert actions.open_dossier(kept.number, by=cast.ana().actor, purpose=Purpose.HAND_OVER)


def test_an_authority_that_joins_later_gets_the_dossier_that_waited() -> None:
    case = confirmed("FR")
    (kept,) = handed(case)
    boss = chiara("FR")
    (given,) = handed(case)
    assert (given, given.state) == (kept, "handed_over")
    assert bytes(given.dossier_sha256) == bytes(kept.dossier_sha256)
    assert actions.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)


def test_a_dossier_carried_outside_is_written_down() -> None:
    case = confirmed("FR")
    (kept,) = handed(case)
    given = actions.give_outside(kept.number, by=cast.ana().actor)
    assert given.state == "outside"
    assert given.handed_over_at is not None
    case.refresh_from_db()
    assert case.state == "referred"
    with pytest.raises(NotYours):
        actions.give_outside(99_999_999, by=cast.ana().actor)


def test_the_reason_is_on_record_with_recipient_and_ground() -> None:
    chiara("FR")
    (given,) = handed(confirmed("FR"))
    written = bytes(Leaf.objects.get(action="referral.prepared").content)
    assert b'"recipient":"authority:fr"' in written
    assert b'"ground":"dsa-2022-2065:art-18-1"' in written
    assert given.ground == "dsa-2022-2065:art-18-1"


def test_the_reports_own_record_names_who_received_its_words() -> None:
    chiara("FR")
    handed(confirmed("FR", "IT"))
    written = bytes(Leaf.objects.get(action="report.originals_read").content)
    assert b'"recipient":"authority:fr authority:it"' in written


def test_no_state_named_goes_to_the_police_of_the_provider_that_told_first() -> None:
    report = send(sender("US", representative_country="DE"), parties=[party(account="acc-1")])
    gather()
    case = case_of(report)
    home = cast.organisation("hotline")
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=cast.ana(home).actor)
    cases.confirm(case.number, agree=True, grounds=[GROUND], by=cast.boris(home).actor)
    assert [(each.authority, each.ground) for each in handed(case)] == [("authority:de", "dsa-2022-2065:art-18-2")]


def test_the_stranger_and_the_wrong_officer_get_nothing() -> None:
    chiara("FR")
    wrong = chiara("IT")
    case = confirmed("FR")
    (given,) = handed(case)
    for by in (wrong.actor, cast.stranger().actor):
        for number in (given.number, 99_999_999):
            with pytest.raises(NotYours):
                actions.open_dossier(number, by=by, purpose=Purpose.INVESTIGATION)
            with pytest.raises(NotYours):
                actions.open_answer(number, by=by, purpose=Purpose.INVESTIGATION)
        with pytest.raises(NotYours):
            actions.hand_over(case.number, by=by)
        with pytest.raises(NotYours):
            actions.prepare(case.number, by=by)
        with pytest.raises(NotYours):
            actions.give_outside(given.number, by=by)
    assert list(Referral.objects.open_to(wrong.actor)) == []
    with pytest.raises(NotYours):
        Referral.objects.open_to(cast.stranger().actor)


def test_no_purpose_no_read() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    with pytest.raises(ValueError, match="curiosity"):
        actions.open_dossier(given.number, by=boss.actor, purpose="curiosity")
    assert not Leaf.objects.filter(action="referral.dossier_read").exists()
    actions.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)
    assert Leaf.objects.get(action="referral.dossier_read").subject == given.subject


def test_a_case_of_several_reports_is_one_dossier() -> None:
    chiara("FR")
    by = sender()
    found = [send(by, parties=[party(account="acc-1", country="FR")], items=[item(digit)]) for digit in "123"]
    gather()
    case = case_of(found[0])
    cases.assess(case.number, decision="refer", grounds=[GROUND], by=cast.ana().actor)
    cases.confirm(case.number, agree=True, grounds=[GROUND], by=cast.boris().actor)
    assert len(handed(case)) == 1
    assert Step.objects.filter(what="referred").count() == 3
