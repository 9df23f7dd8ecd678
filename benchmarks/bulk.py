"""A back catalogue against a list, in parts: `python benchmarks/bulk.py` (a minute or two).

Draws a list of a million hashes and a back catalogue of which one row in a thousand is planted near it, writes the
latter as Parquet, and matches it with one worker and with two. Beside it, in the same run, the index alone answers the
same hashes in batches: what Parquet, parts and output cost is the difference.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tutela.matching import Index
from tutela.matching.bench_bases import SEED, clustered, flipped, independent
from tutela.matching.bulk import match_parquet
from tutela.matching.catalogue import Catalogue, Entry, Label
from tutela.provider.bench_cli import machine

HOME = Path(__file__).parent.parent / "docs" / "benchmarks"
ROWS_OF_A_PART = 250_000
BATCH = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listed", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HOME / "bulk.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        told = measure(Path(place), asked.listed, asked.rows, asked.rounds)
    asked.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=2))
    return 0 if told["same_file"] else 1


def measure(home: Path, listed: int, rows: int, rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    base, back = clustered(listed, rng), independent(rows, rng)
    planted = rng.choice(rows, rows // 1_000, replace=False)
    back[planted] = flipped(base[rng.integers(0, listed, len(planted))], 31, rng)
    label = Label("drawn", "B", "")
    Catalogue.build(Entry(str(n), "pdq", bytes(one), label) for n, one in enumerate(base)).save(home / "lists")
    table = pa.table({"pdq": pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), rows, [None, pa.py_buffer(back)])})
    pq.write_table(table, home / "back.parquet", row_group_size=ROWS_OF_A_PART, use_dictionary=False)
    index = Index.build(base, np.arange(listed))
    index.query_batch(back[:BATCH])
    alone, by_workers, files = [], {1: [], 2: []}, set()
    for round_ in range(rounds):
        sample = back[: 50 * BATCH]
        alone.append(len(sample) / _seconds(lambda some=sample: _in_batches(index, some)))
        for workers, rates in by_workers.items():
            out = home / f"{round_}-{workers}.parquet"
            match = lambda out=out, workers=workers: match_parquet(  # noqa: E731
                home / "back.parquet", home / "lists", out, workers=workers
            )
            rates.append(rows / _seconds(match))
            files.add(out.read_bytes())
    one, two, batches = median(by_workers[1]), median(by_workers[2]), median(alone)
    return {
        "machine": machine(),
        "listed": listed,
        "rows": rows,
        "rows_of_a_part": ROWS_OF_A_PART,
        "rounds": rounds,
        "index_alone_rows_per_second": round(batches),
        "one_worker_rows_per_second": round(one),
        "two_workers_rows_per_second": round(two),
        "one_worker_of_the_index_alone": round(median(a / b for a, b in zip(by_workers[1], alone, strict=True)), 3),
        "two_workers_of_one": round(median(a / b for a, b in zip(by_workers[2], by_workers[1], strict=True)), 3),
        "same_file": len(files) == 1,
    }


def _in_batches(index: Index, hashes: np.ndarray) -> None:
    for begin in range(0, len(hashes), BATCH):
        index.query_batch(hashes[begin : begin + BATCH])


def _seconds(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
