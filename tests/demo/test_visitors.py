"""What a visitor sends while the demonstration stays up is decided and answered; what she does is left to her."""

import random
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests import cast
from tests.cases.stories import case_of, gather, send
from tutela.cases import actions as cases
from tutela.demo import desk, world
from tutela.demo.visitors import Visitors
from tutela.referrals.models import Referral

pytestmark = pytest.mark.django_db


class Desks:
    """In place of the authorities' machines: notes which referrals they were let at."""

    def __init__(self):
        self.let_at = []

    def work(self, done, rng, *, after_each, only=None):
        waiting = Referral.objects.filter(state=Referral.State.HANDED_OVER)
        mine = [each.number for each in waiting if each.number in only]
        done.answered += mine
        self.let_at += mine


@pytest.fixture
def house(monkeypatch):
    # A story inside one transaction: its own rows count as settled, though nothing is committed.
    monkeypatch.setattr("tutela.audit.cursor.settled_before", lambda: 2**62)
    said = []
    invented = world.build(pictures=2)
    by = cast.credential(invented.providers[0].organisation).credential.actor()
    before = send(by)
    gather()
    desks = Desks()
    visitors = Visitors(invented, [desks], SimpleNamespace(say=said.append), random.Random(1))
    return SimpleNamespace(visitors=visitors, by=by, before=before, desks=desks, said=said, world=invented)


def look(house):
    house.visitors._next_look = 0.0
    house.visitors.serve()


def test_what_a_visitor_sends_is_decided_by_two_and_answered_once(house):
    mine = send(house.by, incident={"type": "material", "at": datetime.now(UTC).isoformat()})
    look(house)
    assert house.said == [], "it was not matched and linked yet"
    gather()
    look(house)
    case = case_of(mine)
    assert (case.state, case.readings.count()) == ("referred", 2)
    assert f"({mine.number}) is case {case.number}: confirmed by two and handed over" in house.said[0]
    handed = list(Referral.objects.filter(case=case).values_list("number", flat=True))
    assert house.desks.let_at == handed
    look(house)
    assert len(house.said) == 1 and house.desks.let_at == handed


def test_what_was_there_before_her_is_left_for_her_to_decide(house):
    look(house)
    assert case_of(house.before).state == "waiting"
    assert house.said == []


def test_what_she_hands_over_herself_is_hers_to_answer(house):
    case = case_of(house.before)
    desk.decide(case.number, house.world, desk.Decided())
    look(house)
    assert Referral.objects.filter(case=case, state=Referral.State.HANDED_OVER).exists()
    assert house.desks.let_at == []


def test_where_she_was_faster_the_two_go_on(house, monkeypatch):
    taken, other = send(house.by, reference="first"), send(house.by, reference="second")
    gather()
    decide = desk.decide

    def after_her(number, *rest):
        if number == case_of(taken).number:
            cases.assess(number, decision="refer", grounds=["material_described"], by=house.world.first_reader)
        return decide(number, *rest)

    monkeypatch.setattr(desk, "decide", after_her)
    look(house)
    assert case_of(other).state == "referred"
    assert any("is left to you" in line for line in house.said)


def test_it_looks_every_two_seconds_and_not_at_every_call(house):
    looks = []
    house.visitors._new_cases = lambda: looks.append(1) or []
    for _ in range(5):
        house.visitors.serve()
    assert len(looks) == 1
