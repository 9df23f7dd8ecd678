"""The compiled search through one segment: buckets, riding words, whole hashes, each stage a memory access ahead.

Waiting for memory is what matching consists of. So every stage asks for what the next one reads; a batch goes through
one table after the other, and through each table from its first bucket to its last, whichever query opens it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bits import LANES, lowest_bit, near_words, popcount, prefetch
from tutela.matching.compiled import compiled
from tutela.matching.planning import plan
from tutela.matching.segment import BUCKET_COUNT, Tables, tables_in
from tutela.matching.thresholds import BUCKETS, FLIPS, WORDS, even_allowances

MAX_SPANS = 1024
MAX_CANDIDATES = 4096
CANDIDATES_AT_ONCE = 256
MAX_BATCH = 1 << 15
MAX_BATCH_OPENINGS = 1 << 21
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


class _Spans(NamedTuple):
    """Buckets to scan: where they begin and end, for which query, how many bits were flipped to get there."""

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    query: NDArray[np.int32]
    table: NDArray[np.uint8]
    flipped: NDArray[np.uint8]
    used: NDArray[np.int64]  # [1]


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


class _Openings(NamedTuple):
    """What a batch opens in one table, in the order of the buckets."""

    query: NDArray[np.int32]
    flip: NDArray[np.uint16]


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
    spans = _Spans(
        np.empty(MAX_SPANS, np.int64),
        np.empty(MAX_SPANS, np.int64),
        np.empty(MAX_SPANS, np.int32),
        np.empty(MAX_SPANS, np.uint8),
        np.empty(MAX_SPANS, np.uint8),
        np.zeros(1, np.int64),
    )
    candidates = _Candidates(
        np.empty(MAX_CANDIDATES, np.int64),
        np.empty(MAX_CANDIDATES, np.int32),
        np.empty(MAX_CANDIDATES, np.uint8),
        np.empty(MAX_CANDIDATES, np.uint8),
        np.zeros(1, np.int64),
    )
    if queries.words.shape[0] < FEW_QUERIES:
        _search_few(tables, queries, spans, candidates, found)
    else:
        _search_batch(tables, queries, spans, candidates, found)
    _verify(tables, queries, candidates, found)


@compiled
def _search_few(tables: Tables, queries: Queries, spans: _Spans, candidates: _Candidates, found: Found) -> None:
    """Query by query, all tables of one at once: their memory is asked for together."""
    for query in range(queries.words.shape[0]):
        for table in range(WORDS):
            for flip in range(BUCKETS[queries.allowances[query, table]]):
                if spans.used[0] == MAX_SPANS:
                    _scan(tables, queries, spans, candidates, found)
                _open(tables, queries, spans, (table, query), flip)
        _scan(tables, queries, spans, candidates, found)


@compiled
def _search_batch(tables: Tables, queries: Queries, spans: _Spans, candidates: _Candidates, found: Found) -> None:
    """Table by table, so that each is read from memory once for the whole batch."""
    most = 0
    for table in range(WORDS):
        most = max(most, int(BUCKETS[queries.allowances[:, table]].sum()))
    openings = _Openings(np.empty(most, np.int32), np.empty(most, np.uint16))
    for table in range(WORDS):
        opened = _sort_openings(queries, table, openings)
        for opening in range(opened):
            if spans.used[0] == MAX_SPANS:
                _scan(tables, queries, spans, candidates, found)
            _open(tables, queries, spans, (table, int(openings.query[opening])), int(openings.flip[opening]))
        _scan(tables, queries, spans, candidates, found)


@compiled
def _sort_openings(queries: Queries, table: int, openings: _Openings) -> int:
    """A counting sort of everything the queries open in this table, by bucket."""
    places = np.zeros(BUCKET_COUNT + 1, np.int32)
    count = queries.words.shape[0]
    for query in range(count):
        word = queries.words[query, table]
        for flip in range(BUCKETS[queries.allowances[query, table]]):
            places[np.int64(word ^ FLIPS[flip]) + 1] += 1
    for bucket in range(BUCKET_COUNT):
        places[bucket + 1] += places[bucket]
    for query in range(count):
        word = queries.words[query, table]
        for flip in range(BUCKETS[queries.allowances[query, table]]):
            place = places[word ^ FLIPS[flip]]
            places[word ^ FLIPS[flip]] += 1
            openings.query[place] = query
            openings.flip[place] = flip
    return int(places[BUCKET_COUNT - 1])


@compiled
def _open(tables: Tables, queries: Queries, spans: _Spans, task: tuple[int, int], flip: int) -> None:
    table, query = task
    mask = FLIPS[flip]
    bucket = np.int64(queries.words[query, table] ^ mask)
    begin, end = np.int64(tables.offsets[table, bucket]), np.int64(tables.offsets[table, bucket + 1])
    if begin == end:
        return
    at, filled = table * tables.keys.shape[1] + begin, spans.used[0]
    prefetch(tables.keys, at)
    prefetch(tables.keys, at + LANES)
    spans.begin[filled] = begin
    spans.end[filled] = end
    spans.query[filled] = query
    spans.table[filled] = table
    spans.flipped[filled] = popcount(mask)
    spans.used[0] = filled + 1


@compiled
def _scan(tables: Tables, queries: Queries, spans: _Spans, candidates: _Candidates, found: Found) -> None:
    """Goes through the open buckets, verifying as candidates gather, and empties the list."""
    for span in range(spans.used[0]):
        for place in range(spans.begin[span], spans.end[span], LANES):
            if candidates.used[0] > MAX_CANDIDATES - LANES:
                _verify(tables, queries, candidates, found)
            _scan_group(tables, queries, spans, (span, place), candidates)
        if candidates.used[0] > CANDIDATES_AT_ONCE:
            _verify(tables, queries, candidates, found)
    spans.used[0] = 0


@compiled
def _scan_group(
    tables: Tables, queries: Queries, spans: _Spans, group: tuple[int, int], candidates: _Candidates
) -> None:
    """Keeps of 32 entries those whose next word the lemma allows."""
    span, place = group
    query, table, flipped = spans.query[span], np.int64(spans.table[span]), spans.flipped[span]
    following = (table + 1) % WORDS
    limit = np.int64(queries.allowances[query, table]) + queries.allowances[query, following] - 1 - flipped
    near = near_words(tables.keys[table], place, queries.words[query, following], np.uint16(limit))
    left = spans.end[span] - place
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
        candidates.query[waiting] = query
        candidates.table[waiting] = table
        candidates.flipped[waiting] = flipped
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
