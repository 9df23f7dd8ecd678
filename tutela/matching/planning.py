"""Which tables to ask how much, when hashes crowd into few buckets.

Letterboxed film, logos on flat ground and ill will all give many hashes the same words. A query near them would find
a large part of the base in each bucket it opens. Any allowances that sum to radius + 1 are exact (see `thresholds`),
so such a query spends them where the buckets are small; and where that costs more than looking at every hash, it does.
"""

import numpy as np
from numpy.typing import NDArray

from tutela.matching.compiled import compiled
from tutela.matching.segment import Tables
from tutela.matching.thresholds import BUCKETS, FLIPS, MAX_ALLOWANCE, WORDS

# Rough prices in nanoseconds, of opening a bucket, of an entry in it, and of comparing one whole hash.
_OPENING, _ENTRY, _COMPARISON = 4.0, 0.5, 1.5
_WORTH_PLANNING = 20_000.0


@compiled
def plan(tables: Tables, words: NDArray[np.uint16], allowances: NDArray[np.uint8]) -> bool:
    """Moves the allowances of one query to where they cost least. True: better compare it with every hash instead."""
    costs = np.empty((WORDS, MAX_ALLOWANCE + 1))
    even = _open_costs(tables, words, allowances, costs)
    if even < _WORTH_PLANNING:
        return False
    total = 0
    for allowance in allowances:
        total += int(allowance)
    generous = np.full(WORDS, MAX_ALLOWANCE, dtype=np.uint8)
    _open_costs(tables, words, generous, costs)
    best = _share_out(costs, total, allowances)
    return bool(best > _COMPARISON * tables.quads.shape[0])


@compiled
def _open_costs(
    tables: Tables, words: NDArray[np.uint16], allowances: NDArray[np.uint8], costs: NDArray[np.float64]
) -> float:
    """Fills in what each allowance up to the given one costs in each table; returns what the given ones cost."""
    total = 0.0
    for word in range(WORDS):
        costs[word, 0] = 0.0
        cost = 0.0
        for allowance in range(1, allowances[word] + 1):
            for flip in range(BUCKETS[allowance - 1], BUCKETS[allowance]):
                bucket = np.int64(words[word] ^ FLIPS[flip])
                size = np.int64(tables.offsets[word, bucket + 1]) - np.int64(tables.offsets[word, bucket])
                cost += _OPENING + _ENTRY * size
            costs[word, allowance] = cost
        total += cost
    return total


@compiled
def _share_out(costs: NDArray[np.float64], total: int, allowances: NDArray[np.uint8]) -> float:
    """The cheapest allowances with this sum, found word by word; returns their cost."""
    cheapest = np.full((WORDS + 1, total + 1), np.inf)
    chosen = np.zeros((WORDS + 1, total + 1), dtype=np.uint8)
    cheapest[0, 0] = 0.0
    for word in range(WORDS):
        for spent in range(total + 1):
            for allowance in range(min(MAX_ALLOWANCE, total - spent) + 1):
                cost = cheapest[word, spent] + costs[word, allowance]
                if cost < cheapest[word + 1, spent + allowance]:
                    cheapest[word + 1, spent + allowance] = cost
                    chosen[word + 1, spent + allowance] = allowance
    left = total
    for word in range(WORDS - 1, -1, -1):
        allowances[word] = chosen[word + 1, left]
        left -= int(chosen[word + 1, left])
    return float(cheapest[WORDS, total])
