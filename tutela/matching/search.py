"""The compiled search through one segment: buckets, riding words, whole hashes, each stage a memory access ahead.

Waiting for memory is what matching consists of. So every stage asks for what the next one reads; a batch goes through
one table after the other, and through each table from its first bucket to its last, whichever query opens it. What a
scan needs to know of a query is packed into one number, an opening, so that it never goes back to the query itself.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bits import LANES, lowest_bit, near_words, popcount, prefetch
from tutela.matching.compiled import compiled
from tutela.matching.planning import plan
from tutela.matching.segment import BUCKET_COUNT, Tables, tables_in
from tutela.matching.thresholds import BUCKETS, FLIPS, WORDS, even_allowances

MAX_CANDIDATES = 4096
CANDIDATES_AT_ONCE = 256
MAX_BATCH = 1 << 15
MAX_BATCH_OPENINGS = 1 << 21
OPENINGS_AT_ONCE = 256
FEW_QUERIES = 32
"""Below this, sorting what is opened costs more than it saves."""


class Queries(NamedTuple):
    words: NDArray[np.uint16]  # [queries, 16]
    quads: NDArray[np.uint64]  # [queries, 4]
    allowances: NDArray[np.uint8]  # [queries, 16]
    radius: int


class Found(NamedTuple):
    """Room for answers. `used` may end above the room: then ask again with as much."""

    query: NDArray[np.int32]
    row: NDArray[np.uint32]
    distance_bits: NDArray[np.uint8]
    used: NDArray[np.int64]  # [1]

    def first(self, answers: int) -> "Found":
        return Found(self.query[:answers], self.row[:answers], self.distance_bits[:answers], self.used)


class _Candidates(NamedTuple):
    """Entries that passed the filters so far: a place in a table, later a row."""

    place: NDArray[np.int64]
    query: NDArray[np.int32]
    table: NDArray[np.uint8]
    flipped: NDArray[np.uint8]
    used: NDArray[np.int64]  # [1]


def room_for(answers: int) -> Found:
    return Found(
        np.empty(answers, np.int32), np.empty(answers, np.uint32), np.empty(answers, np.uint8), np.zeros(1, np.int64)
    )


def batch_size(radius: int) -> int:
    """How many queries to search together: enough to read a table once for many, few enough to sort in the cache."""
    most = int(even_allowances(radius).max())
    return int(min(MAX_BATCH, max(FEW_QUERIES, MAX_BATCH_OPENINGS // BUCKETS[most])))


@compiled
def search_block(  # noqa: PLR0917 plain arrays are taken over in a sixth of the time that named tuples need
    memory: NDArray[np.uint8],
    layout: NDArray[np.int64],
    asked: NDArray[np.uint8],
    allowances: NDArray[np.uint8],
    radius: int,
    query: NDArray[np.int32],
    row: NDArray[np.uint32],
    distance_bits: NDArray[np.uint8],
    used: NDArray[np.int64],
) -> int:
    """One query (32 bytes) against one segment's block; how many answers there are, room or not."""
    queries = Queries(asked.view(np.uint16).reshape((1, 16)), asked.view(np.uint64).reshape((1, 4)), allowances, radius)
    return search_segment(tables_in(memory, layout), queries, Found(query, row, distance_bits, used))


@compiled
def search_segment(tables: Tables, queries: Queries, found: Found) -> int:
    """Finds every (query, row, distance) within the radius whose row is not gone; how many, room or not."""
    everyone = np.arange(queries.words.shape[0])
    if tables.ride_bits < 0:
        scan_rows(tables, queries, everyone, found)
    elif tables.crowded:
        planned = Queries(queries.words, queries.quads, queries.allowances.copy(), queries.radius)
        scanned = np.zeros(len(everyone), np.bool_)
        for query in everyone:
            scanned[query] = plan(tables, planned.words[query], planned.allowances[query])
            if scanned[query]:
                planned.allowances[query] = 0
        search_tables(tables, planned, found)
        scan_rows(tables, queries, everyone[scanned], found)
    else:
        search_tables(tables, queries, found)
    return int(found.used[0])


@compiled
def search_tables(tables: Tables, queries: Queries, found: Found) -> None:
    candidates = _Candidates(
        np.empty(MAX_CANDIDATES, np.int64),
        np.empty(MAX_CANDIDATES, np.int32),
        np.empty(MAX_CANDIDATES, np.uint8),
        np.empty(MAX_CANDIDATES, np.uint8),
        np.zeros(1, np.int64),
    )
    if queries.words.shape[0] < FEW_QUERIES:
        _search_few(tables, queries, candidates, found)
    else:
        _search_batch(tables, queries, candidates, found)
    _verify(tables, queries, candidates, found)


