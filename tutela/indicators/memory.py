"""The PDQ hashes of active indicators, held in each process and kept in step with the database.

The index only proposes: `matching` asks the database about every candidate, so an index that is late can miss what
is new for a moment, and never resurrects what was withdrawn.
"""

from threading import Lock, Thread

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tutela.audit.cursor import settled_before
from tutela.indicators.models import Change, Indicator
from tutela.indicators.rules import Kind, State
from tutela.matching import BadHash, Hits, Index
from tutela.matching.segment import HASH_BYTES


class Memory:
    def __init__(self) -> None:
        self._catching_up = Lock()
        self._index: Index | None = None
        # Changes of transactions older than this are all in the index; of younger ones, those in `_seen`.
        self._floor = 0
        self._seen: dict[int, int] = {}
        self._merging: Thread | None = None

    def near(self, hashes: list[bytes], radius: int) -> Hits:
        """Every pair of a wanted hash (by position) and an indicator's id within the radius; some may come twice."""
        if not hashes:
            return Index().query_batch(rows_of([]), radius)
        with self._catching_up:
            index = self._index = self._load() if self._index is None else self._index
            self._catch_up(index)
        return index.query_batch(rows_of(hashes), radius)

    def _load(self) -> Index:
        # The floor first: what commits between the two readings is then read again as a change, never missed.
        self._floor = settled_before()
        active = Indicator.objects.filter(state=State.ACTIVE, kind=Kind.PDQ).values_list("value", "pk")
        return _added(Index(), list(active.iterator(chunk_size=10_000)))

    def _catch_up(self, index: Index) -> None:
        """Additions count as soon as they are visible; removals only once their transaction cannot be undone."""
        floor = settled_before()
        changes = Change.objects.filter(txid__gte=self._floor, indicator__kind=Kind.PDQ).exclude(
            pk__in=list(self._seen)
        )
        rows = list(changes.values_list("pk", "txid", "what", "indicator__value", "indicator_id"))
        added = [row for row in rows if row[2] == Change.What.ACTIVE]
        removed = [row for row in rows if row[2] == Change.What.WITHDRAWN and row[1] < floor]
        _added(index, [(value, id_) for *_, value, id_ in added])
        if removed:
            index.hide(np.array([row[-1] for row in removed], dtype=np.int64))
        done = self._seen | {pk: txid for pk, txid, *_ in (*added, *removed)}
        self._seen = {pk: txid for pk, txid in done.items() if txid >= floor}
        self._floor = floor
        if index.is_scattered and not (self._merging and self._merging.is_alive()):
            # Years of single additions would leave every question with many segments to search.
            self._merging = Thread(target=index.merge, daemon=True)
            self._merging.start()


def rows_of(hashes: list[bytes]) -> NDArray[np.uint8]:
    """uint8[n, 32]. Raises BadHash: one of another length would shift every row behind it."""
    if any(len(value) != HASH_BYTES for value in hashes):
        raise BadHash(f"A PDQ hash is {HASH_BYTES} bytes.")
    return np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, HASH_BYTES)


def _added(index: Index, rows: list[tuple[bytes, int]]) -> Index:
    # Written by hand, it can be of any length; then it is near nothing.
    rows = [(bytes(value), id_) for value, id_ in rows if len(value) == HASH_BYTES]
    if rows:
        index.add(rows_of([value for value, _ in rows]), np.array([id_ for _, id_ in rows], dtype=np.int64))
    return index


_memories: dict[tuple[object, ...], Memory] = {}


def memory() -> Memory:
    """One for each database this process speaks to."""
    said = connection.settings_dict
    return _memories.setdefault((said["HOST"], said["PORT"], said["NAME"]), Memory())
