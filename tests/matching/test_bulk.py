"""A back catalogue against the lists: the same file whoever did the parts, and however often they were begun."""

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
from tutela.matching import bulk, bulk_parts
from tutela.matching.bulk import NOTE, BadSource, match_parquet
from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry, Label


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("bulk")
    hashes = backs.listed(home / "lists")
    values = backs.write(home / "back.parquet", hashes)
    match_parquet(home / "back.parquet", home / "lists", home / "one.parquet", workers=1)
    return home, hashes, values


def expected(hashes, values, radius=31):
    """By comparing everything with everything, and in the order of the rows."""
    found = []
    for row, value in enumerate(values):
        if row % 70 != 69:
            distances = np.bitwise_count(hashes ^ value).sum(axis=1)
            found += [(row, f"pdq-{n}", "pdq", int(distances[n]), radius) for n in np.flatnonzero(distances <= radius)]
        if row % 40 == 0 and row % 60 < 50:
            found.append((row, f"md5-{row % 60}", "md5", 0, 0))
    return sorted(found)


def told(path):
    rows = pq.read_table(path).to_pylist()
    return [(r["row"], r["reference"], r["kind"], r["distance_bits"], r["threshold_bits"]) for r in rows]


def test_every_match_of_every_row_is_found_in_the_order_of_the_source(world):
    home, hashes, values = world
    assert sorted(told(home / "one.parquet")) == expected(hashes, values)
    rows = pq.read_table(home / "one.parquet")
    assert rows["row"].to_pylist() == sorted(rows["row"].to_pylist())
    assert rows.schema.metadata[b"tutela.note"].decode() == NOTE
    assert {(r["list"], r["tier"], r["classification"]) for r in rows.to_pylist()} == {
        ("ours", "B", "scheme:1"),
        ("theirs", "B", "scheme:1"),
        ("ours", "C", ""),
    }


@pytest.mark.parametrize("form", ["text", "large"])
def test_hexadecimal_and_bytes_of_any_length_are_read_as_the_same(world, tmp_path, form):
    home, hashes, _ = world
    backs.write(tmp_path / "back.parquet", hashes, form=form)
    match_parquet(tmp_path / "back.parquet", home / "lists", tmp_path / "out.parquet", workers=1)
    assert told(tmp_path / "out.parquet") == told(home / "one.parquet")


def test_two_workers_write_the_same_file(world, tmp_path):
    home, *_ = world
    done = match_parquet(home / "back.parquet", home / "lists", tmp_path / "two.parquet", workers=2)
    assert (tmp_path / "two.parquet").read_bytes() == (home / "one.parquet").read_bytes()
    assert (done.rows, done.parts, done.resumed) == (backs.ROWS, 8, 0)


def test_it_asks_some_lists_at_another_radius(world, tmp_path):
    home, hashes, values = world
    match_parquet(home / "back.parquet", home / "lists", tmp_path / "o", radius=12, lists={"theirs"}, workers=1)
    theirs = [one for one in expected(hashes, values, 12) if one[2] == "pdq" and int(one[1][4:]) % 3 == 0]
    assert sorted(told(tmp_path / "o")) == theirs


INTERRUPTED = """
import os, sys
from pathlib import Path
from tutela.matching import bulk
keep, kept = bulk._keep, []
def until(path, data):
    keep(path, data)
    kept.append(path)
    if len(kept) == int(sys.argv[4]):
        os.kill(os.getpid(), 9)
bulk._keep = until
bulk.match_parquet(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), workers=1)
"""


def test_killed_after_any_part_the_same_command_goes_on_where_it_stood(world, tmp_path):
    home, *_ = world
    source, lists = home / "back.parquet", home / "lists"
    for after in (1, 4, 9):
        out = tmp_path / f"{after}.parquet"
        said = [sys.executable, "-c", INTERRUPTED, str(source), str(lists), str(out), str(after)]
        assert subprocess.run(said, check=False, env=os.environ).returncode == -signal.SIGKILL
        assert not out.exists()
        done = match_parquet(source, lists, out, workers=1)
        assert done.resumed == after - 1
        assert out.read_bytes() == (home / "one.parquet").read_bytes()
        assert not out.with_name(f"{out.name}.parts").exists()


