"""A segment: up to 16.7 million hashes sorted into 16 tables, never changed once built but for its withdrawal bits.

Each table files every hash under one of its 16 words. Beside the rows of a bucket ride the next word, and in the bits
of the row number that a small segment does not need, the beginning of the word after that: most candidates are
dropped before their hash is touched. Rows are in the order of their first word, so that table 0 needs no row numbers.

A segment is one block of memory, and the same block is what a file holds. Its sections, each at a multiple of 64
bytes: hashes, bucket offsets, riding words, rows, ids, withdrawal bits. A small segment has no tables and is scanned.
Memory per hash: 32 (hash) + 32 (riding words) + 60 (rows) + 3, 4 or 8 (id) bytes, and 4 MiB of bucket offsets a
segment: 131.3 bytes at a million hashes whose ids lie close together, 127.5 at ten million.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bits import LANES
from tutela.matching.compiled import compiled
from tutela.matching.thresholds import WORD_BITS, WORDS

HASH_BYTES = 32
MAX_ROWS = 1 << 24
BUCKET_COUNT = 1 << WORD_BITS
ALIGNMENT = 64
ID_BYTES = (3, 4, 8)
"""The narrowest that holds a segment's ids, counted from its lowest."""
CROWDED_FACTOR = 16
"""A bucket is crowded when it is this many times as full as the average and holds 64 more."""


class Part(IntEnum):
    """What the numbers of a layout are: two facts, then where each section begins, then where the block ends."""

    ROWS = 0
    RIDE_BITS = 1  # -1 where there are no tables
    HASHES = 2
    OFFSETS = 3
    KEYS = 4
    ENTRIES = 5
    IDS = 6
    GONE = 7
    END = 8
    CROWDED = 9  # 1 where some bucket is so full that queries are planned one by one; not part of the file


class Tables(NamedTuple):
    """What the compiled search reads. `words` and `quads` are two views of the same hashes."""

    words: NDArray[np.uint16]  # [rows, 16]
    quads: NDArray[np.uint64]  # [rows, 4]
    offsets: NDArray[np.uint32]  # [16, 65537]
    keys: NDArray[np.uint16]  # [16, rows + padding], the word that rides along
    entries: NDArray[np.uint32]  # [15, rows] for tables 1 to 15: row number, then riding bits of the third word
    ride_bits: int
    gone: NDArray[np.uint8]  # one bit a row, set when it was withdrawn: the only thing that ever changes
    crowded: bool


