"""Moves, gates, passports and what bodies together say, without a database."""

import hashlib
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.indicators.stories import bits, near, passport, pdq
from tutela.accounts.moves import NotInThisState
from tutela.exchange.words import OutcomeCode, Verdict
from tutela.indicators.rules import (
    MOVES,
    RADIUS_BITS,
    Benign,
    Category,
    Fingerprint,
    Kind,
    Outcome,
    Refused,
    State,
    Tier,
    check_move,
    check_passport,
    gates,
    outcome,
    precision,
    tier,
)
from tutela.matching.hashes import distance_bits, popcount

NOTHING_KNOWN = Benign({})
TODAY = date(2026, 11, 23)
FUZZED = 10_000


def test_a_withdrawal_is_final_and_nothing_becomes_active_but_by_confirmation():
    assert MOVES[State.WITHDRAWN] == {}
    to_active = [(state, move) for state, moves in MOVES.items() for move, to in moves.items() if to is State.ACTIVE]
    assert to_active == [(State.PROPOSED, "confirm")]


@pytest.mark.parametrize(
    ("state", "move"), [(state, move) for state in State for move in ("confirm", "release", "withdraw")]
)
def test_a_move_is_open_or_refused_in_a_sentence(state, move):
    if move in MOVES[state]:
        assert check_move(state, move) is MOVES[state][move]
    else:
        with pytest.raises(NotInThisState, match=r"this indicator .+: it is not open to"):
            check_move(state, move)


@pytest.mark.parametrize("quality", [None, 0, 49, 101])
def test_a_picture_hash_without_a_good_quality_is_refused(quality):
    with pytest.raises(Refused, match="quality, from 50 to 100"):
        gates(pdq(quality=quality), NOTHING_KNOWN)


@given(st.integers(0, 256))
def test_the_number_of_set_bits_refuses_holds_or_passes(count):
    fingerprint = pdq(count)
    if count <= 80 or count >= 176:
        with pytest.raises(Refused, match=f"{count} of 256 bits"):
            gates(fingerprint, NOTHING_KNOWN)
    else:
        held = gates(fingerprint, NOTHING_KNOWN)
        assert bool(held) is not (120 <= count <= 136)


@given(st.integers(0, 60))
def test_what_lies_near_the_harmless_is_held_with_its_name(distance):
    harmless = bits()
    value = near(harmless, distance)
    said = gates(Fingerprint("pdq", value, 100), Benign({harmless: "a blank form"}))
    named = [sentence for sentence in said if "a blank form" in sentence]
    assert bool(named) is (distance <= RADIUS_BITS)
    assert all(sentence.startswith(f"{distance} bits") for sentence in named)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=20, unique=True), st.randoms())
def test_the_nearest_benign_picture_is_the_one_a_comparison_with_all_finds(hashes, dice):
    wanted = near(dice.choice(hashes), dice.randrange(40))
    found = Benign({value: str(place) for place, value in enumerate(hashes)}).nearest(wanted)
    least = min(distance_bits(wanted, value) for value in hashes)
    assert (found.distance_bits if found else None) == (least if least <= RADIUS_BITS else None)


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_the_digest_of_nothing_is_refused(kind):
    nothing = hashlib.new(kind, usedforsecurity=False).digest()
    for value in (nothing, bytes(len(nothing))):
        with pytest.raises(Refused, match="empty file"):
            gates(Fingerprint(kind, value), NOTHING_KNOWN)


@pytest.mark.parametrize(("kind", "size"), [("pdq", 31), ("sha256", 33), ("md5", 20), ("url", 16), ("photodna", 144)])
def test_another_length_or_kind_is_refused_without_repeating_the_value(kind, size):
    value = bytes(range(size))
    with pytest.raises(Refused) as refusal:
        gates(Fingerprint(kind, value, 90), NOTHING_KNOWN)
    assert value.hex() not in str(refusal.value)


GOOD = {"category": "national", "authority": "authority:fr", "legal_basis": "dir-2011-93:art-2-c", "made_by": "a test"}


def _damaged(word, dice):
    place = dice.randrange(len(word))
    return dice.choice(
        (
            word,
            word,
            "",
            word[:place],
            word[:place] + chr(dice.randrange(32, 0x250)) + word[place:],
            word.swapcase(),
            " ",
        )
    )


def test_a_passport_is_whole_or_refused():
    """Of 10,000 damaged passports none is accepted whose category, authority or provision is not a known one."""
    dice, accepted, wrongly = random.Random(11), 0, 0
    for _ in range(FUZZED):
        said = {name: _damaged(word, dice) for name, word in GOOD.items()}
        try:
            check_passport(passport(**said), today=TODAY)
        except Refused:
            continue
        accepted += 1
        whole = all(said[name] == GOOD[name] for name in ("category", "authority", "legal_basis"))
        wrongly += not (whole and said["made_by"].strip())
    assert (wrongly, accepted > 100, accepted < FUZZED // 2) == (0, True, True)


def test_the_categories_are_two():
    """Another word here widens the list to other content: that is not an engineer's decision."""
    assert set(Category) == {"baseline", "national"}


def test_a_day_in_the_future_and_an_unnamed_scheme_are_refused():
    with pytest.raises(Refused, match="future"):
        check_passport(passport(identified_on=date(2026, 11, 24)), today=TODAY)
    with pytest.raises(Refused, match="scheme"):
        check_passport(passport(labels=(type(passport().labels[0])("", "1", "x"),)), today=TODAY)


@given(st.lists(st.sampled_from(Verdict)))
def test_what_bodies_together_say_has_four_values(verdicts):
    negative, other = Verdict.NEGATIVE in verdicts, bool(set(verdicts) - {Verdict.NEGATIVE})
    said = outcome(verdicts)
    assert (said in {Outcome.NEGATIVE, Outcome.DISPUTED}) is negative
    assert (said is Outcome.DISPUTED) is (negative and other)
    assert (said is Outcome.POSITIVE) is (not negative and Verdict.POSITIVE in verdicts)


def test_two_people_of_one_organisation_are_less_than_two_of_two():
    assert (tier(1, 1), tier(1, 2)) == (Tier.B, Tier.C)


def test_precision_counts_what_held_and_what_was_wrong_and_leaves_the_rest_out():
    said = precision([OutcomeCode.CHILD_PROTECTED, OutcomeCode.NO_ACTION, OutcomeCode.WRONG_DELETE, "other_action"])
    assert (said.right, said.wrong, said.share) == (2, 1, 2 / 3)
    assert sum(said.counts.values()) == 4
    assert precision(["no_action"]).share is None


def test_every_kind_has_a_length():
    for kind in Kind:
        with pytest.raises(Refused, match=r"The length does not fit"):
            gates(Fingerprint(kind, b"", 90), NOTHING_KNOWN)


def test_a_drawn_number_has_the_bits_the_story_says():
    assert popcount(bits(97)) == 97
