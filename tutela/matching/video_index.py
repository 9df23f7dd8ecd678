"""Which listed videos a video shares its frames with, counted both ways as vPDQ does."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.frames import Frame, distinct
from tutela.matching.index import DEFAULT_RADIUS, Index
from tutela.matching.segment import HASH_BYTES

QUERY_SHARE = 0.8
"""vPDQ's published default: this share of the asked video's frames must be near some frame of the listed one."""

INDEX_SHARE = 0.0
"""And this share of the listed one's near some frame of the asked. 0 finds a short cut out of a long listed video."""

# A still camera makes thousands of frames near one another: so many are asked at once that their pairs fit in memory.
_ASKED_AT_ONCE = 64


class VideoMatch(NamedTuple):
    """A lead, and no verdict. Shares are 0 to 1: of the asked video's distinct frames, and of the listed one's."""

    id: int
    query_share: float
    index_share: float


class VideoIndex:
    """Listed videos by whole number. One writer at a time; who asks meanwhile sees a video whole or not at all."""

    def __init__(self) -> None:
        self._index = Index()
        self._rows: dict[int, range] = {}
        self._owner: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, id_: int, frames: Sequence[Frame]) -> int:
        """Takes effect at once and replaces what stood under this number; returns how many frames can be compared."""
        hashes = distinct(frames)
        self.withdraw(id_)
        rows = range(len(self._owner), len(self._owner) + len(hashes))
        # The owner first: whoever finds a row must be able to say whose it is.
        self._owner = np.concatenate([self._owner, np.full(len(hashes), id_, dtype=np.int64)])
        if hashes:
            self._rows[id_] = rows
            self._index.add(_matrix(hashes), np.arange(rows.start, rows.stop))
        return len(hashes)

    def withdraw(self, id_: int) -> bool:
        """Takes effect at once; says whether there was anything."""
        rows = self._rows.pop(id_, range(0))
        return self._index.withdraw(np.arange(rows.start, rows.stop)) > 0

    def match(
        self,
        frames: Sequence[Frame],
        *,
        query_share: float = QUERY_SHARE,
        index_share: float = INDEX_SHARE,
        radius: int = DEFAULT_RADIUS,
    ) -> list[VideoMatch]:
        """Listed videos of which both shares are reached, the best first."""
        asked = distinct(frames)
        if not asked:
            return []
        near_of_query, near_of_listed = self._counted(_matrix(asked), radius)
        found = [
            VideoMatch(id_, near / len(asked), near_of_listed[id_] / len(rows))
            for id_, near in near_of_query.items()
            if (rows := self._rows.get(id_))
        ]
        kept = [match for match in found if match.query_share >= query_share and match.index_share >= index_share]
        return sorted(kept, key=lambda match: (-match.query_share, -match.index_share, match.id))

    def _counted(self, asked: NDArray[np.uint8], radius: int) -> tuple[Counter[int], Counter[int]]:
        """For each listed video: how many asked frames are near one of its, and how many of its are near an asked."""
        near_of_query: Counter[int] = Counter()
        rows = []
        for begin in range(0, len(asked), _ASKED_AT_ONCE):
            hits = self._index.query_batch(asked[begin : begin + _ASKED_AT_ONCE], radius)
            pairs = np.unique(np.stack([hits.query.astype(np.int64), self._owner[hits.id]]), axis=1)
            near_of_query.update(pairs[1].tolist())
            rows.append(np.unique(hits.id))
        return near_of_query, Counter(self._owner[np.unique(np.concatenate(rows))].tolist())


def _matrix(hashes: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(bytearray(b"".join(hashes)), dtype=np.uint8).reshape(-1, HASH_BYTES)
