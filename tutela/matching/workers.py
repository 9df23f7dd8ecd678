"""Processes of this machine that work for one which asked: they end with it, and leave Ctrl-C to it."""

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def pool(count: int) -> ProcessPoolExecutor:
    # A copy of the asking process would copy its threads' locks, taken or not.
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_start)


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_asker, daemon=True).start()


def _end_with_the_asker() -> None:
    """Whoever is killed can tell nobody; without this its workers would wait for ever."""
    asker = parent_process()
    if asker is not None:
        asker.join()
        os._exit(1)
