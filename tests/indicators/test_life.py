"""Ana proposes, Boris confirms; nobody else's way leads to an active indicator."""

import pytest
from django.db import connection

from tests import cast
from tests.indicators.stories import active, passport, pdq, sha256
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, NotYours, Role
from tutela.audit.models import Leaf
from tutela.exchange.words import OutcomeCode
from tutela.indicators import actions
from tutela.indicators.models import Change, Event, Indicator, Opinion, Tombstone
from tutela.indicators.rules import Outcome, Refused, State, Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return cast.ana().actor


@pytest.fixture
def boris():
    return cast.boris().actor


def proposed(by, fingerprint=None, **other):
    return actions.propose(fingerprint or pdq(), passport=passport(**other), by=by)


def leaves(indicator):
    return list(
        Leaf.objects.filter(subject=f"indicator:{indicator.pk}").order_by("id").values_list("action", flat=True)
    )


def test_a_proposal_waits_and_a_second_reader_makes_it_active(ana, boris):
    indicator = proposed(ana)
    assert (indicator.state, indicator.tier, indicator.second_reader) == (State.PROPOSED, Tier.A, None)
    indicator = actions.confirm(indicator, by=boris)
    assert (indicator.state, indicator.tier) == (State.ACTIVE, Tier.C)
    assert indicator.outcome() is Outcome.POSITIVE
    assert leaves(indicator) == ["indicator.proposed", "indicator.confirmed"]
    assert [event.what for event in indicator.events.all()] == ["proposed", "confirmed"]
    [label] = indicator.classifications.all()
    assert (label.scheme, label.version, label.code) == ("invented-scheme", "1", "text-3")


def test_two_people_of_one_organisation_reach_the_middle_tier():
    home = cast.organisation("hotline", country="IE")
    indicator = active(sha256(), cast.ana(home).actor, cast.boris(home).actor)
    assert indicator.tier == Tier.B


def test_the_first_reader_cannot_confirm(ana):
    indicator = proposed(ana)
    with pytest.raises(Refused, match="somebody else must confirm"):
        actions.confirm(indicator, by=ana)
    assert Indicator.objects.get(pk=indicator.pk).state == State.PROPOSED


def test_nobody_confirms_twice(ana, boris):
    with pytest.raises(NotInThisState, match="is active"):
        actions.confirm(active(pdq(), ana, boris), by=boris)


def test_a_machine_and_the_house_itself_cannot_read(ana):
    indicator = proposed(ana)
    machine = cast.credential(cast.organisation("hotline"), role=Role.ANALYST).credential.actor()
    for nobody in (machine, HOUSE):
        with pytest.raises(Refused, match="A person must do this"):
            actions.confirm(indicator, by=nobody)
        with pytest.raises(Refused, match="A person must do this"):
            proposed(nobody)


@pytest.mark.parametrize(
    "act",
    [
        lambda indicator, by: proposed(by),
        lambda indicator, by: actions.confirm(indicator, by=by),
        lambda indicator, by: actions.give_opinion(indicator, verdict="negative", reason="text-1", by=by),
        lambda indicator, by: actions.withdraw(indicator, reason="text-1", by=by),
        lambda indicator, by: actions.release_from_quarantine(indicator, reason="text-1", by=by),
        lambda indicator, by: actions.record_outcome_precision(indicator, code="other_action", about="x:1", by=by),
    ],
)
def test_the_stranger_gets_nothing(ana, act):
    indicator = proposed(ana)
    before = Event.objects.count()
    with pytest.raises(NotYours):
        act(indicator, cast.stranger().actor)
    assert Event.objects.count() == before


def test_another_organisations_analyst_may_doubt_but_not_withdraw(ana, boris):
    indicator = active(pdq(), ana, boris)
    with pytest.raises(NotYours):
        actions.withdraw(indicator, reason="text-1", by=boris)
    actions.give_opinion(indicator, verdict="negative", reason="text-2", by=boris)
    assert indicator.outcome() is Outcome.DISPUTED


def test_a_doubt_can_be_taken_back_and_both_stand_in_the_history(ana, boris):
    indicator = active(pdq(), ana, boris)
    for verdict in ("negative", "seed"):
        actions.give_opinion(indicator, verdict=verdict, reason=f"text {verdict}", by=boris)
    assert indicator.outcome() is Outcome.POSITIVE
    assert Opinion.objects.filter(indicator=indicator).count() == 2
    said = list(indicator.events.values_list("what", "why"))[-2:]
    assert said == [("opinion_negative", "text negative"), ("opinion_seed", "text seed")]


def test_an_opinion_of_another_kind_or_without_reason_is_refused(ana, boris):
    indicator = active(pdq(), ana, boris)
    with pytest.raises(Refused, match="negative, seed, positive"):
        actions.give_opinion(indicator, verdict="perhaps", reason="text-1", by=ana)
    with pytest.raises(Refused, match="reason"):
        actions.give_opinion(indicator, verdict="negative", reason="  ", by=ana)