@compiled
def _search_few(tables: Tables, queries: Queries, candidates: _Candidates, found: Found) -> None:
    """Query by query, all tables of one at once: their memory is asked for together."""
    openings = np.empty(BUCKETS[queries.allowances.max()], np.uint64)
    for query in range(queries.words.shape[0]):
        for asked in (True, False):
            for table in range(WORDS):
                opened = BUCKETS[queries.allowances[query, table]]
                if not opened:
                    continue
                opening = _opening(queries, table, query)
                for flip in range(opened):
                    openings[flip] = _flipped(opening, flip)
                if asked:
                    _ask_for(tables, table, openings[:opened])
                else:
                    _join(tables, queries, table, openings[:opened], candidates, found)


@compiled
def _search_batch(tables: Tables, queries: Queries, candidates: _Candidates, found: Found) -> None:
    """Table by table, and each from its first bucket to its last: it is read once, whoever opens what in it."""
    most = 0
    for table in range(WORDS):
        most = max(most, int(BUCKETS[queries.allowances[:, table]].sum()))
    openings = np.empty(most, np.uint64)
    ends = np.empty(BUCKET_COUNT + 1, np.int32)
    for table in range(WORDS):
        opened = _sort_openings(queries, table, openings, ends)
        for first in range(0, opened, OPENINGS_AT_ONCE):
            some = openings[first : min(first + OPENINGS_AT_ONCE, opened)]
            _ask_for(tables, table, some)
            _join(tables, queries, table, some, candidates, found)


@compiled
def _sort_openings(queries: Queries, table: int, openings: NDArray[np.uint64], ends: NDArray[np.int32]) -> int:
    """A counting sort of everything the queries open in this table, by bucket; returns how many there are."""
    ends[:] = 0
    for query in range(queries.words.shape[0]):
        word = queries.words[query, table]
        for flip in range(BUCKETS[queries.allowances[query, table]]):
            ends[np.int64(word ^ FLIPS[flip]) + 1] += 1
    for bucket in range(BUCKET_COUNT):
        ends[bucket + 1] += ends[bucket]
    for query in range(queries.words.shape[0]):
        word, flips = queries.words[query, table], BUCKETS[queries.allowances[query, table]]
        if flips:
            opening = _opening(queries, table, query)
            for flip in range(flips):
                bucket = word ^ FLIPS[flip]
                openings[ends[bucket]] = _flipped(opening, flip)
                ends[bucket] += 1
    return int(ends[BUCKET_COUNT - 1])


@compiled
def _opening(queries: Queries, table: int, query: int) -> np.uint64:
    """Who opens which bucket what for, as one number.

    From bit 48 on the bucket, from 32 on the query, from 16 on its next word; from 8 on how many bits were flipped to
    get here, and last how many the next word may differ in.
    """
    following = (table + 1) % WORDS
    limit = np.uint64(queries.allowances[query, table]) + np.uint64(queries.allowances[query, following])
    bucket, word = np.uint64(queries.words[query, table]), np.uint64(queries.words[query, following])
    return bucket << np.uint64(48) | np.uint64(query) << np.uint64(32) | word << np.uint64(16) | limit - np.uint64(1)


@compiled
def _flipped(opening: np.uint64, flip: int) -> np.uint64:
    """The same with another bucket: each flipped bit is counted, and taken from what the next word may differ in."""
    bits = np.uint64(popcount(FLIPS[flip]))
    return (opening ^ np.uint64(FLIPS[flip]) << np.uint64(48)) + (bits << np.uint64(8)) - bits


@compiled
def _ask_for(tables: Tables, table: int, openings: NDArray[np.uint64]) -> None:
    """Asks for the beginnings of these buckets, a moment before they are read."""
    width = np.int64(tables.keys.shape[1])
    for opening in openings:
        at = table * width + np.int64(tables.offsets[table, opening >> np.uint64(48)])
        prefetch(tables.keys, at)
        prefetch(tables.keys, at + LANES)


@compiled
def _join(  # noqa: PLR0917 as `search_block`
    tables: Tables,
    queries: Queries,
    table: int,
    openings: NDArray[np.uint64],
    candidates: _Candidates,
    found: Found,
) -> None:
    """Scans what these openings open, verifying as candidates gather."""
    for opening in openings:
        bucket = opening >> np.uint64(48)
        begin, end = int(tables.offsets[table, bucket]), int(tables.offsets[table, bucket + np.uint64(1)])
        for place in range(begin, end, LANES):
            if candidates.used[0] > MAX_CANDIDATES - LANES:
                _verify(tables, queries, candidates, found)
            _scan_group(tables, table, opening, (place, end), candidates)
    if candidates.used[0] > CANDIDATES_AT_ONCE:
        _verify(tables, queries, candidates, found)


