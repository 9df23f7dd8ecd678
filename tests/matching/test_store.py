import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.matching import bases
from tutela.matching import store as store_module
from tutela.matching.file import BadIndexFile
from tutela.matching.hashes import BadHash
from tutela.matching.index import Index
from tutela.matching.store import Store


@pytest.fixture
def path(tmp_path):
    Store.create(tmp_path / "pdq.index", Index.build(bases.independent(100), np.arange(100)))
    return tmp_path / "pdq.index"


NEW = bases.independent(3, seed=77)


def test_what_one_process_changes_the_others_answer_at_once(path):
    ana, boris = Store(path), Store(path)
    ana.add(NEW, np.array([500, 501, 502]))
    assert boris.query(bytes(NEW[1])) == [(501, 0)]
    boris.withdraw(np.array([501]))
    assert ana.query(bytes(NEW[1])) == []
    assert len(ana) == len(boris) == 102


def test_changes_survive_the_process(path):
    Store(path).add(NEW, np.array([500, 501, 502]))
    Store(path).withdraw(np.array([7]))
    assert len(Store(path)) == 102


def test_a_merge_changes_no_answer_and_is_followed_by_those_who_were_open(path):
    ana, boris = Store(path), Store(path)
    ana.add(NEW, np.array([500, 501, 502]))
    ana.withdraw(np.array([500, 3]))
    ana.merge()
    for store in (ana, boris, Store(path)):
        assert len(store) == 101
        assert store.query(bytes(NEW[0])) == []
        assert store.query(bytes(NEW[2])) == [(502, 0)]
    boris.withdraw(np.array([502]))
    assert ana.query(bytes(NEW[2])) == []
    assert sum(len(segment) for segment in Store(path).current().segments) == 101


def test_what_is_withdrawn_and_added_again_during_a_merge_ends_as_it_was_said(path, monkeypatch):
    store, other = Store(path), Store(path)
    honest = Index.merged

    def slowly(index):
        other.withdraw(np.array([5, 6]))
        other.add(bases.independent(100)[5:6], np.array([5]))
        store.current()
        return honest(index)

    monkeypatch.setattr(Index, "merged", slowly)
    store.merge()
    hash_five, hash_six = bytes(bases.independent(100)[5]), bytes(bases.independent(100)[6])
    for asked in (store, other, Store(path)):
        assert asked.query(hash_five) == [(5, 0)]
        assert asked.query(hash_six) == []
        assert len(asked) == 99


@pytest.mark.parametrize("step", ["write_journal", "write_index", "sync_directory"])
def test_a_crash_in_the_middle_of_a_merge_loses_nothing(path, monkeypatch, step):
    store = Store(path)
    store.add(NEW, np.array([500, 501, 502]))
    store.withdraw(np.array([9]))

    def power_cut(*_):
        raise OSError("no more power")

    with monkeypatch.context() as patch:
        patch.setattr(store_module, step, power_cut)
        with pytest.raises(OSError, match="no more power"):
            store.merge()
    for survivor in (store, Store(path)):
        assert len(survivor) == 102
        survivor.add(NEW[:1], np.array([900]))
        assert survivor.query(bytes(NEW[0]))[-1] == (900, 0)
        survivor.withdraw(np.array([900]))


def test_a_crash_between_the_two_renames_of_a_merge_loses_nothing(path, monkeypatch):
    """The new snapshot lies beside the old journal, and says how far it covers it."""
    store = Store(path)
    store.add(NEW, np.array([500, 501, 502]))
    journal = path.with_name("pdq.index.changes")
    old = journal.read_bytes()
    store.merge()
    journal.write_bytes(old)
    assert len(Store(path)) == 103
    assert len(store) == 103


@pytest.mark.parametrize("kept", [1, 8, 9, 20, -1])
def test_a_record_cut_short_was_never_acknowledged_and_is_cut_off(path, kept):
    store = Store(path)
    journal = path.with_name("pdq.index.changes")
    before = journal.read_bytes()
    store.withdraw(np.array([1, 2, 3]))
    whole = journal.read_bytes()
    record = whole[len(before) :]
    journal.write_bytes(before + record[:kept])
    survivor = Store(path)
    assert len(survivor) == 100
    survivor.withdraw(np.array([4]))
    assert len(survivor) == len(Store(path)) == 99