class Segment:
    """A block of memory and what it means."""

    __slots__ = ("first_id", "hidden", "id_bytes", "layout", "memory", "tables")

    def __init__(self, memory: NDArray[np.uint8], rows: int, tabled: bool, first_id: int, id_bytes: int) -> None:
        self.layout = layout_of(rows, tabled, id_bytes)
        self.memory = memory
        self.first_id, self.id_bytes = first_id, id_bytes
        self.tables = tables_in(memory, self.layout)
        # Ids, ascending, that are withdrawn though their bits are not set yet: whoever searches leaves them out.
        self.hidden: NDArray[np.int64] = np.empty(0, np.int64)

    def survey(self) -> None:
        """Once the tables are filled: are there buckets so full that queries near them must be planned?"""
        if not self.is_plain:
            sizes = np.diff(self.tables.offsets, axis=1)
            self.layout[Part.CROWDED] = sizes.max() > CROWDED_FACTOR * len(self) / BUCKET_COUNT + 64
            self.tables = tables_in(self.memory, self.layout)

    def __len__(self) -> int:
        return int(self.layout[Part.ROWS])

    @property
    def is_plain(self) -> bool:
        """True where there are no tables, only hashes to scan."""
        return bool(self.layout[Part.RIDE_BITS] < 0)

    def hashes(self) -> NDArray[np.uint8]:
        return self.tables.quads.view(np.uint8)

    def id_offsets(self) -> NDArray[np.uint8]:
        """Each row's id less `first_id`, [rows, bytes of an id], the lowest byte first."""
        begin = self.layout[Part.IDS]
        return self.memory[begin : begin + len(self) * self.id_bytes].reshape(-1, self.id_bytes)

    def ids(self, rows: NDArray[np.uint32] | slice = slice(None)) -> NDArray[np.int64]:
        narrow = self.id_offsets()[rows]
        wide = np.zeros((len(narrow), 8), dtype=np.uint8)
        wide[:, : self.id_bytes] = narrow
        return wide.view(np.int64).ravel() + self.first_id

    def live_rows(self) -> int:
        return len(self) - int(np.bitwise_count(self.tables.gone).sum())

    def live(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Hashes and ids of what was not withdrawn."""
        hidden = self.hidden
        kept = np.unpackbits(self.tables.gone, count=len(self), bitorder="little") == 0
        if len(hidden):
            kept &= ~np.isin(self.ids(), hidden)
        return self.hashes()[kept], self.ids()[kept]

    def withdraw(self, ids: NDArray[np.int64]) -> int:
        """Sets the bits of every row under these ids; returns how many were not set before."""
        if self.id_bytes < 8:
            ids = ids[(ids >= self.first_id) & (ids - self.first_id < 1 << 8 * self.id_bytes)]
        return mark_gone(self.id_offsets(), np.unique((ids - self.first_id).view(np.uint64)), self.tables.gone)


def layout_of(rows: int, tabled: bool, id_bytes: int) -> NDArray[np.int64]:
    """Where each section of a block begins, by `Part`."""
    sizes = [
        rows * HASH_BYTES,
        WORDS * (BUCKET_COUNT + 1) * 4 if tabled else 0,
        WORDS * (rows + LANES) * 2 if tabled else 0,
        (WORDS - 1) * rows * 4 if tabled else 0,
        rows * id_bytes,
        (rows + 7) // 8,
    ]
    padded = [-(-size // ALIGNMENT) * ALIGNMENT for size in sizes]
    ride_bits = min(WORD_BITS, 32 - max(rows - 1, 1).bit_length()) if tabled else -1
    return np.array([rows, ride_bits, 0, *np.cumsum(padded), 0], dtype=np.int64)


def build_segment(hashes: NDArray[np.uint8], ids: NDArray[np.int64], *, tabled: bool = True) -> Segment:
    """Sorts 1 to `MAX_ROWS` hashes, uint8[n, 32], into tables, or lays them down to be scanned."""
    rows, first_id = len(ids), int(ids.min())
    spread = int(ids.max()) - first_id
    id_bytes = next(size for size in ID_BYTES if size == 8 or spread < 1 << 8 * size)
    # Ids that span more than half of all numbers would overflow as differences; they are kept as they are.
    first_id = first_id if id_bytes < 8 else 0
    memory = np.zeros(layout_of(rows, tabled, id_bytes)[Part.END], dtype=np.uint8)
    segment = Segment(memory, rows, tabled, first_id, id_bytes)
    order = np.argsort(np.ascontiguousarray(hashes[:, :2]).view(np.uint16).ravel(), kind="stable")
    segment.hashes()[:] = hashes[order]
    segment.id_offsets()[:] = (ids[order] - first_id).view(np.uint8).reshape(-1, 8)[:, :id_bytes]
    if tabled:
        file_words(segment.tables)
        segment.survey()
    return segment


@compiled
def tables_in(memory: NDArray[np.uint8], layout: NDArray[np.int64]) -> Tables:
    """The sections of a block as arrays."""
    rows, ride_bits = layout[0], layout[1]
    quads = memory[layout[2] : layout[2] + rows * 32].view(np.uint64).reshape((rows, 4))
    words = memory[layout[2] : layout[2] + rows * 32].view(np.uint16).reshape((rows, 16))
    tables = 16 if ride_bits >= 0 else 0
    offsets = memory[layout[3] : layout[3] + tables * 65537 * 4].view(np.uint32).reshape((tables, 65537))
    width = rows + LANES
    keys = memory[layout[4] : layout[4] + tables * width * 2].view(np.uint16).reshape((tables, width))
    numbered = max(tables - 1, 0)
    entries = memory[layout[5] : layout[5] + numbered * rows * 4].view(np.uint32).reshape((numbered, rows))
    gone = memory[layout[7] : layout[7] + (rows + 7) // 8]
    return Tables(words, quads, offsets, keys, entries, ride_bits, gone, layout[9] == 1)


@compiled
def file_words(tables: Tables) -> None:
    """Fills the tables by counting sort, one word after the other."""
    words, ride_bits = tables.words, tables.ride_bits
    rows = words.shape[0]
    ride_mask = np.uint32((1 << ride_bits) - 1)
    places = np.empty(BUCKET_COUNT, dtype=np.uint32)
    for table in range(WORDS):
        following, third = (table + 1) % WORDS, (table + 2) % WORDS
        sizes = tables.offsets[table]
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
            tables.keys[table, place] = words[row, following]
            if table > 0:
                tables.entries[table - 1, place] = (np.uint32(row) << np.uint32(ride_bits)) | (
                    np.uint32(words[row, third]) & ride_mask
                )


@compiled
def mark_gone(ids: NDArray[np.uint8], wanted: NDArray[np.uint64], gone: NDArray[np.uint8]) -> int:
    """Sets the bit of every row whose id is among the sorted `wanted`; returns how many were not set before."""
    # Most ids are ruled out by their last sixteen bits, without a search.
    possible = np.zeros(1 << 16, dtype=np.bool_)
    for id_ in wanted:
        possible[np.int64(id_ & np.uint64(0xFFFF))] = True
    newly = 0
    for row in range(ids.shape[0]):
        if possible[np.int64(ids[row, 0]) | np.int64(ids[row, 1]) << 8]:
            whole = np.uint64(0)
            for byte in range(ids.shape[1]):
                whole |= np.uint64(ids[row, byte]) << np.uint64(8 * byte)
            place = np.searchsorted(wanted, whole)
            bit = np.uint8(1 << (row & 7))
            if place < wanted.shape[0] and wanted[place] == whole and not gone[row >> 3] & bit:
                gone[row >> 3] |= bit
                newly += 1
    return newly