@compiled
def _scan_group(tables: Tables, table: int, opening: np.uint64, span: tuple[int, int], candidates: _Candidates) -> None:
    """Keeps of 32 entries those whose next word the lemma allows."""
    place, end = span
    near = near_words(
        tables.keys[table], place, np.uint16(opening >> np.uint64(16)), np.uint16(opening & np.uint64(0xFF))
    )
    left = end - place
    if left < LANES:
        near &= np.uint32((1 << left) - 1)
    rows = tables.quads.shape[0]
    waiting = candidates.used[0]
    while near != 0:
        at = place + lowest_bit(near)
        near &= near - np.uint32(1)
        if table > 0:
            prefetch(tables.entries, (table - 1) * rows + at)
        else:
            prefetch(tables.quads, at * 4)
        candidates.place[waiting] = at
        candidates.query[waiting] = np.int32(opening >> np.uint64(32) & np.uint64(0xFFFF))
        candidates.table[waiting] = table
        candidates.flipped[waiting] = np.uint8(opening >> np.uint64(8))
        waiting += 1
    candidates.used[0] = waiting


@compiled
def _verify(tables: Tables, queries: Queries, candidates: _Candidates, found: Found) -> None:
    """Compares whole hashes for the candidates that are left, and empties their list."""
    _drop_by_third_word(tables, queries, candidates)
    for candidate in range(candidates.used[0]):
        row, query = candidates.place[candidate], candidates.query[candidate]
        distance = _distance_bits(tables.quads[row], queries.quads[query])
        if distance > queries.radius or tables.gone[row >> 3] >> (row & 7) & 1:
            continue
        start = _first_start(tables.words[row], queries.words[query], queries.allowances[query])
        if start == candidates.table[candidate]:
            _answer(found, query, row, distance)
    candidates.used[0] = 0


@compiled
def _drop_by_third_word(tables: Tables, queries: Queries, candidates: _Candidates) -> None:
    """Turns places into rows, dropping those whose third word, as far as it rides along, is too far."""
    ride_mask = np.uint32((1 << tables.ride_bits) - 1)
    kept = 0
    for candidate in range(candidates.used[0]):
        place, query = candidates.place[candidate], candidates.query[candidate]
        table = np.int64(candidates.table[candidate])
        row = place
        if table > 0:
            following, third = (table + 1) % WORDS, (table + 2) % WORDS
            entry = tables.entries[table - 1, place]
            distance = (
                np.int64(candidates.flipped[candidate])
                + popcount(tables.keys[table, place] ^ queries.words[query, following])
                + popcount((entry ^ np.uint32(queries.words[query, third])) & ride_mask)
            )
            allowed = np.int64(queries.allowances[query, table]) + queries.allowances[query, following]
            if distance >= allowed + queries.allowances[query, third]:
                continue
            row = np.int64(entry >> np.uint32(tables.ride_bits))
            if row >= tables.quads.shape[0]:
                continue  # only in a damaged file, and even there nothing outside of it may be read
            prefetch(tables.quads, row * 4)
        candidates.place[kept] = row
        candidates.query[kept] = query
        candidates.table[kept] = table
        kept += 1
    candidates.used[0] = kept


@compiled
def _first_start(stored: NDArray[np.uint16], asked: NDArray[np.uint16], allowances: NDArray[np.uint8]) -> int:
    """The first word from which every running sum stays within the allowances; there is one (see `thresholds`)."""
    for start in range(WORDS):
        running = np.int64(0)
        for step in range(WORDS):
            word = (start + step) % WORDS
            running += popcount(stored[word] ^ asked[word]) - np.int64(allowances[word])
            if running >= 0:
                break
        else:
            return start
    return WORDS


@compiled
def scan_rows(tables: Tables, queries: Queries, chosen: NDArray[np.int64], found: Found) -> None:
    """The chosen queries against every row: for small segments, and where buckets would cover everything."""
    if len(chosen) == 0:
        return
    for row in range(tables.quads.shape[0]):
        if tables.gone[row >> 3] >> (row & 7) & 1:
            continue
        for query in chosen:
            distance = _distance_bits(tables.quads[row], queries.quads[query])
            if distance <= queries.radius:
                _answer(found, query, row, distance)


@compiled
def _distance_bits(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    near = popcount(one[0] ^ other[0]) + popcount(one[1] ^ other[1])
    distance: int = near + popcount(one[2] ^ other[2]) + popcount(one[3] ^ other[3])
    return distance


@compiled
def _answer(found: Found, query: int, row: int, distance: int) -> None:
    count = found.used[0]
    if count < found.row.shape[0]:
        found.query[count] = query
        found.row[count] = row
        found.distance_bits[count] = distance
    found.used[0] = count + 1
