"""Who does the parts: this process, several on this machine, or a Dask cluster. Each part by one function."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

from tutela.matching.bulk_columns import BadSource
from tutela.matching.bulk_parts import Job, Part, find
from tutela.matching.catalogue import BadCatalogue
from tutela.matching.workers import pool

SECONDS_TO_CONNECT = 20
SECONDS_WITHOUT_A_WORKER = 60
_ADDRESS = re.compile(r"((tcp|tls|wss?|ucx)://)?[^\s/]+:\d{1,5}")
LOSSES_ALLOWED = 3
"""Of processes on this machine; Dask allows as many to each part."""

Found = Iterator[tuple[int, bytes]]
"""(number of a part, what it holds) as they come."""


def across(job: Job, parts: Sequence[Part], *, scheduler: str | None, workers: int | None) -> Found:
    """Raises BadSource or BadCatalogue where a part cannot be done; the others stay done."""
    if not parts:
        return
    if scheduler is not None:
        yield from _on_a_cluster(job, parts, scheduler)
    elif (count := min(workers or _processors(), len(parts))) > 1:
        yield from _in_processes(job, parts, count)
    else:
        yield from ((part.number, find(job, part)) for part in parts)


def _processors() -> int:
    """Those this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_processes(job: Job, parts: Sequence[Part], count: int) -> Found:
    """A process that ended takes its pool with it: what is left is done by new ones."""
    left = {part.number: part for part in parts}
    for _ in range(LOSSES_ALLOWED + 1):
        try:
            for number, found in _in_a_pool(job, list(left.values()), count):
                del left[number]
                yield number, found
        except BrokenProcessPool:
            continue
        return
    raise BadSource(
        f"A worker process ended {LOSSES_ALLOWED + 1} times (too little memory? fewer --workers take less). The "
        "finished parts stay; run the same again."
    )


def _in_a_pool(job: Job, parts: Sequence[Part], count: int) -> Found:
    with pool(count) as processes:
        try:
            waiting = {processes.submit(find, job, part): part.number for part in parts}
            for done in as_completed(waiting):
                yield waiting.pop(done), done.result()
        finally:
            processes.shutdown(wait=True, cancel_futures=True)


def _on_a_cluster(job: Job, parts: Sequence[Part], scheduler: str) -> Found:
    if not _ADDRESS.fullmatch(scheduler):
        raise BadSource(f"{scheduler} is no address of a scheduler; one is said as tcp://192.0.2.1:8786.")
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout=SECONDS_TO_CONNECT)
    except (OSError, TimeoutError, ValueError) as error:
        raise BadSource(f"The scheduler at {scheduler} cannot be reached ({type(error).__name__}).") from None
    with client:
        # A part whose worker died is given to another by the scheduler; one that fails by itself is not tried again.
        left = {client.submit(find, job, part, pure=False): part.number for part in parts}
        done: SimpleQueue[Any] = SimpleQueue()
        for future in left:
            future.add_done_callback(done.put)
        try:
            while left:
                future = _next(client, done)
                yield left.pop(future), _result(future, distributed)
        finally:
            client.cancel(list(left))


def _distributed() -> Any:
    try:
        configuration: Any = import_module("dask.config")
        if "distributed" not in sys.modules:
            # What it would log as a traceback is said here in a sentence.
            configuration.set({"logging": {"distributed": "critical", "distributed.client": "critical"}})
        return import_module("distributed")
    except ImportError:
        raise BadSource("A cluster needs Dask: pip install 'tutela[bulk]'.") from None


def _next(client: Any, done: "SimpleQueue[Any]") -> Any:
    while True:
        try:
            return done.get(timeout=SECONDS_WITHOUT_A_WORKER)
        except Empty:
            if not client.scheduler_info()["workers"]:
                raise BadSource(
                    f"The cluster has had no worker for {SECONDS_WITHOUT_A_WORKER} seconds; the finished parts stay."
                ) from None


def _result(future: Any, distributed: Any) -> bytes:
    try:
        found: bytes = future.result()
    except distributed.KilledWorker:
        raise BadSource("A part lost its worker again and again; the finished parts stay.") from None
    except CancelledError:
        raise BadSource("The scheduler is gone; the finished parts stay.") from None
    except ImportError as error:
        raise BadSource(f"A worker of the cluster lacks what it needs: {error}. Install the same there.") from None
    except (BadSource, BadCatalogue) as error:
        raise type(error)(f"A worker of the cluster says: {error}") from None
    return found
