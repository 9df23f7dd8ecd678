from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.thresholds import BUCKETS, FLIPS, MAX_RADIUS, WORDS, BadRadius, even_allowances


def starts(differences, allowances):
    """Words from which every running sum round the circle stays below the running sum of the allowances."""
    found = []
    for start in range(WORDS):
        order = [(start + step) % WORDS for step in range(WORDS)]
        sums = np.cumsum([differences[word] - allowances[word] for word in order])
        if (sums < 0).all():
            found.append(start)
    return found


@st.composite
def cases(draw):
    """Any allowances that sum to radius + 1, and any differences that sum to at most the radius."""
    radius = draw(st.integers(0, MAX_RADIUS))

    def shared_out(amount):
        cuts = sorted(draw(st.lists(st.integers(0, amount), min_size=WORDS - 1, max_size=WORDS - 1)))
        return np.diff([0, *cuts, amount])

    return shared_out(draw(st.integers(0, radius))), shared_out(radius + 1)


@given(cases())
def test_the_lemma_every_pair_within_the_radius_has_a_word_to_start_from(case):
    assert starts(*case)


@pytest.mark.parametrize("radius", range(MAX_RADIUS + 1))
def test_the_lemma_on_pairs_drawn_at_every_distance(radius):
    rng = np.random.default_rng(radius)
    allowances = even_allowances(radius)
    for distance in {0, radius // 2, radius}:
        bits = np.zeros(256, int)
        bits[rng.choice(256, distance, replace=False)] = 1
        assert starts(bits.reshape(WORDS, 16).sum(axis=1), allowances)


def test_one_allowance_less_and_the_lemma_no_longer_holds():
    short = even_allowances(31).copy()
    short[5] -= 1
    assert starts(np.array([2] * 5 + [1] + [2] * 10), short) == []


@given(st.integers(0, MAX_RADIUS))
def test_even_allowances_sum_to_the_radius_and_one(radius):
    allowances = even_allowances(radius)
    assert allowances.sum() == radius + 1
    assert allowances.max() - allowances.min() <= 1


@pytest.mark.parametrize("radius", [-1, 64, 1000])
def test_a_radius_that_cannot_be_answered_is_refused(radius):
    with pytest.raises(BadRadius, match="0 to 63"):
        even_allowances(radius)


def test_flips_open_every_bucket_within_the_allowance_once():
    for allowance, opened in enumerate(BUCKETS):
        flips = FLIPS[:opened]
        assert opened == sum(comb(16, bits) for bits in range(allowance))
        assert len(np.unique(flips)) == opened
        assert all(int(flip).bit_count() < allowance for flip in flips)
