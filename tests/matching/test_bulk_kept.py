"""Interrupted, full disks, two at once: what is done stays, goes on as the same run, and never as another one."""

import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.matching import backs
from tutela.matching import bulk_parts
from tutela.matching.bulk import BadSource, match_parquet
from tutela.matching.bulk_kept import Kept
from tutela.matching.catalogue import BadCatalogue


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    home = tmp_path_factory.mktemp("bulk")
    hashes = backs.listed(home / "lists")
    backs.write(home / "back.parquet", hashes)
    match_parquet(home / "back.parquet", home / "lists", home / "one.parquet", workers=1)
    return home, hashes


@pytest.fixture(autouse=True)
def small_parts(world, monkeypatch):
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)


def stopped_after(parts):
    """A progress that stops as Ctrl-C does."""

    def progress(done, _all):
        if done == parts:
            raise KeyboardInterrupt

    return progress


def begun(source, lists, out, *, parts=3):
    with pytest.raises(KeyboardInterrupt):
        match_parquet(source, lists, out, workers=1, progress=stopped_after(parts))


INTERRUPTED = """
import os, sys
from pathlib import Path
from tutela.matching import bulk, bulk_kept, bulk_parts
bulk_parts.ROWS_OF_A_PART = int(sys.argv[5])
put, written = bulk_kept.Kept._put, []
def until(self, path, data):
    put(self, path, data)
    written.append(path)
    if len(written) == int(sys.argv[4]):
        os.kill(os.getpid(), 9)
bulk_kept.Kept._put = until
bulk.match_parquet(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), workers=1)
"""


@pytest.mark.parametrize("after", [1, 4, 9])
def test_killed_after_any_part_the_same_command_goes_on_where_it_stood(world, tmp_path, after):
    """The first thing that is written is the manifest, the ninth the last part."""
    home, _ = world
    source, lists, out = home / "back.parquet", home / "lists", tmp_path / "out"
    said = [sys.executable, "-c", INTERRUPTED, *map(str, (source, lists, out, after, backs.GROUP))]
    assert subprocess.run(said, check=False, env=os.environ).returncode == -signal.SIGKILL
    assert not out.exists()
    assert match_parquet(source, lists, out, workers=1).resumed == after - 1
    assert out.read_bytes() == (home / "one.parquet").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_another_list_source_radius_or_cut_does_not_go_on_with_the_parts(world, tmp_path, monkeypatch):
    home, hashes = world
    source, out = tmp_path / "back.parquet", tmp_path / "out.parquet"
    backs.write(source, hashes)
    begun(source, home / "lists", out)
    backs.listed(tmp_path / "other", seed=5)
    for change, why in (
        ({"radius": 30}, "radius was another"),
        ({"lists": {"ours"}}, "other lists were asked"),
        ({"catalogue": tmp_path / "other"}, "lists have changed"),
        ({"columns": {"pdq": "pdq"}}, "other columns were asked"),
        ({"carried": ["number"]}, "other columns were carried"),
        ({"quality": "number"}, "quality was in another column"),
    ):
        with pytest.raises(BadSource, match=why):
            match_parquet(**{"source": source, "catalogue": home / "lists", "out": out} | change, workers=1)
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", 800)
    with pytest.raises(BadSource, match="cut into other parts"):
        match_parquet(source, home / "lists", out, workers=1)
    backs.write(source, hashes, group=800)
    with pytest.raises(BadSource, match="the source has changed"):
        match_parquet(source, home / "lists", out, workers=1)


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"version": 1}'])
def test_a_manifest_that_is_none_is_said(world, tmp_path, damage):
    home, _ = world
    begun(home / "back.parquet", home / "lists", tmp_path / "out")
    (tmp_path / "out.parts" / "manifest.json").write_bytes(damage)
    with pytest.raises(BadSource, match=r"begin anew|another version"):
        match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1)


def test_a_part_that_was_cut_short_is_done_again(world, tmp_path):
    home, _ = world
    begun(home / "back.parquet", home / "lists", tmp_path / "out")
    part = tmp_path / "out.parts" / "00000001.arrow"
    part.write_bytes(part.read_bytes()[:-20])
    assert match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1).resumed == 2
    assert (tmp_path / "out").read_bytes() == (home / "one.parquet").read_bytes()


def test_two_commands_do_not_write_one_output(world, tmp_path):
    home, _ = world
    refused = []

    def again(done, _all):
        if done == 3:
            with pytest.raises(BadSource, match="Another command is writing") as error:
                match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1)
            refused.append(error)

    match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1, progress=again)
    assert len(refused) == 1
    assert (tmp_path / "out").read_bytes() == (home / "one.parquet").read_bytes()


def test_a_source_that_changes_while_it_is_matched_gives_no_answer(world, tmp_path):
    home, hashes = world
    source = tmp_path / "back.parquet"
    backs.write(source, hashes)
    with pytest.raises(BadSource, match="changed while it was matched"):
        match_parquet(
            source, home / "lists", tmp_path / "a", workers=1, progress=lambda done, _: done == 8 and os.utime(source)
        )
    with pytest.raises(BadSource, match="is not the file that was asked about"):
        match_parquet(
            source, home / "lists", tmp_path / "b", workers=1,
            progress=lambda done, _: done == 2 and backs.write(source, hashes, group=50),
        )  # fmt: skip
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()


def test_lists_that_change_while_they_are_asked_give_no_answer(world, tmp_path):
    """A worker that comes later would map the new ones."""
    home, _ = world
    backs.listed(tmp_path / "lists")

    def changed(done, _all):
        if done == 2:
            backs.listed(tmp_path / "lists", seed=5)
            bulk_parts._catalogue.cache_clear()

    with pytest.raises(BadCatalogue, match="they changed meanwhile"):
        match_parquet(home / "back.parquet", tmp_path / "lists", tmp_path / "out", workers=1, progress=changed)
    assert not (tmp_path / "out").exists()


@contextmanager
def files_of_at_most(size_bytes):
    """As a full disk, for this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("size_bytes", "resumed"), [(100, 0), (1_000, 0), (4_000, 8)])
def test_where_there_is_no_more_room_what_is_done_stays(world, tmp_path, size_bytes, resumed):
    """Too little for the manifest, for a part, for the output."""
    home, _ = world
    source, lists, out = home / "back.parquet", home / "lists", tmp_path / "out"
    with files_of_at_most(size_bytes), pytest.raises(BadSource, match=r"cannot be written.*File too large"):
        match_parquet(source, lists, out, workers=1)
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
    assert match_parquet(source, lists, out, workers=1).resumed == resumed
    assert out.read_bytes() == (home / "one.parquet").read_bytes()


def test_where_nothing_may_be_written_it_says_so(world, tmp_path):
    home, _ = world
    with pytest.raises(BadSource, match="is there already"):
        match_parquet(home / "back.parquet", home / "lists", home / "one.parquet")
    (tmp_path / "file").write_text("text-1")
    for out in (Path("/proc/nowhere/out"), tmp_path / "file" / "out"):
        with pytest.raises(BadSource, match="cannot be written"):
            match_parquet(home / "back.parquet", home / "lists", out)


def test_saboteur_a_part_that_was_lost_is_not_passed_over(world, tmp_path, monkeypatch):
    home, _ = world
    keep = Kept.keep
    monkeypatch.setattr(Kept, "keep", lambda self, number, data: number == 3 or keep(self, number, data))
    with pytest.raises(BadSource, match="cannot be written"):
        match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)
    assert match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=1).resumed == 7
    assert (tmp_path / "out").read_bytes() == (home / "one.parquet").read_bytes()
