"""An indicator falls after it was told of, and everyone who was told hears it, once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.cases.test_known import falls, known
from tests.referrals.stories import chiara, confirmed, handed, outcome
from tests.sabotage.test_poison import breaks_for
from tutela.audit.models import Leaf
from tutela.indicators import actions as indicators
from tutela.indicators.models import Change
from tutela.referrals import actions
from tutela.referrals.actions import correcting
from tutela.referrals.models import Correction, Dossier

pytestmark = pytest.mark.usefixtures("desk")


def correct() -> None:
    while actions.correct_withdrawn():
        pass


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_each_authority_whose_dossier_named_it_is_told_and_acknowledges(how: str) -> None:
    french, _ = chiara("FR"), chiara("IT")
    indicator, ana, boris = known()
    first, second = handed(confirmed("FR", "IT"))
    assert list(Dossier.objects.values_list("indicators", flat=True)) == [[indicator.pk]] * 2
    falls(indicator, how, ana if how == "withdrawn" else boris)
    assert Correction.objects.count() == 0
    correct()
    found = Correction.objects.order_by("pk").values_list("referral", "why", "indicator")
    assert list(found) == [(each.pk, f"indicator_{how}", indicator.pk) for each in (first, second)]
    leaf = Leaf.objects.get(action="referral.corrected", subject=first.subject)
    assert f'"because":"indicator:{indicator.pk}"'.encode() in bytes(leaf.content)
    told = first.corrections.get()
    assert actions.acknowledge_correction(told.pk, by=french.actor).acknowledged_by == f"person:{french.actor.id}"


def test_a_dossier_that_named_another_indicator_or_none_is_not_corrected() -> None:
    chiara("FR")
    handed(confirmed("FR"))
    fallen, ana, _ = known("g")
    known("f")
    handed(confirmed("FR"))
    falls(fallen, "withdrawn", ana)
    correct()
    assert Correction.objects.count() == 0


def test_one_that_is_doubted_and_then_withdrawn_is_told_as_both_and_each_once() -> None:
    chiara("FR")
    indicator, ana, boris = known()
    handed(confirmed("FR"))
    for verdict in ("negative", "positive", "negative"):
        indicators.give_opinion(indicator, verdict=verdict, reason="text-1", by=boris)
        correct()
    falls(indicator, "withdrawn", ana)
    correct()
    assert sorted(Correction.objects.values_list("why", flat=True)) == ["indicator_doubted", "indicator_withdrawn"]


def test_whoever_acted_on_a_doubt_is_told_of_the_next_one() -> None:
    """The doubt was taken back in between, so what was restricted may count again; each is acknowledged."""
    french = chiara("FR")
    indicator, _, boris = known()
    (told,) = handed(confirmed("FR"))
    for _ in range(2):
        falls(indicator, "doubted", boris)
        correct()
        last = told.corrections.latest("pk")
        assert last.acknowledged_at is None
        actions.acknowledge_correction(last.pk, by=french.actor)
        indicators.give_opinion(indicator, verdict="positive", reason="text-1", by=boris)
        correct()
    assert list(told.corrections.values_list("why", flat=True)) == ["indicator_doubted"] * 2
    assert len(set(told.corrections.values_list("fall", flat=True))) == 2
    assert Leaf.objects.filter(action="referral.corrected", subject=told.subject).count() == 2


def test_trying_again_tells_nobody_of_one_doubt_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Italian one is told at the second try; the French one has acted on the same doubt meanwhile."""
    french, _ = chiara("FR"), chiara("IT")
    indicator, _, boris = known()
    first, second = handed(confirmed("FR", "IT"))
    falls(indicator, "doubted", boris)
    with monkeypatch.context() as sabotage:
        breaks_for(sabotage, correcting, "_open", lambda referral, *_, **__: referral == second)
        correct()
    actions.acknowledge_correction(first.corrections.get().pk, by=french.actor)
    assert not second.corrections.exists()
    assert actions.correct_uncorrected(now=datetime.now(UTC) + timedelta(minutes=6)) == 0
    assert (first.corrections.count(), second.corrections.count()) == (1, 1)


@pytest.mark.parametrize("again", ["one doubt twice", "two at once"])
def test_the_database_refuses_a_second_correction(again: str) -> None:
    chiara("FR")
    indicator, _, boris = known()
    (told,) = handed(confirmed("FR"))
    falls(indicator, "doubted", boris)
    correct()
    one = told.corrections.get()
    other = Correction(referral=told, indicator=indicator, why=one.why, fall=one.fall)
    if again == "one doubt twice":
        other.acknowledged_at, other.acknowledged_by = datetime.now(UTC), "text-1"
    else:
        other.fall = Change.objects.create(indicator=indicator, what="doubted")
    constraint = "one_correction_per_fall" if again == "one doubt twice" else "one_open_correction_per_indicator"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        other.save()


def test_a_sealed_dossier_that_waits_outside_carries_its_correction_with_it() -> None:
    indicator, ana, _ = known()
    (kept,) = handed(confirmed("FR"))
    falls(indicator, "withdrawn", ana)
    correct()
    actions.give_outside(kept.number, by=cast.ana().actor)
    assert [each.why for each in kept.corrections.all()] == ["indicator_withdrawn"]


def test_the_authority_that_said_wrong_itself_is_not_told_so() -> None:
    french, _ = chiara("FR"), chiara("IT")
    known()
    first, second = handed(confirmed("FR", "IT"))
    actions.answer(first.number, outcome("wrong_delete"), by=french.actor)
    correct()
    assert not first.corrections.exists()
    assert sorted(each.why for each in second.corrections.all()) == ["indicator_doubted", "wrong_delete"]