def test_a_damaged_record_is_not_applied(path):
    Store(path).withdraw(np.array([1]))
    journal = path.with_name("pdq.index.changes")
    damaged = bytearray(journal.read_bytes())
    damaged[-3] ^= 4
    journal.write_bytes(damaged)
    assert len(Store(path)) == 100


def test_what_is_refused_never_reaches_the_journal(path):
    store = Store(path)
    before = path.with_name("pdq.index.changes").read_bytes()
    with pytest.raises(BadHash):
        store.add(NEW, np.array([1]))
    assert path.with_name("pdq.index.changes").read_bytes() == before


def test_a_journal_of_another_index_is_refused(path, tmp_path):
    Store.create(tmp_path / "other", Index())
    (tmp_path / "other.changes").replace(path.with_name("pdq.index.changes"))
    with pytest.raises(BadIndexFile, match="belongs to another"):
        Store(path)


def test_a_store_is_not_created_over_another(path):
    with pytest.raises(BadIndexFile, match="already"):
        Store.create(path, Index())


def test_readers_go_on_while_others_add_withdraw_and_merge(path):
    base = bases.independent(100)
    stop, wrong = threading.Event(), []

    def read():
        store = Store(path)
        while not stop.is_set():
            if store.query(bytes(base[50])) != [(50, 0)]:
                wrong.append("50 was not found")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    writer = Store(path)
    for step in range(12):
        writer.add(bases.independent(20, seed=step + 1), np.arange(20) + 1_000 + 20 * step)
        writer.withdraw(np.arange(5) + 1_000 + 20 * step)
        if step % 4 == 3:
            writer.merge()
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(writer) == len(Store(path)) == 100 + 12 * 15


WRITER = """
import sys
from pathlib import Path
import numpy as np
from tutela.matching.store import Store
store = Store(Path(sys.argv[1]))
for number in range(10_000):
    store.add(np.full((1, 32), number % 251, np.uint8), np.array([1_000 + number]))
    print(1_000 + number, flush=True)
    if number % 7 == 6:
        store.merge()
"""


def test_what_was_acknowledged_survives_a_killed_writer(path):
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        acknowledged = [int(next(writer.stdout)) for _ in range(25)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    store = Store(path)
    found = {id_ for segment in store.current().segments for id_ in segment.live()[1].tolist()}
    assert set(acknowledged) <= found
    assert len(found) - 100 - len(acknowledged) in (0, 1)


class Histories(RuleBasedStateMachine):
    """Two processes' views of one store, against a dictionary."""

    def __init__(self):
        super().__init__()
        self.directory = TemporaryDirectory()
        self.path = Path(self.directory.name) / "pdq.index"
        self.stores = [Store.create(self.path, Index()), Store(self.path)]
        self.live = {}

    @rule(which=st.integers(0, 1), ids=st.lists(st.integers(0, 30), min_size=1, max_size=8), seed=st.integers(0, 9))
    def add(self, which, ids, seed):
        hashes = bases.clustered(len(ids), seed)
        self.stores[which].add(hashes, np.array(ids))
        for id_, hash_ in zip(ids, hashes, strict=True):
            self.live.setdefault(id_, []).append(hash_)

    @rule(which=st.integers(0, 1), ids=st.lists(st.integers(0, 30), min_size=1, max_size=8))
    def withdraw(self, which, ids):
        self.stores[which].withdraw(np.array(ids))
        for id_ in ids:
            self.live.pop(id_, None)

    @rule(which=st.integers(0, 1))
    def merge(self, which):
        self.stores[which].merge()

    @rule(which=st.integers(0, 1))
    def open_again(self, which):
        self.stores[which] = Store(self.path)

    @precondition(lambda self: self.live)
    @rule(which=st.integers(0, 1), radius=st.integers(0, 63), seed=st.integers(0, 9))
    def ask(self, which, radius, seed):
        pairs = [(id_, hash_) for id_, several in self.live.items() for hash_ in several]
        query = bases.perturbed(pairs[seed % len(pairs)][1][None], 40, seed)[0]
        distances = [(int(np.bitwise_count(query ^ hash_).sum()), id_) for id_, hash_ in pairs]
        expected = sorted(pair for pair in distances if pair[0] <= radius)
        assert [(bits, id_) for id_, bits in self.stores[which].query(bytes(query), radius)] == expected

    @invariant()
    def as_many_as_there_should_be(self):
        assert {len(store) for store in self.stores} == {sum(map(len, self.live.values()))}

    def teardown(self):
        self.directory.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
