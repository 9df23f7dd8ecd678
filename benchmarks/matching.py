"""How fast is exact matching? `python benchmarks/matching.py --hashes 1000000 --json out.json`

Draws a base by a fixed, seeded recipe, then asks our index, brute force and (where it is installed) FAISS's best exact
index the same queries in paired rounds, one thread each, and compares every answer with brute force.
"""

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutela.matching import Index
from tutela.matching.index import Hits
from tutela.matching.search import Queries, room_for, scan_rows
from tutela.matching.segment import build_segment
from tutela.matching.thresholds import WORDS

RADIUS = 31
Hashes = NDArray[np.uint8]


def flipped(hashes: Hashes, most_bits: int, rng: np.random.Generator) -> Hashes:
    """Each hash with 0 to `most_bits` different bits flipped: a random hash is sorted to choose which."""
    out = hashes.copy()
    bits = rng.integers(0, most_bits + 1, len(hashes))
    for begin in range(0, len(hashes), 100_000):
        chosen = rng.random((len(hashes[begin : begin + 100_000]), 256), dtype=np.float32)
        rank = (
            np.argpartition(chosen, most_bits, axis=1)[:, :most_bits] if most_bits else np.empty((len(chosen), 0), int)
        )
        keep = np.arange(most_bits)[None] < bits[begin : begin + 100_000, None]
        rows = np.repeat(np.arange(len(chosen)), most_bits).reshape(rank.shape)
        flips = np.zeros((len(chosen), 256), dtype=np.uint8)
        flips[rows[keep], rank[keep]] = 1
        out[begin : begin + 100_000] ^= np.packbits(flips, axis=1)
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


def brute_force(base: Hashes, queries: Hashes) -> set[tuple[int, int, int]]:
    """Every answer, by comparing everything with everything: the judge of recall, and a contender."""
    segment = build_segment(base, np.arange(len(base)), tabled=False)
    allowances = np.zeros((len(queries), WORDS), np.uint8)
    asked = Queries(queries.view(np.uint16), queries.view(np.uint64), allowances, RADIUS)
    found = room_for(2_000 * len(queries))
    scan_rows(segment.tables, asked, np.arange(len(queries)), found)
    total = int(found.used[0])
    if total > len(found.row):
        raise SystemExit("More answers than the benchmark has room for; use fewer queries.")
    rows = segment.ids(found.row[:total])
    return set(zip(found.query[:total].tolist(), rows.tolist(), found.distance_bits[:total].tolist(), strict=True))


def answers(hits: Hits) -> set[tuple[int, int, int]]:
    return set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))


def faiss_index(base: Hashes) -> Any | None:
    """The best exact index FAISS has for this: 11 tables of 23 bits, two flips."""
    try:
        import faiss
    except ImportError:
        return None
    faiss.omp_set_num_threads(1)
    peer = faiss.IndexBinaryMultiHash(256, 11, 23)
    peer.nflip = 2
    peer.add(base)
    return peer


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def single_queries(index: Index, queries: Hashes) -> list[float]:
    """Microseconds of each query, asked one at a time from Python."""
    asked = [bytes(query) for query in queries]
    index.query(asked[0])
    return sorted(seconds(lambda query=query: index.query(query)) * 1e6 for query in asked)


def measure(kind: str, count: int, rounds: int, batch: int, checked: int) -> dict[str, Any]:
    rng = np.random.default_rng(20261123)
    base = BASES[kind](count, rng)
    planted = flipped(base[rng.integers(0, count, batch // 2)], RADIUS, rng)
    queries = rng.permutation(np.concatenate([planted, independent(batch - len(planted), rng)]))
    Index.build(base[:5_000], np.arange(5_000)).query_batch(queries[:64])  # compiled before anything is timed
    built = time.perf_counter()
    index = Index.build(base, np.arange(count))
    built = time.perf_counter() - built
    expected = brute_force(base, queries[:checked])
    given = answers(index.query_batch(queries[:checked]))
    peer = faiss_index(base)
    ours, theirs, brute = [], [], []
    for _ in range(rounds):
        ours.append(batch / seconds(lambda: index.query_batch(queries)))
        brute.append(checked / seconds(lambda: brute_force(base, queries[:checked])))
        if peer is not None:
            theirs.append(checked / seconds(lambda: peer.range_search(queries[:checked], RADIUS + 1)))
    singles = single_queries(index, queries[: min(batch, 3_000)])
    return {
        "base": kind,
        "hashes": count,
        "recall": len(given & expected) / len(expected) if expected else None,
        "false_answers": len(given - expected),
        "answers_checked": len(expected),
        "queries_checked": checked,
        "qps": round(statistics.median(ours)),
        "qps_brute_force": round(statistics.median(brute), 1),
        "ratio_to_brute_force": round(statistics.median(a / b for a, b in zip(ours, brute, strict=True)), 1),
        "qps_faiss": round(statistics.median(theirs)) if theirs else None,
        "ratio": round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 1) if theirs else None,
        "p50_us": round(singles[len(singles) // 2], 1),
        "p99_us": round(singles[len(singles) * 99 // 100], 1),
        "bytes_per_hash": round(sum(segment.memory.nbytes for segment in index.segments) / count, 1),
        "build_seconds": round(built, 2),
        "rounds": rounds,
        "batch": batch,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--bases", nargs="+", choices=sorted(BASES), default=["clustered"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--checked", type=int, default=100, help="queries compared with brute force")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    for kind in asked.bases:
        result = measure(kind, asked.hashes, asked.rounds, asked.batch, asked.checked)
        results.append(result)
        print("  ".join(f"{name}={value}" for name, value in result.items()))
        if result["ratio"] is None:
            print("FAISS is not installed here: skipped, ratio is null.")
    if asked.json:
        machine = {"processor": platform.processor() or platform.machine(), "python": platform.python_version()}
        asked.json.write_text(json.dumps({**results[0], "all": results, "machine": machine}, indent=2) + "\n")
    return 0 if all(result["recall"] in (1.0, None) and not result["false_answers"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
