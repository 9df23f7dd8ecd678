"""Who does the parts: this process, several on this machine, or a Dask cluster. Each part by one function."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import Any

from tutela.matching.bulk_columns import BadSource
from tutela.matching.bulk_parts import Job, find
from tutela.matching.workers import pool

SECONDS_TO_CONNECT = 20


def across(
    job: Job, parts: Sequence[int], *, scheduler: str | None, workers: int | None
) -> Iterator[tuple[int, bytes]]:
    """(part, what it holds) as they come. Raises BadSource where a part cannot be done; the others stay done."""
    if not parts:
        return
    if scheduler is not None:
        yield from _on_a_cluster(job, parts, scheduler)
    elif (count := min(workers or os.cpu_count() or 1, len(parts))) > 1:
        yield from _in_processes(job, parts, count)
    else:
        yield from ((part, find(job, part)) for part in parts)


def _in_processes(job: Job, parts: Sequence[int], count: int) -> Iterator[tuple[int, bytes]]:
    with pool(count) as processes:
        waiting = {processes.submit(find, job, part): part for part in parts}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BrokenProcessPool:
            raise BadSource("A worker process ended; the finished parts stay. Run the same again.") from None
        finally:
            processes.shutdown(wait=True, cancel_futures=True)


def _on_a_cluster(job: Job, parts: Sequence[int], scheduler: str) -> Iterator[tuple[int, bytes]]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise BadSource("A cluster needs Dask: pip install 'tutela[bulk]'.") from None
    try:
        client = distributed.Client(scheduler, timeout=SECONDS_TO_CONNECT)
    except (OSError, TimeoutError, ValueError) as error:
        raise BadSource(f"The scheduler at {scheduler} cannot be reached ({type(error).__name__}).") from None
    with client:
        # A part whose worker died is given to another by the scheduler; one that fails by itself is not tried again.
        waiting = {client.submit(find, job, part, pure=False): part for part in parts}
        try:
            for done in distributed.as_completed(list(waiting)):
                yield waiting[done], done.result()
        except distributed.KilledWorker:
            raise BadSource("A part lost its worker again and again; the finished parts stay.") from None
        finally:
            client.cancel(list(waiting))
