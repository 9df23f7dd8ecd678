"""Files hashed by several processes, answered in the order in which they were asked."""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from tutela.provider.hashing import hash_file, left_out
from tutela.provider.leads import Lead

# So few are done before a second process has started.
_FEW = 24
# Enough waits that no process stands still, and no more: a walk may find millions.
_AHEAD = 8


def processors() -> int:
    """Those this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hash_files(paths: Iterable[Path], *, workers: int) -> Iterator[Lead]:
    asked = iter(paths)
    first = list(islice(asked, _FEW))
    if workers == 1 or len(first) < _FEW:
        return map(hash_file, chain(first, asked))
    return _by_processes(chain(first, asked), workers)


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
        self._many = _pool(workers)
        self._single: ProcessPoolExecutor | None = None

    def ask(self, path: Path) -> Future[Lead]:
        try:
            return self._many.submit(hash_file, path)
        except BrokenProcessPool:
            self._many = _pool(self._workers)
            return self._many.submit(hash_file, path)

    def answer(self, path: Path, future: Future[Lead]) -> Lead:
        """Where a process was ended, by a file or from outside, what was in hand is tried one by one."""
        try:
            return future.result()
        except BrokenProcessPool:
            return self._alone(path)

    def _alone(self, path: Path) -> Lead:
        self._single = self._single or _pool(1)
        try:
            return self._single.submit(hash_file, path).result()
        except BrokenProcessPool:
            self._single = None
            return left_out(path, "Hashing this file ended the process that did it, twice; it was left out.")

    def end(self) -> None:
        for pool in (self._many, self._single):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    # A copy of this process would copy its threads' locks, taken or not.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start)


def _start() -> None:
    """Ctrl-C is for the one who asked: a worker ends when it is told to, and never with a traceback of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_asker, daemon=True).start()


def _end_with_the_asker() -> None:
    """Whoever is killed can tell nobody; without this its workers would wait for ever."""
    asker = parent_process()
    if asker is not None:
        asker.join()
        os._exit(1)
