"""A Dask cluster of real processes on the loopback: a scheduler, and workers of one thread that nobody brings back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A part of a few hundred rows would be done before anybody could be killed in the middle of it.
WORKER = """
import sys, time
from tutela.matching import bulk_parts
was = bulk_parts.Catalogue.match_many
bulk_parts.Catalogue.match_many = lambda *said, **more: (time.sleep(0.15), was(*said, **more))[1]
from distributed.cli.dask_worker import main
main(sys.argv[1:])
"""
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


class Cluster:
    def __init__(self, home: Path) -> None:
        self._home = home
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *LOCAL, "--port", "0", "--no-show"]
        self.scheduler = self._started(command)
        self.address = _line_with(self.scheduler, "Scheduler at:").split()[-1]
        self.workers: list[subprocess.Popen[str]] = []

    def add_worker(self) -> "subprocess.Popen[str]":
        said = [self.address, *LOCAL, "--no-nanny", "--nthreads", "1", "--local-directory", str(self._home)]
        self.workers.append(self._started([sys.executable, "-c", WORKER, *said]))
        return self.workers[-1]

    def _started(self, command: list[str]) -> "subprocess.Popen[str]":
        told = {"PYTHONPATH": str(Path(__file__).parents[2]), "DASK_DISTRIBUTED__LOGGING__distributed": "info"}
        return subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ | told
        )

    def end(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.communicate()


def _line_with(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


@contextmanager
def cluster(home: Path, *, workers: int) -> Iterator[Cluster]:
    made = Cluster(home)
    try:
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        made.end()
