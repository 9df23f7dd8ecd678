"""How fast is exact matching here? One base, paired rounds, one thread for each contender, every answer judged.

Each round asks our index and every peer in turn, so that a machine whose speed drifts is as slow for one as for the
other; what is published are medians and the medians of the rounds' ratios. The judge is brute force, on every run.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bench_bases import Hashes, drawn
from tutela.matching.bench_peers import Peer, Unavailable
from tutela.matching.index import DEFAULT_RADIUS, Hits, Index
from tutela.matching.search import Queries, room_for, scan_rows
from tutela.matching.segment import Segment, build_segment
from tutela.matching.thresholds import WORDS

Answers = set[tuple[int, int, int]]
"""(query, id, distance in bits)"""

Say = Callable[[str], None]
T = TypeVar("T")
_ROOM_FOR_EACH = 2_000


class Unjudged(RuntimeError):
    """More answers than the judge has room for: nothing that was measured may be published."""


@dataclass(frozen=True)
class Result:
    """`ratio` is ours to FAISS's best exact index, `ratios` to each peer that is installed; null where it is absent."""

    base: str
    hashes: int
    radius: int
    recall: float | None
    false_answers: int
    answers_checked: int
    queries_checked: int
    qps: float
    p50_us: float
    p99_us: float
    bytes_per_hash: float
    build_seconds: float
    ratio: float | None
    ratios: dict[str, float | None]
    qps_of_peers: dict[str, float | None]
    build_seconds_of_peers: dict[str, float | None]
    skipped: dict[str, str]
    rounds: int
    batch: int
    singles: int

    @property
    def is_exact(self) -> bool:
        return self.recall in (1.0, None) and not self.false_answers


@dataclass(frozen=True)
class Effort:
    """How much to measure: rounds, queries of a batch, queries judged and given to peers, single queries."""

    rounds: int = 5
    batch: int = 10_000
    checked: int = 200
    singles: int = 3_000
    radius: int = DEFAULT_RADIUS


BEST_OF_FAISS = "faiss_multihash_11x23_2"


def measure(kind: str, count: int, *, effort: Effort, peers: Mapping[str, Peer], say: Say = lambda _: None) -> Result:
    """Raises Unjudged where the judge cannot hold the answers; a peer that is not installed is skipped by name."""
    say(f"drawing {count:,} hashes ({kind}) and {effort.batch:,} queries")
    base, queries = drawn(kind, count, effort.batch, effort.radius)
    judged = queries[: effort.checked]
    prepare(base, queries, effort.radius)
    say("building our index")
    built_in, index = _timed(lambda: Index.build(base, np.arange(count)))
    judge = _Judge(base, effort.radius)
    expected = judge.answers(judged)
    given = answers(index.query_batch(judged, effort.radius))
    built, skipped = _build_peers(peers, base, say)
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in (*built, "brute_force")}
    for round_ in range(effort.rounds):
        say(f"round {round_ + 1} of {effort.rounds}")
        ours.append(effort.batch / seconds(lambda: index.query_batch(queries, effort.radius)))
        theirs["brute_force"].append(effort.checked / seconds(lambda: judge.answers(judged)))
        for name, (_, search) in built.items():
            theirs[name].append(effort.checked / seconds(partial(search, judged, effort.radius)))
    singles = single_queries(index, queries[: effort.singles], effort.radius)
    ratios = {name: round(median(a / b for a, b in zip(ours, rates, strict=True)), 1) for name, rates in theirs.items()}
    return Result(
        base=kind,
        hashes=count,
        radius=effort.radius,
        recall=len(given & expected) / len(expected) if expected else None,
        false_answers=len(given - expected),
        answers_checked=len(expected),
        queries_checked=len(judged),
        qps=round(median(ours)),
        p50_us=round(singles[len(singles) // 2], 1),
        p99_us=round(singles[len(singles) * 99 // 100], 1),
        bytes_per_hash=round(bytes_of(index.segments) / count, 1),
        build_seconds=round(built_in, 2),
        ratio=ratios.get(BEST_OF_FAISS),
        ratios={**dict.fromkeys(skipped), **ratios},
        qps_of_peers={**dict.fromkeys(skipped), **{name: round(median(rates), 1) for name, rates in theirs.items()}},
        build_seconds_of_peers={**dict.fromkeys(skipped), **{n: round(took, 2) for n, (took, _) in built.items()}},
        skipped=skipped,
        rounds=effort.rounds,
        batch=effort.batch,
        singles=len(singles),
    )


def prepare(base: Hashes, queries: Hashes, radius: int) -> None:
    """Everything is compiled before anything is timed."""
    few = base[:5_000]
    index = Index.build(few, np.arange(len(few)))
    index.query_batch(queries[:64], radius)
    index.query(bytes(queries[0]), radius)


def bytes_of(segments: Sequence[Segment]) -> int:
    return sum(segment.memory.nbytes for segment in segments)


def answers(hits: Hits) -> Answers:
    return set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))


def seconds(work: Callable[[], object]) -> float:
    return _timed(work)[0]


def single_queries(index: Index, queries: Hashes, radius: int) -> list[float]:
    """Microseconds of each query, asked one at a time from Python, in ascending order."""
    asked = [bytes(query) for query in queries]
    return sorted(seconds(partial(index.query, query, radius)) * 1e6 for query in asked)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    done = work()
    return time.perf_counter() - begin, done


class _Judge:
    """Compares everything with everything, compiled: certain, and a contender."""

    def __init__(self, base: Hashes, radius: int) -> None:
        self._segment, self._radius = build_segment(base, np.arange(len(base)), tabled=False), radius

    def answers(self, queries: Hashes) -> Answers:
        unused = np.zeros((len(queries), WORDS), np.uint8)
        asked = Queries(queries.view(np.uint16), queries.view(np.uint64), unused, self._radius)
        found = room_for(_ROOM_FOR_EACH * len(queries))
        scan_rows(self._segment.tables, asked, np.arange(len(queries)), found)
        total = int(found.used[0])
        if total > len(found.row):
            raise Unjudged(
                "There are more answers than the benchmark has room for; use fewer hashes or a smaller radius."
            )
        ids: NDArray[np.int64] = self._segment.ids(found.row[:total])
        return set(zip(found.query[:total].tolist(), ids.tolist(), found.distance_bits[:total].tolist(), strict=True))


_Built = dict[str, tuple[float, Callable[[Hashes, int], object]]]


def _build_peers(peers: Mapping[str, Peer], base: Hashes, say: Say) -> tuple[_Built, dict[str, str]]:
    built: _Built = {}
    skipped: dict[str, str] = {}
    for name, peer in peers.items():
        say(f"building {name}")
        try:
            built[name] = _timed(partial(peer, base))
        except Unavailable as absent:
            skipped[name] = str(absent)
            say(f"{name} is skipped: {absent}")
    return built, skipped
