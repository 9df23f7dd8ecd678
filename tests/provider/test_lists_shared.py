"""One directory of lists and many processes: some read, one syncs, one is killed, and the disk has its days."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.provider.publisher import SERVER, Publisher, entry, held, lists, publisher, sync
from tutela.matching.catalogue import Entry, Label
from tutela.matching.lists import BadList
from tutela.provider.kept_lists import KeptLists
from tutela.provider.lists import Lists
from tutela.seals.signatures import Signer

__all__ = ["lists", "publisher"]
ROOT = Path(__file__).parents[2]
OWN = [Entry("own", "md5", b"\1" * 16, Label("own", "", ""))]


def at_turn(turn, signer, publisher=None):
    """The publisher after so many changes, the same in every process."""
    publisher = publisher or Publisher()
    publisher.signer = signer
    while publisher.sequence < turn:
        n = publisher.sequence
        publisher.publish([entry(f"{n}-{k}", n * 400 + k) for k in range(400)], [f"{n - 2}-{k}" for k in range(300)])
        if n % 5 == 0:
            publisher.snap(forget=n % 10 == 0)
    return publisher


SYNCING = """
import sys
from pathlib import Path
from tests.provider.publisher import sync
from tests.provider.test_lists_shared import at_turn
from tutela.provider.lists import Lists
from tutela.seals.signatures import Signer
lists, signer, publisher = Lists(Path(sys.argv[1])), Signer.kept_at(Path(sys.argv[2])), None
begin = max([kept.sequence for kept in lists.kept()], default=0)
for turn in range(begin + 1, begin + 1000):
    publisher = at_turn(turn, signer, publisher)
    sync(lists, publisher)
    print(turn, flush=True)
"""


def killed_while_it_syncs(tmp_path, kills):
    signer = Signer.kept_at(tmp_path / "key")
    lists = Lists(tmp_path / "lists")
    lists.trust(SERVER, [signer.public])
    for turn in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", SYNCING, str(lists.directory), str(tmp_path / "key")],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as syncing:
            first = int(syncing.stdout.readline())
            time.sleep(0.007 * (turn % 30))
            syncing.send_signal(signal.SIGKILL)
            last = max([first, *(int(line) for line in syncing.stdout if line.endswith("\n"))])
        (kept,) = lists.kept()
        assert kept.sequence in (last, last + 1)
        assert held(lists) == sorted(at_turn(kept.sequence, signer).held)


def test_killed_while_it_syncs_it_holds_one_whole_edition(tmp_path):
    """6 kills; each time exactly what was signed, of the last acknowledged change or the one after it."""
    killed_while_it_syncs(tmp_path, 6)


@pytest.mark.soak
def test_the_same_for_two_hundred_kills(tmp_path):
    killed_while_it_syncs(tmp_path, 200)


IMPORTING = """
import sys
from pathlib import Path
from tutela.matching.catalogue import Entry, Label
from tutela.provider.lists import Lists
lists, label = Lists(Path(sys.argv[1])), Label("big", "", "")
for turn in range(1, 1000):
    lists.import_("big", [Entry(f"{turn}-{n}", "md5", n.to_bytes(16, "big"), label) for n in range(2000)])
    print(turn, flush=True)
    lists.catalogue()