def test_another_list_source_or_radius_does_not_go_on_with_the_parts(world, tmp_path, monkeypatch):
    home, hashes, _ = world
    source, out = tmp_path / "back.parquet", tmp_path / "out.parquet"
    backs.write(source, hashes)
    monkeypatch.setattr(bulk, "_assemble", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        match_parquet(source, home / "lists", out, workers=1)
    monkeypatch.undo()
    backs.listed(tmp_path / "other", seed=5)
    for change, why in (
        ({"radius": 30}, "radius was another"),
        ({"lists": {"ours"}}, "other lists were asked"),
        ({"catalogue": tmp_path / "other"}, "lists have changed"),
        ({"columns": {"pdq": "pdq"}}, "other columns"),
    ):
        with pytest.raises(BadSource, match=why):
            match_parquet(**{"source": source, "catalogue": home / "lists", "out": out} | change, workers=1)
    backs.write(source, hashes, group=800)
    with pytest.raises(BadSource, match="the source has changed"):
        match_parquet(source, home / "lists", out, workers=1)


def table(tmp_path, **columns):
    pq.write_table(pa.table(columns), tmp_path / "bad.parquet")
    return tmp_path / "bad.parquet"


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"x": [1]}, r"No column is named pdq, sha256, sha1, md5; .* There are: x\."),
        ({"pdq": [1]}, "holds int64; a column of pdq holds 32 bytes"),
        ({"pdq": pa.array([b"x" * 31], pa.binary(31))}, "holds fixed_size_binary"),
        ({"pdq": ["00" * 32, "00" * 31]}, "Row 2 holds 62 characters or bytes where 64"),
        ({"pdq": ["00" * 32, None, "0g" * 32]}, "Row 3 holds other characters than hexadecimal"),
        ({"md5": [b"12", b"1" * 16]}, "Row 1 holds 2 characters or bytes where 16"),
    ],
)
def test_a_source_that_is_none_is_refused_by_its_row_or_its_columns(world, tmp_path, columns, says):
    home, *_ = world
    with pytest.raises(BadSource, match=says):
        match_parquet(table(tmp_path, **columns), home / "lists", tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_or_written_says_so(world, tmp_path):
    home, *_ = world
    source, lists = home / "back.parquet", home / "lists"
    (tmp_path / "text").write_text("no Parquet")
    with pytest.raises(BadSource, match="not a Parquet file"):
        match_parquet(tmp_path / "text", lists, tmp_path / "out")
    with pytest.raises(BadSource, match="There is no file"):
        match_parquet(tmp_path / "none", lists, tmp_path / "out")
    with pytest.raises(BadSource, match="is there already"):
        match_parquet(source, lists, home / "one.parquet")
    with pytest.raises(BadCatalogue, match="no catalogue here"):
        match_parquet(source, tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(BadSource, match="There is no column other"):
        match_parquet(source, lists, tmp_path / "out", columns={"pdq": "other"})
    with pytest.raises(BadSource, match="cannot be written"):
        match_parquet(source, lists, Path("/proc/nowhere/out"))


def test_a_back_catalogue_without_a_match_and_one_without_a_row_are_files_too(world, tmp_path):
    home, *_ = world
    empty = table(tmp_path, pdq=pa.array([], pa.binary(32)))
    done = match_parquet(empty, home / "lists", tmp_path / "a", workers=1)
    assert (done.matches, pq.read_table(tmp_path / "a").num_rows) == (0, 0)
    none = table(tmp_path, pdq=pa.array([bytes(range(32))], pa.binary(32)))
    assert match_parquet(none, home / "lists", tmp_path / "b", workers=1).matches == 0


def test_a_few_new_hashes_are_sought_in_the_same_way(world, tmp_path):
    """Was this ever uploaded here? A catalogue of what is sought takes the place of the lists."""
    home, _, values = world
    sought = bases.perturbed(values[1234:1235], 20, seed=1)[0]
    Catalogue.build([Entry("new", "pdq", bytes(sought), Label("sought", "", ""))]).save(tmp_path / "sought")
    match_parquet(home / "back.parquet", tmp_path / "sought", tmp_path / "out", workers=1)
    assert [(row, reference) for row, reference, *_ in told(tmp_path / "out")] == [(1234, "new")]


def test_saboteur_a_part_that_was_lost_is_not_passed_over(world, tmp_path, monkeypatch):
    home, *_ = world
    find = bulk_parts.find
    monkeypatch.setattr("tutela.matching.bulk_workers.find", lambda job, part: find(job, part) if part != 3 else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1).resumed == 3


def test_a_scheduler_that_is_not_there_is_said(world, tmp_path, monkeypatch):
    home, *_ = world
    monkeypatch.setattr("tutela.matching.bulk_workers.SECONDS_TO_CONNECT", 1)
    with pytest.raises(BadSource, match=r"scheduler at tcp://127\.0\.0\.1:9 cannot be reached"):
        match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", scheduler="tcp://127.0.0.1:9")


# A part takes a third of a second there, so that there is a middle to be killed in.
SLOWLY = "import time; from tutela.matching import bulk_parts; was = bulk_parts.Catalogue.match_many\n"
WORKER = (
    SLOWLY
    + "bulk_parts.Catalogue.match_many = lambda *a, **k: (time.sleep(0.15), was(*a, **k))[1]\n"
    + "import sys; from distributed.cli.dask_worker import main; main(sys.argv[1:])"
)


@pytest.fixture
def cluster():
    """A scheduler and two worker processes on the loopback, each of one thread, none brought back."""
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    processes = [_started([*scheduler, "--no-dashboard", "--no-show"])]
    address = _line_with(processes[0], "Scheduler at:").split()[-1]
    for number in range(2):
        said = [
            address,
            "--no-nanny",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--name",
            str(number),
        ]
        processes.append(_started([sys.executable, "-c", WORKER, *said]))
    yield address, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def _started(command):
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DASK_DISTRIBUTED__LOGGING__distributed": "info",
    }
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)


def _line_with(process, words):
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def test_on_a_cluster_with_a_worker_killed_in_the_middle_it_is_the_same_file(world, tmp_path, cluster):
    home, *_ = world
    address, workers = cluster
    began = []

    def progress(done, total):
        began.append(done)
        if done == 2:
            workers[0].send_signal(signal.SIGKILL)
            time.sleep(0.1)

    out = tmp_path / "cluster.parquet"
    done = match_parquet(home / "back.parquet", home / "lists", out, scheduler=address, progress=progress)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert (done.parts, began[-1]) == (8, 8)
    assert out.read_bytes() == (home / "one.parquet").read_bytes()
