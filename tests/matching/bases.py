"""Bases of hashes drawn by numbers: independent, clustered, crowded into few buckets; and the slow, certain answer."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint8]


def independent(count: int, seed: int = 0) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def perturbed(hashes: Hashes, most_bits: int, seed: int = 0) -> Hashes:
    """Each hash with 0 to `most_bits` of its bits flipped."""
    rng = np.random.default_rng(seed)
    flips = np.zeros((len(hashes), 256), dtype=np.uint8)
    for row, bits in enumerate(rng.integers(0, most_bits + 1, len(hashes))):
        flips[row, rng.choice(256, bits, replace=False)] = 1
    return hashes ^ np.packbits(flips, axis=1)


def clustered(count: int, seed: int = 0, most_bits: int = 40) -> Hashes:
    """A twentieth of the base are originals, the rest their near and not so near relatives."""
    rng = np.random.default_rng(seed)
    originals = independent(max(1, count // 20), seed + 1)
    return perturbed(originals[rng.integers(0, len(originals), count)], most_bits, seed + 2)


def crowded(count: int, seed: int = 0, shared: int = 4) -> Hashes:
    """All share the same few words, so that some buckets hold everything."""
    hashes = independent(count, seed)
    hashes[:, : 2 * shared] = 0x5A
    return hashes


def brute_force(base: Hashes, ids: NDArray[np.int64], queries: Hashes, radius: int) -> set[tuple[int, int, int]]:
    """(query, id, distance in bits) of every pair within the radius."""
    found = set()
    for number, query in enumerate(queries):
        distances = np.bitwise_count(base ^ query).sum(axis=1)
        found |= {(number, int(ids[row]), int(distances[row])) for row in np.flatnonzero(distances <= radius)}
    return found