"""


def test_killed_at_any_moment_it_holds_one_whole_state(tmp_path):
    """4 kills; each time all 2,000 entries are of one import, the last acknowledged or the one after it."""
    for turn in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", IMPORTING, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as writer:
            first = int(writer.stdout.readline())
            time.sleep(0.03 * turn)
            writer.send_signal(signal.SIGKILL)
            last = max([first, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        found = {name.partition("-")[0] for name in held(Lists(tmp_path))}
        assert len(held(Lists(tmp_path))) == 2_000
        assert found in ({str(last)}, {str(last + 1)})


def test_readers_see_whole_lists_while_another_syncs(lists, publisher):
    sync(lists, publisher)
    wrong, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            references = held(Lists(lists.directory))
            if len(references) not in (2, 3):
                wrong.append(references)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(8):
        publisher.publish([entry("d", 4)] if turn % 2 == 0 else [], [] if turn % 2 == 0 else ["d"])
        sync(lists, publisher)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_damaged_file_of_lists_is_refused_in_a_sentence(lists, publisher):
    sync(lists, publisher)
    (lists.directory / "lists.sqlite3").write_bytes(b"x" * 5_000)
    for gone in ("lists.sqlite3-wal", "lists.sqlite3-shm"):
        (lists.directory / gone).unlink(missing_ok=True)
    with pytest.raises(BadList, match="cannot be opened or changed: file is not a database"):
        lists.kept()


def test_damage_in_the_middle_is_a_sentence_too(lists, publisher):
    lists.import_("own", [Entry(str(n), "md5", n.to_bytes(16, "big"), OWN[0].label) for n in range(2_000)])
    database = sqlite3.connect(lists.directory / "lists.sqlite3")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    file = lists.directory / "lists.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[: 3 * 4096] + b"Z" * (len(whole) - 3 * 4096))
    for ask in (lists.kept, lists.catalogue, lambda: lists.import_("other", OWN), lambda: sync(lists, publisher)):
        with pytest.raises(BadList, match="cannot be opened or changed"):
            ask()


def test_a_full_disk_is_a_sentence_and_what_was_held_stays(lists, publisher, monkeypatch):
    sync(lists, publisher)
    publisher.publish([entry("d", 4)])

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadList, match="No space left on device"):
        sync(lists, publisher)
    assert held(lists) == ["b", "c"]


def test_lists_of_a_newer_program_are_left_alone(lists, publisher):
    sync(lists, publisher)
    database = sqlite3.connect(lists.directory / "lists.sqlite3")
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(BadList, match="written by a newer version"):
        lists.kept()


def test_lists_are_nobody_elses_on_this_machine(lists, publisher):
    sync(lists, publisher)
    held(lists)
    assert lists.directory.stat().st_mode & 0o077 == 0


def test_a_first_use_by_many_at_once(tmp_path):
    wrong = []

    def import_one(number):
        try:
            Lists(tmp_path / "lists").import_(f"own-{number}", OWN)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=import_one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(Lists(tmp_path / "lists").names()) == 8


def test_no_reader_waits_for_whoever_writes(lists, publisher, monkeypatch):
    """The writer is in the middle of its transaction, and a reader that needed its lock would be refused at once."""
    sync(lists, publisher)
    monkeypatch.setattr("tutela.provider.kept_lists._WAITS_SECONDS", 0.0)
    writer = KeptLists(lists.directory / "lists.sqlite3")
    with writer.changing():
        writer.clear("baseline")
        assert lists.names() == ("baseline",)
        assert held(lists) == ["b", "c"]
        with pytest.raises(BadList, match="locked"):
            lists.import_("own", OWN)
    writer.close()
    assert held(lists) == []


@pytest.fixture
def slow_sync(lists, publisher):
    """A sync that hangs on the network, until it is let go; what it raised."""
    sync(lists, publisher)
    publisher.publish([entry("d", 4)])
    asks, may_go, raised = threading.Event(), threading.Event(), []
    change = publisher.change

    def slowly(name, sequence, *, most_bytes):
        asks.set()
        may_go.wait(20)
        return change(name, sequence, most_bytes=most_bytes)

    def run():
        try:
            sync(Lists(lists.directory), publisher)
        except BadList as error:
            raised.append(str(error))

    publisher.change = slowly
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert asks.wait(20)

    def let_go():
        may_go.set()
        thread.join(20)
        return raised

    yield let_go
    let_go()


def test_nobody_waits_for_a_sync_that_hangs_on_the_network(lists, slow_sync):
    done = []

    def meanwhile():
        lists.import_("own", OWN)
        done.append(held(lists))

    thread = threading.Thread(target=meanwhile, daemon=True)
    thread.start()
    thread.join(20)
    assert done == [["b", "c", "own"]]
    assert slow_sync() == []
    assert held(lists) == ["b", "c", "d", "own"]


def test_what_was_removed_during_a_sync_is_not_brought_back_by_it(lists, slow_sync):
    lists.remove("baseline")
    lists.import_("own", OWN)
    assert "was removed or imported here during this sync" in slow_sync()[0]
    assert held(lists) == ["own"]
    assert list((lists.directory / "fetched").iterdir()) == []


@pytest.mark.parametrize("name", ["catalogue.json", "*.columns", "*.index"])
def test_a_damaged_catalogue_is_made_anew_of_what_is_kept(lists, publisher, name):
    sync(lists, publisher)
    held(lists)
    (file,) = (lists.directory / "catalogue").glob(name)
    file.write_bytes(file.read_bytes()[:-9])
    assert held(lists) == ["b", "c"]
    file.unlink(missing_ok=True)
    assert held(lists) == ["b", "c"]
