"""A back catalogue against lists, in parts: `python benchmarks/bulk.py` (some five minutes).

Draws lists of 100,000 and 1,000,000 clustered hashes and a back catalogue of 8,000,000 independent ones, of which one
row in a thousand is planted within 31 bits of a listed hash; writes the latter as Parquet (32 bytes a row, row groups
of 250,000) and matches it with one worker and with two. After each part of one worker's run the index alone answers
the same rows from memory, which is not counted as the run's: what Parquet, parts and output cost is the difference, and
other work on the machine meets both alike. Then three new hashes are sought in the same back catalogue. Medians of
rounds; every output must be the same file, and hold what was planted. "Of a core" counts processor time, also of the
workers' start.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tutela.matching import Index, bulk_parts
from tutela.matching.bench_bases import SEED, clustered, flipped, independent
from tutela.matching.bulk import match_parquet
from tutela.matching.catalogue import Catalogue, Entry, Label
from tutela.provider.bench_cli import machine

HOME = Path(__file__).parent.parent / "docs" / "benchmarks"
ROWS_OF_A_GROUP = 250_000
LABEL = Label("drawn", "B", "")


class _Rate(NamedTuple):
    """Rows in a second, by the clock and of a core."""

    clock: float
    core: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listed", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rows", type=int, default=8_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HOME / "bulk.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        told = measure(Path(place), asked.listed, asked.rows, asked.rounds)
    asked.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=2))
    return 0 if all(each["same_file"] and each["recall_of_planted"] == 1 for each in told["against_lists"]) else 1


def measure(home: Path, listed: list[int], rows: int, rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    bases = {count: clustered(count, rng) for count in listed}
    told = {
        "command": "python benchmarks/bulk.py",
        "machine": machine() | {"processors": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)},
        "rows": rows,
        "rows_of_a_row_group": ROWS_OF_A_GROUP,
        "rows_of_a_part": bulk_parts.ROWS_OF_A_PART,
        "rounds": rounds,
        "radius": 31,
    }
    against = [_against(home / str(count), base, rows, rounds, rng) for count, base in bases.items()]
    told |= {"against_lists": against, "new_hashes_sought": _sought(home / str(listed[0]), rows, rounds)}
    return told | {"seconds_to_start_two_workers": _starting(home / str(listed[0]), rounds)}


def _against(home: Path, base: np.ndarray, rows: int, rounds: int, rng: np.random.Generator) -> dict[str, Any]:
    home.mkdir()
    back = independent(rows, rng)
    planted = rng.choice(rows, rows // 1_000, replace=False)
    back[planted] = flipped(base[rng.integers(0, len(base), len(planted))], 31, rng)
    Catalogue.build(Entry(str(n), "pdq", bytes(one), LABEL) for n, one in enumerate(base)).save(home / "lists")
    _write(home / "back.parquet", back, ROWS_OF_A_GROUP)
    index = Index.build(base, np.arange(len(base)))
    index.query_batch(back[:10_000])
    rates: dict[str, list[_Rate]] = {"index_alone": [], "one_worker": [], "two_workers": []}
    files = set()
    for round_ in range(rounds):
        one, two = home / f"{round_}-1.parquet", home / f"{round_}-2.parquet"
        for name, rate in zip(("one_worker", "index_alone"), _paired(home, one, index, back), strict=True):
            rates[name].append(rate)
        rates["two_workers"].append(_rate(rows, _spent(_matching(home, "lists", two, 2))))
        files |= {one.read_bytes(), two.read_bytes()}
    found = set(pq.read_table(one)["row"].to_pylist())
    return {
        "listed": len(base),
        "rows_per_second": {name: round(median(each.clock for each in of)) for name, of in rates.items()},
        "rows_per_second_of_a_core": {name: round(median(each.core for each in of)) for name, of in rates.items()},
        "one_worker_to_the_index_alone": _ratios(rates["one_worker"], rates["index_alone"]),
        "two_workers_to_one": _ratios(rates["two_workers"], rates["one_worker"]),
        "recall_of_planted": len(found & set(planted.tolist())) / len(planted),
        "same_file": len(files) == 1,
    }


def _paired(home: Path, out: Path, index: Index, back: np.ndarray) -> tuple[_Rate, _Rate]:
    """One worker, and between its parts the index alone with the rows of the part that was done."""
    alone = np.zeros(2)

    def progress(done: int, _all: int) -> None:
        if done:
            alone[:] += _spent(lambda: index.query_batch(back[(done - 1) * ROWS_OF_A_GROUP : done * ROWS_OF_A_GROUP]))

    both = _spent(lambda: match_parquet(home / "back.parquet", home / "lists", out, workers=1, progress=progress))
    return _rate(len(back), both - alone), _rate(len(back), alone)


def _sought(home: Path, rows: int, rounds: int) -> dict[str, Any]:
    values = pq.read_table(home / "back.parquet")["pdq"][:3].to_pylist()
    Catalogue.build(Entry(str(n), "pdq", value, LABEL) for n, value in enumerate(values)).save(home / "sought")
    runs = [_matching(home, "sought", home / f"sought-{n}.parquet", 1) for n in range(rounds)]
    rates = [_rate(rows, _spent(run)) for run in runs]
    return {
        "hashes": len(values),
        "rows_per_second": round(median(each.clock for each in rates)),
        "rows_per_second_of_a_core": round(median(each.core for each in rates)),
        "found": len(pq.read_table(home / "sought-0.parquet")),
    }


def _starting(home: Path, rounds: int) -> float:
    """Two workers for two parts that are next to nothing: what a run costs however little there is to do."""
    _write(home / "few.parquet", independent(2, np.random.default_rng(1)), 1)
    before, bulk_parts.ROWS_OF_A_PART = bulk_parts.ROWS_OF_A_PART, 1
    seconds = [_spent(_matching(home, "lists", home / f"few-{n}.parquet", 2, "few"))[0] for n in range(rounds)]
    bulk_parts.ROWS_OF_A_PART = before
    return round(float(median(seconds)), 2)


def _write(path: Path, hashes: np.ndarray, rows_of_a_group: int) -> None:
    column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), len(hashes), [None, pa.py_buffer(hashes)])
    pq.write_table(pa.table({"pdq": column}), path, row_group_size=rows_of_a_group, use_dictionary=False)


def _matching(home: Path, lists: str, out: Path, workers: int, source: str = "back") -> Callable[[], object]:
    return lambda: match_parquet(home / f"{source}.parquet", home / lists, out, workers=workers)


def _ratios(these: list[_Rate], those: list[_Rate]) -> dict[str, float]:
    """Of paired rounds."""
    clock = [a.clock / b.clock for a, b in zip(these, those, strict=True)]
    core = [a.core / b.core for a, b in zip(these, those, strict=True)]
    told = {"median": median(clock), "least": min(clock), "most": max(clock), "median_of_a_core": median(core)}
    return {name: round(ratio, 3) for name, ratio in told.items()}


def _rate(rows: int, seconds: np.ndarray) -> _Rate:
    return _Rate(rows / float(seconds[0]), rows / float(seconds[1]))


def _spent(work: Callable[[], object]) -> np.ndarray:
    """Seconds by the clock, seconds of a core."""
    begin, used = time.perf_counter(), _processor_seconds()
    work()
    return np.array([time.perf_counter() - begin, _processor_seconds() - used])


def _processor_seconds() -> float:
    """Of this process and of its workers that have ended."""
    said = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in said)


if __name__ == "__main__":
    sys.exit(main())
