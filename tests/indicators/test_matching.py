"""What is known of a fingerprint, and what must never answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.indicators.stories import active, bits, near, passport, pdq, sha256
from tutela.indicators import actions
from tutela.indicators.matching import Fingerprint, match
from tutela.indicators.models import BenignHash
from tutela.indicators.rules import Outcome
from tutela.matching.hashes import distance_bits

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return cast.ana().actor


@pytest.fixture
def boris():
    return cast.boris().actor


def asked(value, quality=90):
    [hits] = match([[Fingerprint("pdq", value, quality)]])
    return hits


def test_a_near_picture_is_a_lead_with_its_distance_and_the_threshold(ana, boris):
    indicator = active(pdq(), ana, boris)
    [hit] = asked(near(indicator.value, 31))
    assert (hit.indicator_id, hit.kind, hit.distance_bits, hit.threshold_bits) == (indicator.pk, "pdq", 31, 31)
    assert (hit.tier, hit.outcome) == ("C", Outcome.POSITIVE)
    assert asked(near(indicator.value, 32)) == []


@pytest.mark.parametrize(("kind", "size"), [("sha256", 32), ("sha1", 20), ("md5", 16), ("url", 32)])
def test_an_exact_kind_answers_exactly_and_only_for_its_own_kind(ana, boris, kind, size):
    indicator = active(Fingerprint(kind, bits()[:size]), ana, boris)
    value = bytes(indicator.value)
    [[hit], nothing] = match([[Fingerprint(kind, value)], [Fingerprint(kind, bytes([value[0] ^ 1]) + value[1:])]])
    assert (hit.indicator_id, hit.kind, hit.distance_bits, hit.threshold_bits) == (indicator.pk, kind, 0, 0)
    assert nothing == []
    other = {"sha256": "url", "url": "sha256"}.get(kind)
    assert other is None or match([[Fingerprint(other, value)]]) == [[]]


def test_what_is_only_proposed_or_held_does_not_answer(ana):
    for fingerprint in (pdq(), pdq(110), sha256()):
        actions.propose(fingerprint, passport=passport(), by=ana)
        assert match([[Fingerprint(fingerprint.kind, fingerprint.value, 90)]]) == [[]]


@pytest.mark.parametrize("fingerprint", [pdq(), sha256()])
def test_what_was_withdrawn_does_not_answer_from_that_moment(ana, boris, fingerprint):
    indicator = active(fingerprint, ana, boris)
    wanted = [[Fingerprint(fingerprint.kind, fingerprint.value, 90)]]
    assert match(wanted) != [[]]
    actions.withdraw(indicator, reason="text-1", by=ana)
    assert match(wanted) == [[]]


@pytest.mark.parametrize("fingerprint", [pdq(), sha256()])
def test_what_is_disputed_does_not_answer_until_the_doubt_is_taken_back(ana, boris, fingerprint):
    indicator = active(fingerprint, ana, boris)
    wanted = [[Fingerprint(fingerprint.kind, fingerprint.value, 90)]]
    for verdict, answers in (("negative", 0), ("seed", 1)):
        actions.give_opinion(indicator, verdict=verdict, reason="text-1", by=boris)
        assert len(match(wanted)[0]) == answers


def test_what_everybody_only_suspects_answers_as_a_seed(ana, boris):
    indicator = active(sha256(), ana, boris)
    for one in (ana, boris):
        actions.give_opinion(indicator, verdict="seed", reason="text-1", by=one)
    [[hit]] = match([[Fingerprint("sha256", bytes(indicator.value))]])
    assert hit.outcome is Outcome.SEED


def test_a_poor_picture_is_not_asked_about_and_one_without_quality_is(ana, boris):
    indicator = active(pdq(), ana, boris)
    value = bytes(indicator.value)
    assert asked(value, quality=49) == []
    assert len(asked(value, quality=50)) == len(asked(value, quality=None)) == 1


def test_a_picture_known_to_be_benign_is_never_a_hit_unless_the_indicator_is_nearer(ana, boris):
    harmless = BenignHash.objects.create(pdq=bits(128), label="a form").pdq
    indicator = actions.propose(Fingerprint("pdq", near(harmless, 10), 90), passport=passport(), by=ana)
    assert any('"a form"' in sentence for sentence in indicator.holds)
    for one in (ana, boris):
        actions.release_from_quarantine(indicator, reason="text-1", by=one)
    actions.confirm(indicator, by=boris)
    assert asked(harmless) == []
    [hit] = asked(bytes(indicator.value))
    assert hit.distance_bits == 0


def test_each_item_has_its_own_answer_nearest_first_and_one_for_each_indicator(ana, boris):
    first = active(pdq(), ana, boris)
    second = active(Fingerprint("pdq", _balanced(first.value), 90), ana, boris)
    file = active(sha256(), ana, boris)
    item = [Fingerprint("pdq", bytes(first.value), 90), Fingerprint("sha256", bytes(file.value))]
    answers = match([item, [], [Fingerprint("pdq", bytes(first.value), 90)] * 2, [sha256()]])
    assert [[hit.indicator_id for hit in hits] for hits in answers] == [
        [file.pk, first.pk, second.pk], [], [first.pk, second.pk], []
    ]  # fmt: skip


def _balanced(value, pairs=8):
    """16 bits away with as many bits set as before, so that no gate holds it."""
    number = int.from_bytes(value, "big")
    ones = [place for place in range(256) if number >> place & 1][:pairs]
    zeros = [place for place in range(256) if not number >> place & 1][:pairs]
    return (number ^ sum(1 << place for place in ones + zeros)).to_bytes(32, "big")


def test_the_number_of_questions_does_not_grow_with_the_number_of_items(ana, boris):
    indicator = active(pdq(), ana, boris)

    def questions(items):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            match([[Fingerprint("pdq", bytes(indicator.value), 90), sha256()] for _ in range(items)])
        return len(seen)

    match([[pdq()]])
    assert questions(1) == questions(200) <= 5


def test_the_answers_are_those_of_comparing_with_everything(ana, boris):
    """300 items, 60 indicators, a third of them withdrawn or doubted: the same pairs, none more, none less."""
    indicators = actions.confirm_many(actions.propose_many([(pdq(), passport()) for _ in range(60)], by=ana), by=boris)
    for place, indicator in enumerate(indicators):
        if place % 6 == 0:
            actions.withdraw(indicator, reason="text-1", by=ana)
        if place % 6 == 1:
            actions.give_opinion(indicator, verdict="negative", reason="text-1", by=boris)
    standing = {one.pk: bytes(one.value) for place, one in enumerate(indicators) if place % 6 > 1}
    wanted = [near(indicators[place % 60].value, place % 45) for place in range(300)]
    answers = match([[Fingerprint("pdq", value, 90)] for value in wanted])
    for value, hits in zip(wanted, answers, strict=True):
        distances = {id_: distance_bits(value, known) for id_, known in standing.items()}
        assert {hit.indicator_id: hit.distance_bits for hit in hits} == {
            id_: bits_ for id_, bits_ in distances.items() if bits_ <= 31
        }
    assert sum(map(len, answers)) > 100
