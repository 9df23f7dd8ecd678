"""Everything we claim of matching, measured again: `python benchmarks/matching.py` (about 20 minutes and 12 GB).

Compares our index with brute force and with what else is installed (`pip install faiss-cpu threatexchange`), on random,
clustered and adversarial bases; follows growth from ten thousand to ten million hashes and models it beyond; changes a
list while it is asked. Writes JSON and charts to docs/benchmarks. `--divide 10` takes a tenth of every size: minutes.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Any

import changing
import plot

from tutela.matching.bench import BEST_OF_FAISS, Effort, Result, measure
from tutela.matching.bench_bases import BASES
from tutela.matching.bench_peers import PEERS
from tutela.matching.segment import MAX_ROWS
from tutela.provider.bench_cli import machine

HOME = Path(__file__).parent.parent / "docs" / "benchmarks"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
BEYOND = (10**8, 10**9)
SMALL_PEERS = ("threatexchange", "faiss_flat", "faiss_multihash_16x16_1")
"""Too slow to wait for at ten million."""


def compared(size: int, kinds: Sequence[str], peers: Sequence[str], effort: Effort) -> list[Result]:
    asked = {name: PEERS[name] for name in peers}
    return [measure(kind, size, effort=effort, peers=asked, say=_say) for kind in kinds]


def growth(sizes: Sequence[int], effort: Effort) -> list[dict[str, Any]]:
    """Our index alone, from small to large, on clustered hashes."""
    found = [measure("clustered", size, effort=effort, peers={}, say=_say) for size in sizes]
    return [
        {
            "hashes": each.hashes,
            "us_per_query_in_batches": round(1e6 / each.qps, 3),
            "p50_us": each.p50_us,
            "p99_us": each.p99_us,
            "bytes_per_hash": each.bytes_per_hash,
            "build_seconds": each.build_seconds,
            "recall": each.recall,
            "false_answers": each.false_answers,
        }
        for each in found
    ]


def modelled(measured: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A straight line through the two largest sizes; beyond one segment, once for each."""
    (x0, y0), (x1, y1) = [(each["hashes"], each["us_per_query_in_batches"]) for each in measured[-2:]]
    slope = (y1 - y0) / (x1 - x0)
    fixed = max(y0 - slope * x0, 0.0)

    def cost(hashes: int) -> float:
        segments = ceil(hashes / MAX_ROWS)
        return segments * (fixed + slope * hashes / segments)

    return {
        "what": "not measured: us = segments x (fixed + slope x hashes of a segment), segments of at most 16.7 million",
        "fixed_us": round(fixed, 3),
        "slope_us_per_million": round(slope * 1e6, 3),
        "us_per_query_in_batches": {str(size): round(cost(size), 1) for size in BEYOND},
    }


def charts(told: dict[str, Any]) -> dict[str, str]:
    grown = told["growth"]
    measured = [(each["hashes"], each["us_per_query_in_batches"]) for each in grown]
    model = [measured[-1], *((int(n), us) for n, us in told["model"]["us_per_query_in_batches"].items())]
    clustered = next(each for each in told["compared"] if each["base"] == "clustered")
    rates = {"Tutela": clustered["qps"], **clustered["qps_of_peers"]}
    names = {"brute_force": "brute force", "threatexchange": "threat- exchange", "faiss_flat": "FAISS flat"}
    shown = {
        names.get(name, name.replace("faiss_multihash_", "FAISS ").replace("_", "/")): rate
        for name, rate in rates.items()
        if rate
    }
    title = f"Queries per second and core, {clustered['hashes']:,} clustered hashes, radius 31"
    return {
        "matching-growth.svg": plot.lines(
            "What one query costs as the list grows (one core)",
            "hashes",
            "microseconds",
            {
                "in batches": measured,
                "one by one, p50": [(each["hashes"], each["p50_us"]) for each in grown],
                "one by one, p99": [(each["hashes"], each["p99_us"]) for each in grown],
                "model, batches": model,
            },
        ),
        "matching-peers.svg": plot.bars(title, "queries per second", shown),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--divide", type=int, default=1, help="divide every size by this, for a quick look")
    parser.add_argument("--out", type=Path, default=HOME, help="where JSON and charts go (default: docs/benchmarks)")
    asked = parser.parse_args()
    sizes = [size // asked.divide for size in SIZES]
    effort, large = Effort(), Effort(rounds=3, checked=100)
    results = [
        *compared(sizes[2], sorted(BASES), (BEST_OF_FAISS, *SMALL_PEERS), effort),
        *compared(sizes[3], ["clustered", "independent"], (BEST_OF_FAISS,), large),
    ]
    told: dict[str, Any] = {"machine": machine(), "compared": [asdict(each) for each in results]}
    told["growth"] = growth(sizes, effort)
    told["model"] = modelled(told["growth"])
    told["changing"] = [changing.measure(size) for size in sizes[2:]]
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "matching.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    for name, drawn in charts(told).items():
        (asked.out / name).write_text(drawn, encoding="utf-8")
    for each in results:
        print(f"{each.base:12} {each.hashes:>10,} recall {each.recall} {each.qps:>9,.0f}/s  ratio {each.ratio}")
    return 0 if all(each.is_exact for each in results) else 1


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
