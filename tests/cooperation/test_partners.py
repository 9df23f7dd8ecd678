"""Who is printed, on which ground, and who may say so."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.cooperation import actions, rules
from tutela.cooperation.models import Partner, printed_partners
from tutela.cooperation.partners import read_partners, shipped
from tutela.cooperation.rules import PartnerKind, Refused
from tutela.law.dates import today
from tutela.law.instruments import provision
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

TODAY = today()
FACTS = {
    "kind": "network",
    "name": "Network Example",
    "country": "",
    "exchanged": "lists of text-1",
    "ground": "reg-2016-794:art-26b",
    "source_url": "https://network.example/members",
    "checked_on": TODAY,
    "certainty": "verified",
}


def test_only_what_was_verified_is_printed():
    printed, everything = shipped(), shipped(include_unverified=True)
    assert 0 < len(printed) < len(everything)
    assert {each.source.certainty for each in printed} == {Certainty.VERIFIED}
    assert {said.source.certainty for each in printed for said in each.exchanges} == {Certainty.VERIFIED}


def test_every_ground_that_is_named_was_read():
    grounds = {said.ground for each in shipped(include_unverified=True) for said in each.exchanges if said.ground}
    assert len(grounds) == 3
    assert all(provision(ground).source.enabled for ground in grounds)


def test_an_exchange_without_a_ground_says_that_none_was_read():
    groundless = [said for each in shipped(include_unverified=True) for said in each.exchanges if not said.ground]
    assert [said.source.note for said in groundless] == ["The legal ground of each hotline's exchange was not read."]
    assert not [said for each in shipped() for said in each.exchanges if not said.ground]


def test_each_kind_of_partner_ships_and_ids_are_used_once():
    everything = shipped(include_unverified=True)
    assert {each.kind for each in everything} == set(PartnerKind)
    assert len({each.id for each in everything}) == len(everything)


def test_a_hotline_that_is_switched_off_in_the_law_is_not_printed():
    names = {each.name for each in shipped()}
    off = [each for each in shipped(include_unverified=True) if each.source.certainty is Certainty.MEMORY]
    assert len(off) > 5
    assert not names & {each.name for each in off}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('ground = "reg-2016-794:art-99"', "not a provision"),
        ('ground = "reg-2016-679:art-6-1"', "not verified"),
        ('ground = ""\ngroudn = "x"', "unknown key groudn"),
    ],
)
def test_a_wrong_record_is_named(line, said):
    text = (
        "checked_on = 2026-11-23\n[[partner]]\nid = 'partner:x'\nname = 'X'\ncountry = ''\n"
        "source_url = 'https://x.example'\ncertainty = 'verified'\n[[partner.exchange]]\nwhat = 'text-1'\n" + line
    )
    with pytest.raises((BadRecord, Refused), match=said):
        read_partners(PartnerKind.NETWORK, parse("partners/x.toml", text))


def test_a_policy_body_adds_a_partner_and_the_audit_has_it(radu):
    partner = actions.add_partner(**FACTS, by=radu.actor)
    assert partner.known() in printed_partners()
    leaf = Leaf.objects.latest("pk")
    assert (leaf.action, leaf.subject) == ("partner.added", f"partner:{partner.pk}")


def test_what_is_not_verified_stays_at_home_until_somebody_looks(radu, freja):
    partner = actions.add_partner(**FACTS | {"certainty": "memory"}, by=radu.actor)
    assert partner.known() not in printed_partners()
    stranger = cast.stranger().actor
    assert [list(Partner.objects.open_to(each)) for each in (radu.actor, freja.actor, stranger)] == [[partner], [], []]
    actions.check_partner(partner.pk, source_url="https://network.example/read", certainty="verified", by=radu.actor)
    assert "Network Example" in {each.name for each in printed_partners()}
    assert [len(Partner.objects.open_to(each)) for each in (freja.actor, stranger)] == [1, 1]


def test_the_stranger_and_another_state_change_nothing(radu, freja):
    partner = actions.add_partner(**FACTS, by=radu.actor)
    again = {"source_url": "https://x.example", "certainty": "memory"}
    with pytest.raises(NotYours):
        actions.add_partner(**FACTS, by=cast.stranger().actor)
    for somebody in (cast.stranger(), freja):
        with pytest.raises(NotYours):
            actions.check_partner(partner.pk, **again, by=somebody.actor)
    with pytest.raises(NotYours):
        actions.check_partner(partner.pk + 999, **again, by=radu.actor)
    assert Partner.objects.get().certainty == "verified"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "friend"}, "kind is one of: hotline"),
        ({"name": " "}, "Write the name"),
        ({"country": "Romania"}, "two capital letters"),
        ({"ground": "art-5"}, "not a provision"),
        ({"source_url": "network.example"}, "begins with https"),
        ({"checked_on": TODAY + timedelta(days=1)}, "lies in the future"),
        ({"certainty": "sure"}, "certainty is one of"),
        ({"exchanged": "a\x00b"}, "no text"),
    ],
)
def test_a_bad_partner_is_refused_with_what_to_change(radu, change, said):
    with pytest.raises(Refused, match=said):
        actions.add_partner(**FACTS | change, by=radu.actor)
    assert Partner.objects.count() == 0


def test_the_same_exchange_is_noted_once_by_each_body(radu, freja):
    actions.add_partner(**FACTS, by=radu.actor)
    with pytest.raises(Refused, match="noted already"):
        actions.add_partner(**FACTS, by=radu.actor)
    actions.add_partner(**FACTS, by=freja.actor)


def test_the_house_itself_keeps_no_partners(db):
    with pytest.raises(Refused, match="An organisation must say this"):
        actions.add_partner(**FACTS, by=HOUSE)


@given(st.text())
def test_no_text_passes_as_a_ground_unless_the_law_has_it(text):
    with pytest.raises(Refused):
        rules.check_ground(text)
