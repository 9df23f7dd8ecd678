"""How far each word of a query may be from a stored hash: the arithmetic that makes the index exact.

A hash is a circle of 16 words of 16 bits. Two hashes at Hamming distance D differ in d[0], …, d[15] bits of them.
Give each word an allowance a[t] >= 0 such that the allowances sum to radius + 1.

**Lemma.** If D <= radius there is a word s such that, going round the circle from s, every running sum of the
differences stays below the running sum of the allowances:

    d[s] + … + d[s+k]  <=  a[s] + … + a[s+k] - 1      for k = 0, …, 15  (indices modulo 16).

**Proof.** Let x[t] = d[t] - a[t]; they sum to at most D - (radius + 1) <= -1. Take the prefix sums
p[t] = x[0] + … + x[t-1] and let s be the *last* t in 0..15 at which p is greatest. Without wrapping, the sum from s
to t is p[t+1] - p[s], which is negative because s is the last maximum (for t + 1 = 16, p[16] <= -1 < 0 = p[0] <= p[s]).
After wrapping it is p[16] - p[s] + p[t+1] <= p[16] <= -1, because p[t+1] <= p[s]. ∎

So it is enough to look, in the table of each word t, at buckets within a[t] - 1 bits of the query's word (k = 0), to
drop an entry by its next word (k = 1) and by what is kept of the word after that (k = 2), and to compare whole hashes
only for what is left. At radius 31 every allowance is 2: one flipped bit, 17 buckets a table. Because any allowances
with the right sum will do, a query may spend less on a crowded table and more on an empty one.

The first word s that satisfies the lemma in full is unique, and it is the only table that reports the pair: no answer
comes twice, and no list of answers need be sorted to see that.
"""

from math import comb

import numpy as np
from numpy.typing import NDArray

WORDS = 16
WORD_BITS = 16
MAX_RADIUS = 63
MAX_ALLOWANCE = 4
"""Flips of up to three bits. Radius 63 needs no more when it is shared out evenly."""

FLIPS: NDArray[np.uint16] = np.array(
    sorted(
        (mask for mask in range(1 << WORD_BITS) if mask.bit_count() < MAX_ALLOWANCE), key=lambda m: (m.bit_count(), m)
    ),
    dtype=np.uint16,
)
"""Every pattern of flipped bits, fewest first."""

BUCKETS = np.array([sum(comb(WORD_BITS, bits) for bits in range(a)) for a in range(MAX_ALLOWANCE + 1)], dtype=np.int64)
"""How many of them an allowance opens: 0, 1, 17, 137, 697."""


class BadRadius(ValueError):
    """The radius is outside what the index can answer exactly."""


def even_allowances(radius: int) -> NDArray[np.uint8]:
    """radius + 1 shared out over the 16 words as evenly as possible."""
    if not 0 <= radius <= MAX_RADIUS:
        raise BadRadius(f"The radius is a whole number of bits from 0 to {MAX_RADIUS}.")
    word = np.arange(WORDS)
    return ((radius + 1) * (word + 1) // WORDS - (radius + 1) * word // WORDS).astype(np.uint8)
