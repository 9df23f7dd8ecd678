"""Files hashed by several processes, answered in the order in which they were asked."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path

from tutela.matching.workers import pool
from tutela.provider.hashing import hash_file, left_out
from tutela.provider.leads import Lead

# So little is done before a second process has started.
_FEW, _FEW_BYTES = 24, 32 * 1024 * 1024
# Enough waits that no process stands still, and no more: a walk may find millions.
_AHEAD = 8


def processors() -> int:
    """Those this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hash_files(paths: Iterable[Path], *, workers: int) -> Iterator[Lead]:
    asked = iter(paths)
    first = list(islice(asked, _FEW))
    if workers == 1 or (len(first) < _FEW and sum(map(_size_bytes, first)) < _FEW_BYTES):
        return map(hash_file, chain(first, asked))
    return _by_processes(chain(first, asked), workers)


def _size_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _by_processes(paths: Iterable[Path], workers: int) -> Iterator[Lead]:
    processes = _Processes(workers)
    waiting: deque[tuple[Path, Future[Lead]]] = deque()
    try:
        for path in paths:
            waiting.append((path, processes.ask(path)))
            if len(waiting) == workers * _AHEAD:
                yield processes.answer(*waiting.popleft())
        while waiting:
            yield processes.answer(*waiting.popleft())
    finally:
        processes.end()


class _Processes:
    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._many = pool(workers)
        self._single: ProcessPoolExecutor | None = None

    def ask(self, path: Path) -> Future[Lead]:
        try:
            return self._many.submit(hash_file, path)
        except BrokenProcessPool:
            self._many = pool(self._workers)
            return self._many.submit(hash_file, path)

    def answer(self, path: Path, future: Future[Lead]) -> Lead:
        """Where a process was ended, by a file or from outside, what was in hand is tried one by one."""
        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(path)

    def _alone(self, path: Path) -> Lead:
        self._single = self._single or pool(1)
        try:
            return self._single.submit(hash_file, path).result()
        except BrokenProcessPool:
            self._single = None
            return left_out(path, "Hashing this file ended the process that did it, twice; it was left out.")

    def end(self) -> None:
        for each in (self._many, self._single):
            if each is not None:
                each.shutdown(wait=False, cancel_futures=True)
