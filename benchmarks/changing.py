"""A list that changes while it is asked: when does every process see it, and what do queries take meanwhile?

One process writes, the others ask a few hundred queries a second, each through its own mapping of the same store. They
rest between two queries, as servers do: readers that never rest would measure each other's share of the processor.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tutela.matching import Index, Store
from tutela.matching.bench_bases import SEED, drawn
from tutela.matching.index import prepare

CHANGED = 1_000
QUIET_SECONDS = 6.0
REST_SECONDS = 0.002


def measure(count: int, readers: int = 2, changes: int = 20) -> dict[str, Any]:
    """Adds and withdraws a thousand hashes, several times; each reader says when it saw the last of them."""
    base, queries = drawn("clustered", count, 2_000, 31)
    fresh = np.random.default_rng(SEED + 1).integers(0, 256, (changes, CHANGED, 32), dtype=np.uint8)
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "store"
        store = Store.create(path, Index.build(base, np.arange(count)))
        pipes = []
        for _ in range(readers):
            here, there = context.Pipe()
            process = context.Process(target=_read, args=(path, queries, there), daemon=True)
            process.start()
            pipes.append((here, process))
        for here, _ in pipes:
            here.recv()
        seen = {"add": [], "withdraw": []}
        _collected(pipes)
        time.sleep(QUIET_SECONDS)
        quiet = _collected(pipes)
        busy_begins = time.monotonic()
        for number in range(changes):
            ids = np.arange(count + number * CHANGED, count + (number + 1) * CHANGED)
            last = bytes(fresh[number, -1])
            seen["add"] += _seen(pipes, last, True, partial(store.add, fresh[number], ids))
            seen["withdraw"] += _seen(pipes, last, False, partial(store.withdraw, ids))
            time.sleep(0.3)
        busy = _collected(pipes)
        memory = _memory([process.pid for _, process in pipes])
        for here, process in pipes:
            here.send(None)
            process.join(10)
    return {
        "hashes": count,
        "readers": readers,
        "changed_at_once": CHANGED,
        "changes": changes,
        "seconds": round(time.monotonic() - busy_begins, 1),
        "visible_everywhere_ms": {
            what: {"median": round(median(times) * 1e3, 2), "longest": round(max(times) * 1e3, 2), "n": len(times)}
            for what, times in seen.items()
        },
        "query_us_quiet": _percentiles(quiet),
        "query_us_while_changing": _percentiles(busy),
        "memory_of_readers_mb": memory,
    }


def _read(path: Path, queries: np.ndarray, pipe: Connection) -> None:
    """Asks without end; answers "has it?" with the moment from which its answers say so."""
    prepare()
    store = Store(path, check_contents=False)
    asked = [bytes(query) for query in queries]
    for one in asked:
        store.query(one)
    taken: list[float] = []
    watched: tuple[bytes, bool] | None = None
    pipe.send("ready")
    number = 0
    while True:
        time.sleep(REST_SECONDS)
        begin = time.perf_counter()
        store.query(asked[number % len(asked)])
        taken.append(time.perf_counter() - begin)
        number += 1
        if watched and bool(store.query(watched[0], 0)) is watched[1]:
            pipe.send(time.monotonic())
            watched = None
        if pipe.poll():
            said = pipe.recv()
            if said is None:
                return
            if said == "latencies":
                pipe.send(taken)
                taken = []
            else:
                watched = said
                pipe.send("watching")


def _seen(pipes: list[Any], hash_: bytes, wanted: bool, change: Callable[[], None]) -> list[float]:
    """Seconds from just before the change until each reader answered by it."""
    for here, _ in pipes:
        here.send((hash_, wanted))
        here.recv()
    begin = time.monotonic()
    change()
    return [here.recv() - begin for here, _ in pipes]


def _collected(pipes: list[Any]) -> list[float]:
    """Seconds of every query that the readers asked since the last time."""
    taken = []
    for here, _ in pipes:
        here.send("latencies")
        taken += here.recv()
    return taken


def _percentiles(taken: list[float]) -> dict[str, float]:
    micros = sorted(each * 1e6 for each in taken)
    at = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    found = {name: round(micros[int(len(micros) * share)], 1) for name, share in at.items()}
    return {**found, "longest": round(micros[-1], 1), "n": len(micros)}


def _memory(processes: list[int]) -> dict[str, float] | None:
    """What the readers hold in all, each shared page counted once (Pss), and as if nothing were shared (Rss); in MB."""
    kilobytes = {"Pss": 0, "Rss": 0}
    for process in processes:
        try:
            said = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            return None
        for line in said:
            name, _, value = line.partition(":")
            if name in kilobytes:
                kilobytes[name] += int(value.split()[0])
    return {"shared_counted_once": round(kilobytes["Pss"] / 1024), "as_if_not_shared": round(kilobytes["Rss"] / 1024)}
