"""Bases and queries of the public benchmark, drawn by fixed, seeded recipes: anybody draws the same ones."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SEED = 20261123
_AT_ONCE = 100_000

Hashes = NDArray[np.uint8]
"""uint8[n, 32]"""


def flipped(hashes: Hashes, most_bits: int, rng: np.random.Generator) -> Hashes:
    """Each hash with 0 to `most_bits` different bits flipped: a random hash is sorted to choose which."""
    out = hashes.copy()
    bits = rng.integers(0, most_bits + 1, len(hashes))
    for begin in range(0, len(hashes), _AT_ONCE):
        chosen = rng.random((len(hashes[begin : begin + _AT_ONCE]), 256), dtype=np.float32)
        rank = np.argpartition(chosen, most_bits, axis=1)[:, :most_bits]
        keep = np.arange(most_bits)[None] < bits[begin : begin + _AT_ONCE, None]
        rows = np.repeat(np.arange(len(chosen)), most_bits).reshape(rank.shape)
        flips = np.zeros((len(chosen), 256), dtype=np.uint8)
        flips[rows[keep], rank[keep]] = 1
        out[begin : begin + _AT_ONCE] ^= np.packbits(flips, axis=1)
    return out


def independent(count: int, rng: np.random.Generator) -> Hashes:
    return rng.integers(0, 256, (count, 32), dtype=np.uint8)


def clustered(count: int, rng: np.random.Generator) -> Hashes:
    """Half originals, half relatives of them at 0 to 40 bits; one word in twenty from a pool of 800 (skew 1.2)."""
    originals = independent(count - count // 2, rng)
    words = originals.view(np.uint16)
    shared = rng.random(words.shape, dtype=np.float32) < 0.05
    words[shared] = rng.integers(0, 1 << 16, 800, dtype=np.uint16)[rng.integers(0, 800, int(shared.sum()))]
    relatives = flipped(originals[rng.integers(0, len(originals), count // 2)], 40, rng)
    return rng.permutation(np.concatenate([originals, relatives]))


def sharing(count: int, rng: np.random.Generator) -> Hashes:
    """Adversarial: 30 % of the hashes have four words in common."""
    hashes = independent(count, rng)
    hashes[: count * 3 // 10, 8:16] = 0x5A
    return rng.permutation(hashes)


def pooled(count: int, rng: np.random.Generator) -> Hashes:
    """Adversarial: half of the hashes take 8 of their 16 words from a pool of 20."""
    hashes = independent(count, rng)
    words = hashes.view(np.uint16)[: count // 2, ::2]
    words[:] = rng.integers(0, 1 << 16, 20, dtype=np.uint16)[rng.integers(0, 20, words.shape)]
    return rng.permutation(hashes)


BASES: dict[str, Callable[[int, np.random.Generator], Hashes]] = {
    "independent": independent,
    "clustered": clustered,
    "sharing": sharing,
    "pooled": pooled,
}


def drawn(kind: str, count: int, queries: int, radius: int) -> tuple[Hashes, Hashes]:
    """A base, and queries of which half were planted at 0 to `radius` bits from it and half are near to nothing."""
    rng = np.random.default_rng(SEED)
    base = BASES[kind](count, rng)
    planted = flipped(base[rng.integers(0, count, queries // 2)], radius, rng)
    return base, rng.permutation(np.concatenate([planted, independent(queries - len(planted), rng)]))
