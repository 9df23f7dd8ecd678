"""Each guard of the matching is taken away once, and what it kept away is seen to come in."""

import pytest

from tests import cast
from tests.indicators.stories import active, bits, near, passport, pdq
from tutela.indicators import actions
from tutela.indicators.matching import Fingerprint, match
from tutela.indicators.models import BenignHash, Indicator
from tutela.indicators.models.indicator import Indicators
from tutela.indicators.rules import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return cast.ana().actor


@pytest.fixture
def boris():
    return cast.boris().actor


def hits(value):
    return len(match([[Fingerprint("pdq", bytes(value), 90)]])[0])


@pytest.mark.parametrize("harm", ["withdrawn", "doubted"])
def test_without_the_question_to_the_database_the_withdrawn_and_the_doubted_answer(ana, boris, monkeypatch, harm):
    indicator = active(pdq(), ana, boris)
    assert hits(indicator.value) == 1
    if harm == "withdrawn":
        actions.withdraw(indicator, reason="text-1", by=ana)
    else:
        actions.give_opinion(indicator, verdict="negative", reason="text-1", by=boris)
    assert hits(indicator.value) == 0
    monkeypatch.setattr(Indicators, "that_count", lambda self: self.extra(select={"is_positive": "true"}))
    assert hits(indicator.value) == 1


def test_without_the_benign_list_a_blank_form_becomes_an_indicator_and_accuses_who_sends_it(ana, boris):
    form = bits()
    BenignHash.objects.create(pdq=form, label="a blank form")
    held = actions.propose(Fingerprint("pdq", near(form, 12), 100), passport=passport(), by=ana)
    assert held.state == State.QUARANTINED
    for one in (ana, boris):
        actions.release_from_quarantine(held, reason="text-1", by=one)
    actions.confirm(held, by=boris)
    assert hits(form) == 0
    BenignHash.objects.all().delete()
    assert hits(form) == 1
    other = _shifted(form)
    assert actions.propose(Fingerprint("pdq", other, 100), passport=passport(), by=ana).state == State.PROPOSED


def _shifted(value):
    """Two bits away, with as many bits set."""
    number = int.from_bytes(value, "big")
    one = next(place for place in range(256) if number >> place & 1)
    zero = next(place for place in range(256) if not number >> place & 1)
    return (number ^ (1 << one) ^ (1 << zero)).to_bytes(32, "big")


def test_a_row_whose_value_was_changed_by_hand_is_measured_anew(ana, boris):
    """The index still holds the old value; the distance that counts is the row's own."""
    indicator = active(pdq(), ana, boris)
    old = bytes(indicator.value)
    assert hits(old) == 1
    Indicator.objects.filter(pk=indicator.pk).update(value=near(old, 60))
    assert hits(old) == 0
