"""Exact range search over 256-bit hashes that may change while it is asked.

What was added goes to small segments beside the large one, what was withdrawn is a bit consulted at the end of a
search. Readers take no lock: they see one consistent list of segments, replaced as a whole by whoever changes it.
"""

from functools import lru_cache
from threading import Lock, Thread
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tutela.matching.hashes import BadHash
from tutela.matching.search import Queries, batch_size, room_for, search_block, search_segment
from tutela.matching.segment import HASH_BYTES, MAX_ROWS, Segment, build_segment
from tutela.matching.thresholds import WORDS, even_allowances

DEFAULT_RADIUS = 31
"""PDQ's published recommendation: 31 of 256 bits."""

SCANNED_ROWS = 4_096
"""Up to here, comparing with every hash is faster than opening buckets."""

MERGED_AT_ONCE = 1 << 16
"""Additions merge small segments up to this many rows, some 50 ms of work; `merge` does the rest, off the hot path."""

MANY_SEGMENTS = 8
"""Every segment is searched by every query: from here on a merge is worth its work."""


class Hits(NamedTuple):
    """Three columns of equal length, ordered by query, distance and id."""

    query: NDArray[np.int32]
    id: NDArray[np.int64]
    distance_bits: NDArray[np.uint8]


class Index:
    """Built from uint8[n, 32] hashes and int64[n] ids; one id may carry several hashes."""

    def __init__(self, segments: tuple[Segment, ...] = ()) -> None:
        self._segments = segments
        # Two that set bits of one byte at once would lose one of them, hence `_marking`: taken last, held alone.
        self._changing, self._merging, self._marking = Lock(), Lock(), Lock()
        # While a merge is at work: how many segments it has taken, and which ids were withdrawn since.
        self._taken = 0
        self._withdrawn_since: list[NDArray[np.int64]] = []
        self._settling: Thread | None = None

    @classmethod
    def build(cls, hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> Self:
        index = cls()
        index.add(hashes, ids)
        return index

    def __len__(self) -> int:
        self.settled()
        return sum(segment.live_rows() for segment in self._segments)

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self._segments

    @property
    def is_scattered(self) -> bool:
        """Additions left so many segments that `merge` is worth calling."""
        return len(self._segments) >= MANY_SEGMENTS

    def add(self, hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> None:
        """Takes effect at once. The same hash or the same id may be added again; each addition answers for itself."""
        hashes, ids = checked(hashes, ids)
        with self._changing:
            taken, segments = self._segments[: self._taken], self._segments[self._taken :]
            for begin in range(0, len(ids), MAX_ROWS):
                segments = _with(segments, hashes[begin : begin + MAX_ROWS], ids[begin : begin + MAX_ROWS])
            self._segments = (*taken, *segments)

    def withdraw(self, ids: NDArray[np.int64]) -> int:
        """Takes effect at once, on every hash under these ids; returns how many hashes went."""
        self.settled()
        wanted = np.unique(np.asarray(ids, dtype=np.int64))
        with self._changing, self._marking:
            if self._taken:
                self._withdrawn_since.append(wanted)
            return sum(segment.withdraw(wanted) for segment in self._segments)

    def hide(self, ids: NDArray[np.int64]) -> None:
        """As `withdraw`, at once and whatever the size: the bits of the rows are set by a thread, while others ask."""
        wanted = np.unique(np.asarray(ids, dtype=np.int64))
        with self._changing:
            if self._taken:
                self._withdrawn_since.append(wanted)
            for segment in self._segments:
                segment.hidden = np.union1d(segment.hidden, wanted)
            if self._settling is None:
                self._settling = Thread(target=self._settle, daemon=True)
                self._settling.start()

    def _settle(self) -> None:
        while True:
            with self._changing:
                waiting = [(segment, segment.hidden) for segment in self._segments if len(segment.hidden)]
                if not waiting:
                    self._settling = None
                    return
            for segment, hidden in waiting:
                with self._marking:
                    segment.withdraw(hidden)
                with self._changing:
                    # Only now, when the bits are set, may they be forgotten; more may have come meanwhile.
                    segment.hidden = np.setdiff1d(segment.hidden, hidden, assume_unique=True)

    def settled(self) -> None:
        """Waits until every hidden row has its bit."""
        with self._changing:
            settling = self._settling
        if settling is not None:
            settling.join()

    def merge(self) -> None:
        """Folds all segments into as few as there can be, while everybody goes on asking and changing.

        Takes as long as a build and twice the memory; a second caller waits for the first.
        """
        with self._merging:
            with self._changing:
                before = self._segments
                self._taken = len(before)
            try:
                folded = Index(before).merged()
                with self._changing:
                    # A withdrawal may have come after its row was copied. What was added under the same id since then
                    # stands in a later segment, which this does not touch.
                    for ids in self._withdrawn_since:
                        folded.withdraw(ids)
                    self._segments = (*folded.segments, *self._segments[len(before) :])
            finally:
                with self._changing:
                    self._taken, self._withdrawn_since = 0, []

    def merged(self) -> Self:
        """The same hashes without what was withdrawn, in as few segments as there can be. This index stays as it is."""
        live = [segment.live() for segment in self._segments]
        if not live:
            return type(self)()
        hashes, ids = (np.concatenate(column) for column in zip(*live, strict=True))
        return type(self).build(hashes, ids)

    def query(self, hash_: bytes, radius: int = DEFAULT_RADIUS) -> list[tuple[int, int]]:
        """(id, distance in bits) of every hash within the radius, nearest first."""
        if len(hash_) != HASH_BYTES:
            raise BadHash(f"A hash to look for is {HASH_BYTES} bytes.")
        # A writable copy: the search is compiled for one kind of array only.
        asked = np.frombuffer(bytearray(hash_), dtype=np.uint8)
        answers: list[tuple[int, int]] = []
        for segment in self._segments:
            ids, distances = _search_one(segment, asked, radius)
            answers += zip(ids.tolist(), distances.tolist(), strict=True)
        return sorted(answers, key=lambda answer: (answer[1], answer[0]))

    def query_batch(self, hashes: NDArray[np.uint8], radius: int = DEFAULT_RADIUS) -> Hits:
        """Every pair within the radius, for uint8[m, 32]."""
        hashes, segments, size = _checked_hashes(hashes), self._segments, batch_size(radius)
        parts = [
            _search_batch(segment, hashes[begin : begin + size], begin, radius)
            for begin in range(0, len(hashes), size)
            for segment in segments
        ]
        if not parts:
            return Hits(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.uint8))
        query, id_, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((id_, distance, query))
        return Hits(query[order], id_[order], distance[order])


def prepare() -> None:
    """Compiles the search, seconds of work once per installation: for a server's start, so that no request waits."""
    hashes = np.arange(64 * HASH_BYTES, dtype=np.uint32).astype(np.uint8).reshape(-1, HASH_BYTES)
    index = Index((build_segment(hashes, np.arange(64)), build_segment(hashes, np.arange(64), tabled=False)))
    index.query(bytes(hashes[0]))
    index.query_batch(hashes)
    index.withdraw(np.arange(64))


def _with(segments: tuple[Segment, ...], hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> tuple[Segment, ...]:
    """Adds a segment, merging the last small ones until each is more than twice its successor: there are never many."""
    while segments and len(segments[-1]) <= 2 * len(ids) and len(segments[-1]) + len(ids) <= MERGED_AT_ONCE:
        kept, kept_ids = segments[-1].live()
        hashes, ids = np.concatenate([kept, hashes]), np.concatenate([kept_ids, ids])
        segments = segments[:-1]
    return (*segments, build_segment(hashes, ids, tabled=len(ids) > SCANNED_ROWS)) if len(ids) else segments


@lru_cache(maxsize=64)
def _allowances_for_one(radius: int) -> NDArray[np.uint8]:
    return even_allowances(radius)[None].copy()


def _search_one(segment: Segment, asked: NDArray[np.uint8], radius: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    # Read before the search: what is hidden now has no bit yet, and what is forgotten now has one.
    hidden, room = segment.hidden, 64
    while True:
        found = room_for(room)
        total = search_block(segment.memory, segment.layout, asked, _allowances_for_one(radius), radius, *found)
        if total <= room:
            found = found.first(total)
            ids = segment.ids(found.row)
            shown = _shown(ids, hidden)
            return ids[shown], found.distance_bits[shown]
        room = total


def _search_batch(segment: Segment, hashes: NDArray[np.uint8], first: int, radius: int) -> Hits:
    count, hidden = len(hashes), segment.hidden
    allowances = np.broadcast_to(even_allowances(radius), (count, WORDS)).copy()
    queries = Queries(hashes.view(np.uint16), hashes.view(np.uint64), allowances, radius)
    room = 4 * count + 64
    while True:
        found = room_for(room)
        total = search_segment(segment.tables, queries, found)
        if total <= room:
            found = found.first(total)
            ids = segment.ids(found.row)
            shown = _shown(ids, hidden)
            return Hits(found.query[shown] + np.int32(first), ids[shown], found.distance_bits[shown])
        room = total


def _shown(ids: NDArray[np.int64], hidden: NDArray[np.int64]) -> NDArray[np.bool_] | slice:
    return ~np.isin(ids, hidden) if len(hidden) else slice(None)


def checked(hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    hashes, ids = _checked_hashes(hashes), np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise BadHash("Ids are a one-dimensional array of whole numbers.")
    if len(ids) != len(hashes):
        raise BadHash(f"Give one id for each hash: there are {len(hashes)} hashes and {len(ids)} ids.")
    return hashes, ids.astype(np.int64)


def _checked_hashes(hashes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if hashes.dtype != np.uint8 or hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES:
        raise BadHash(f"Hashes are an array of unsigned bytes, one row of {HASH_BYTES} for each hash.")
    # Writable and contiguous, or the search would be compiled once more for the other kind of array.
    return np.require(hashes, requirements=["C", "W"])