def test_what_the_gates_hold_leaves_quarantine_by_two_people_and_still_needs_a_confirmation(ana, boris):
    indicator = proposed(ana, pdq(110))
    assert indicator.state == State.QUARANTINED
    assert "110 of 256 bits" in indicator.holds[0]
    with pytest.raises(NotInThisState, match="quarantine"):
        actions.confirm(indicator, by=boris)
    actions.release_from_quarantine(indicator, reason="looked at it", by=ana)
    with pytest.raises(Refused, match="somebody else must agree"):
        actions.release_from_quarantine(indicator, reason="looked again", by=ana)
    indicator = actions.release_from_quarantine(indicator, reason="so did I", by=boris)
    assert (indicator.state, indicator.second_reader) == (State.PROPOSED, None)
    assert actions.confirm(indicator, by=boris).state == State.ACTIVE
    assert leaves(indicator)[1:3] == ["indicator.release_asked", "indicator.released"]


def test_the_same_value_is_listed_once(ana, boris):
    fingerprint = sha256()
    proposed(ana, fingerprint)
    with pytest.raises(Refused, match="already listed"):
        proposed(boris, fingerprint)


def test_a_withdrawn_value_does_not_come_back(ana, boris):
    fingerprint = sha256()
    indicator = actions.withdraw(active(fingerprint, ana, boris), reason="a mistake of ours", by=ana)
    assert (indicator.state, indicator.withdrawn_reason) == (State.WITHDRAWN, "a mistake of ours")
    assert Tombstone.objects.get().reason == "a mistake of ours"
    for again in (ana, boris):
        with pytest.raises(Refused, match="may not be added again"):
            proposed(again, fingerprint)
    with pytest.raises(NotInThisState, match="final"):
        actions.withdraw(indicator, reason="again", by=ana)
    with pytest.raises(Refused, match="withdrawn"):
        actions.give_opinion(indicator, verdict="positive", reason="text-1", by=boris)


def test_a_proposal_taken_back_shuts_nobody_out(ana, boris):
    fingerprint = sha256()
    actions.withdraw(proposed(ana, fingerprint), reason="a slip of the hand", by=ana)
    assert not Tombstone.objects.exists()
    assert not Change.objects.exists()
    assert active(fingerprint, boris, ana).state == State.ACTIVE


def test_an_authoritys_wrong_delete_counts_and_stops_the_matching(ana, boris):
    indicator, chiara = active(sha256(), ana, boris), cast.officer().actor
    for about, code in (("referral:1", "child_protected"), ("referral:2", "no_action"), ("referral:3", "wrong_delete")):
        actions.record_outcome_precision(indicator, code=code, about=about, by=chiara)
    said = indicator.precision()
    assert (said.right, said.wrong, said.share) == (1, 1, 0.5)
    assert indicator.outcome() is Outcome.DISPUTED
    assert not Indicator.objects.that_count().filter(pk=indicator.pk).exists()


def test_an_answer_corrected_or_repeated_is_counted_once(ana, boris):
    indicator, chiara = active(sha256(), ana, boris), cast.officer().actor
    for code in (OutcomeCode.NO_ACTION, OutcomeCode.INVESTIGATION_OPENED, OutcomeCode.INVESTIGATION_OPENED):
        actions.record_outcome_precision(indicator, code=code, about="referral:7", by=chiara)
    assert {code: n for code, n in indicator.precision().counts.items() if n} == {OutcomeCode.INVESTIGATION_OPENED: 1}


def test_many_are_proposed_and_confirmed_under_the_same_rules_with_a_leaf_each(ana, boris):
    found = actions.propose_many([(sha256(), passport()) for _ in range(20)], by=ana)
    with pytest.raises(Refused, match="somebody else"):
        actions.confirm_many(found, by=ana)
    found = actions.confirm_many(found, by=boris)
    assert {one.state for one in found} == {State.ACTIVE}
    assert [leaves(one) for one in found] == [["indicator.proposed", "indicator.confirmed"]] * 20


def test_one_bad_proposal_among_many_leaves_nothing_behind(ana):
    with pytest.raises(Refused, match=r"Proposal 2: .*quality"):
        actions.propose_many([(one, passport()) for one in (sha256(), pdq(), pdq(quality=12))], by=ana)
    assert not Indicator.objects.exists()
    assert not Leaf.objects.filter(action__startswith="indicator").exists()


def test_the_record_never_holds_the_value(ana, boris):
    indicator = active(sha256(), ana, boris)
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(content, 'UTF8') FROM audit_leaf")
        assert all(bytes(indicator.value).hex() not in content for (content,) in cursor.fetchall())
