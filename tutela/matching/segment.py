"""A segment: up to 16.7 million hashes sorted into 16 tables, never changed once built but for its withdrawal bits.

Each table files every hash under one of its 16 words. Beside the rows of a bucket ride the next word, and in the bits
of the row number that a small segment does not need, the beginning of the word after that: most candidates are
dropped before their hash is touched. Rows are in the order of their first word, so that table 0 needs no row numbers.

Memory per hash: 32 (hash) + 32 (riding words) + 60 (rows) + 4 or 8 (id) bytes, and 4 MiB of bucket offsets a segment.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bits import LANES
from tutela.matching.compiled import compiled
from tutela.matching.thresholds import WORD_BITS, WORDS

HASH_BYTES = 32
MAX_ROWS = 1 << 24
BUCKET_COUNT = 1 << WORD_BITS


class Tables(NamedTuple):
    """What the compiled search reads. `words` and `quads` are two views of the same hashes."""

    words: NDArray[np.uint16]  # [rows, 16]
    quads: NDArray[np.uint64]  # [rows, 4]
    offsets: NDArray[np.uint32]  # [16, 65537]
    keys: NDArray[np.uint16]  # [16, rows + padding], the word that rides along
    entries: NDArray[np.uint32]  # [15, rows] for tables 1 to 15: row number, then riding bits of the third word
    ride_bits: int
    gone: NDArray[np.uint8]  # one bit a row, set when it was withdrawn: the only thing that ever changes


class Segment(NamedTuple):
    tables: Tables
    ids: NDArray[np.int64]
    is_plain: bool
    """True where there are no tables, only hashes to scan."""

    def __len__(self) -> int:
        return len(self.ids)

    def hashes(self) -> NDArray[np.uint8]:
        return self.tables.quads.view(np.uint8)

    def live_rows(self) -> int:
        return len(self) - int(np.bitwise_count(self.tables.gone).sum())

    def live(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Hashes and ids of what was not withdrawn."""
        kept = np.unpackbits(self.tables.gone, count=len(self), bitorder="little") == 0
        return self.hashes()[kept], self.ids[kept]

    def withdraw(self, rows: NDArray[np.int64]) -> int:
        """Sets the rows' bits; returns how many were not set before."""
        before = self.live_rows()
        np.bitwise_or.at(self.tables.gone, rows >> 3, np.left_shift(1, rows & 7).astype(np.uint8))
        return before - self.live_rows()


def rows_with_ids(segment: Segment, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(segment.ids, wanted))


def plain_segment(hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> Segment:
    """Hashes without tables: a few thousand are scanned faster than looked up."""
    none = np.empty((0, 0), dtype=np.uint32)
    hashes = np.array(hashes, order="C")
    tables = Tables(
        hashes.view(np.uint16), hashes.view(np.uint64), none, np.empty((0, 0), np.uint16), none, 0, _none_gone(len(ids))
    )
    return Segment(tables, ids.copy(), is_plain=True)


def _none_gone(rows: int) -> NDArray[np.uint8]:
    return np.zeros((rows + 7) // 8, dtype=np.uint8)


def build_segment(hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> Segment:
    """Sorts uint8[n, 32] into tables; n is at most `MAX_ROWS`."""
    order = np.argsort(np.ascontiguousarray(hashes[:, :2]).view(np.uint16).ravel(), kind="stable")
    sorted_hashes = np.ascontiguousarray(hashes[order])
    words, quads = sorted_hashes.view(np.uint16), sorted_hashes.view(np.uint64)
    rows = len(words)
    ride_bits = min(WORD_BITS, 32 - max(rows - 1, 1).bit_length())
    offsets = np.empty((WORDS, BUCKET_COUNT + 1), dtype=np.uint32)
    keys = np.zeros((WORDS, rows + LANES), dtype=np.uint16)
    entries = np.empty((WORDS - 1, rows), dtype=np.uint32)
    file_words(words, ride_bits, offsets, keys, entries)
    tables = Tables(words, quads, offsets, keys, entries, ride_bits, _none_gone(rows))
    return Segment(tables, ids[order], is_plain=False)


@compiled
def file_words(
    words: NDArray[np.uint16],
    ride_bits: int,
    offsets: NDArray[np.uint32],
    keys: NDArray[np.uint16],
    entries: NDArray[np.uint32],
) -> None:
    """Fills the tables by counting sort, one word after the other."""
    rows = words.shape[0]
    ride_mask = np.uint32((1 << ride_bits) - 1)
    places = np.empty(BUCKET_COUNT, dtype=np.uint32)
    for table in range(WORDS):
        following, third = (table + 1) % WORDS, (table + 2) % WORDS
        sizes = offsets[table]
        sizes[:] = 0
        for row in range(rows):
            sizes[np.int64(words[row, table]) + 1] += np.uint32(1)
        for bucket in range(BUCKET_COUNT):
            places[bucket] = sizes[bucket]
            sizes[bucket + 1] += sizes[bucket]
        for row in range(rows):
            word = words[row, table]
            place = places[word]
            places[word] = place + np.uint32(1)
            keys[table, place] = words[row, following]
            if table > 0:
                entries[table - 1, place] = (np.uint32(row) << np.uint32(ride_bits)) | (
                    np.uint32(words[row, third]) & ride_mask
                )
