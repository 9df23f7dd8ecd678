import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tutela.matching import bits


@numba.njit
def count_of(value):
    return bits.popcount(value)


@numba.njit
def lowest_of(value):
    return bits.lowest_bit(value)


@numba.njit
def near_of(words, first, word, limit):
    return bits.near_words(words, first, word, limit)


@numba.njit
def touch(words, position):
    bits.prefetch(words, position)
    return words[0]


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_bits_are_counted_at_every_width(value):
    assert count_of(np.uint64(value)) == value.bit_count()
    assert count_of(np.uint32(value % 2**32)) == (value % 2**32).bit_count()
    assert count_of(np.uint16(value % 2**16)) == (value % 2**16).bit_count()


@settings(deadline=None)
@given(st.integers(1, 2**32 - 1))
def test_the_lowest_bit_is_found(value):
    assert lowest_of(np.uint32(value)) == (value & -value).bit_length() - 1


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 31), st.integers(0, 65535), st.integers(0, 16))
def test_near_words_are_those_within_the_limit_wherever_the_group_begins(seed, first, word, limit):
    words = np.random.default_rng(seed).integers(0, 65536, 64, dtype=np.uint16)
    words[first + 3] = word
    mask = near_of(words, first, np.uint16(word), np.uint16(limit))
    expected = [(int(other) ^ word).bit_count() <= limit for other in words[first : first + bits.LANES]]
    assert [bool(mask >> lane & 1) for lane in range(bits.LANES)] == expected


def test_asking_for_memory_that_is_not_there_does_no_harm():
    words = np.arange(8, dtype=np.uint16)
    assert touch(words, 10**12) == 0
