"""Many workers, here and on a cluster, some of them killed: the same file as one process writes by itself."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.matching import backs, bases
from tests.matching.clusters import cluster
from tutela.matching import bulk_parts, bulk_workers
from tutela.matching.bulk import BadSource, match_parquet
from tutela.matching.catalogue import BadCatalogue


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("bulk")
    backs.write(home / "back.parquet", backs.listed(home / "lists"))
    match_parquet(home / "back.parquet", home / "lists", home / "one.parquet", workers=1)
    return home


@pytest.fixture(autouse=True)
def small_parts(world, monkeypatch):
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)


def test_a_process_that_is_killed_is_replaced_and_its_part_is_done(world, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_workers, "find", backs.find_slowly)
    killed = []

    def progress(done, _all):
        if done == 2:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    match_parquet(world / "back.parquet", world / "lists", tmp_path / "out", workers=2, progress=progress)
    assert killed[0].exitcode == -signal.SIGKILL
    assert (tmp_path / "out").read_bytes() == (world / "one.parquet").read_bytes()


def test_a_part_that_kills_whoever_does_it_is_given_up_and_the_others_stay(world, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_workers, "find", backs.find_and_die)
    monkeypatch.setattr(bulk_workers, "LOSSES_ALLOWED", 0)
    with pytest.raises(BadSource, match=r"ended 1 times .* fewer --workers"):
        match_parquet(world / "back.parquet", world / "lists", tmp_path / "out", workers=2)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)
    assert match_parquet(world / "back.parquet", world / "lists", tmp_path / "out", workers=1).resumed > 0
    assert (tmp_path / "out").read_bytes() == (world / "one.parquet").read_bytes()


def test_on_a_cluster_with_a_worker_killed_in_the_middle_it_is_the_same_file(world, tmp_path):
    began = []
    with cluster(tmp_path, workers=2) as machines:

        def progress(done, _all):
            began.append(done)
            if done == 2:
                machines.workers[0].kill()

        out = tmp_path / "out"
        done = match_parquet(
            world / "back.parquet", world / "lists", out, scheduler=machines.address, progress=progress
        )
        assert machines.workers[0].wait(10) == -signal.SIGKILL
    assert (done.parts, began) == (8, list(range(9)))
    assert out.read_bytes() == (world / "one.parquet").read_bytes()


def test_without_a_worker_and_without_a_scheduler_it_says_so_and_goes_on_later(world, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_workers, "SECONDS_WITHOUT_A_WORKER", 0.2)
    source, out = world / "back.parquet", tmp_path / "out"
    with cluster(tmp_path, workers=0) as machines:
        with pytest.raises(BadSource, match=r"no worker for 0\.2 seconds"):
            match_parquet(source, world / "lists", out, scheduler=machines.address)
        assert not out.with_name("out.parts").exists()
        monkeypatch.setattr(bulk_workers, "SECONDS_WITHOUT_A_WORKER", 20)
        machines.add_worker()
        with pytest.raises(BadSource, match="scheduler is gone"):
            match_parquet(
                source, world / "lists", out, scheduler=machines.address,
                progress=lambda done, _: done == 2 and machines.scheduler.kill(),
            )  # fmt: skip
    assert match_parquet(source, world / "lists", out, workers=1).resumed >= 2
    assert out.read_bytes() == (world / "one.parquet").read_bytes()


def test_a_scheduler_that_is_not_there_is_said(world, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk_workers, "SECONDS_TO_CONNECT", 0.5)
    for address, why in (
        ("tcp://127.0.0.1:9", r"scheduler at tcp://127\.0\.0\.1:9 cannot be reached"),
        ("nonsense", "nonsense is no address of a scheduler"),
        ("tcp://127.0.0.1", "no address of a scheduler"),
    ):
        with pytest.raises(BadSource, match=why):
            match_parquet(world / "back.parquet", world / "lists", tmp_path / "out", scheduler=address)
    assert not list(tmp_path.iterdir())


class _Lost:
    """What a worker of the cluster answers that has not what it needs."""

    def __init__(self, error):
        self._error = error

    def result(self):
        raise self._error


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (BadSource("There is no file x."), BadSource, r"worker of the cluster says: There is no file x\."),
        (BadCatalogue("There is none."), BadCatalogue, "worker of the cluster says: There is none"),
        (ModuleNotFoundError("No module named 'numba'"), BadSource, "No module named 'numba'. Install the same there"),
    ],
)
def test_what_a_worker_lacks_is_said_as_the_workers(error, kind, says):
    import distributed

    with pytest.raises(kind, match=says):
        bulk_workers._result(_Lost(error), distributed)


@pytest.mark.soak
def test_workers_that_come_and_are_killed_all_the_time_lose_nothing(tmp_path, monkeypatch):
    """A million rows in a hundred parts; every few a worker is killed and another comes; two commands, too."""
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", 10_000)
    hashes = backs.listed(tmp_path / "lists")
    values = bases.independent(1_000_000, 4)
    values[::100] = bases.perturbed(hashes[np.arange(10_000) % len(hashes)], 31, seed=2)
    column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), len(values), [None, pa.py_buffer(values)])
    pq.write_table(pa.table({"pdq": column}), tmp_path / "back", row_group_size=64_000, use_dictionary=False)
    done = match_parquet(tmp_path / "back", tmp_path / "lists", tmp_path / "one", workers=1)
    assert done.matches >= 10_000
    with cluster(tmp_path, workers=2) as machines:

        def progress(done, _all):
            if done % 7 == 3:
                machines.workers[-2].kill()
                machines.add_worker()
            if done in {30, 60} and done not in stopped:
                stopped.append(done)
                raise KeyboardInterrupt

        stopped: list[int] = []
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                match_parquet(
                    tmp_path / "back",
                    tmp_path / "lists",
                    tmp_path / "out",
                    scheduler=machines.address,
                    progress=progress,
                )
        done = match_parquet(
            tmp_path / "back", tmp_path / "lists", tmp_path / "out", scheduler=machines.address, progress=progress
        )
        assert len(machines.workers) > 10
    assert done.resumed >= 60
    assert (tmp_path / "out").read_bytes() == (tmp_path / "one").read_bytes()


DRIVEN = """
import sys
from pathlib import Path
from tutela.matching import bulk_parts
from tutela.matching.bulk import match_parquet
if __name__ == "__main__":
    bulk_parts.ROWS_OF_A_PART = 700
    match_parquet(*map(Path, sys.argv[1:4]), workers=2, progress=lambda done, _: print(done, flush=True))
"""


@pytest.mark.soak
def test_workers_end_with_a_command_that_was_killed(world, tmp_path):
    """Otherwise each kill would leave processes that hold the lists mapped, for ever."""
    (tmp_path / "driven.py").write_text(DRIVEN)
    said = [sys.executable, tmp_path / "driven.py", world / "back.parquet", world / "lists", tmp_path / "out"]
    told = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(said, stdout=subprocess.PIPE, text=True, env=told, start_new_session=True) as process:
        for line in process.stdout:
            if int(line) == 1:
                process.kill()
                break
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker lives on")
