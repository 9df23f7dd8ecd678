import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import bases
from tutela.matching import index as index_module
from tutela.matching import search
from tutela.matching.hashes import BadHash
from tutela.matching.index import Index
from tutela.matching.segment import MAX_ROWS, Segment, build_segment
from tutela.matching.thresholds import BadRadius


def answers(index, queries, radius):
    hits = index.query_batch(queries, radius)
    found = list(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))
    assert len(found) == len(set(found)), "an answer came twice"
    return set(found)


@pytest.fixture(params=[True, False], ids=["with tables", "scanned"])
def tables(request, monkeypatch):
    """Small bases are scanned; with no rows allowed to be scanned, they are searched like large ones."""
    if request.param:
        monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    return request.param


DRAWN = {"independent": bases.independent, "clustered": bases.clustered, "crowded": bases.crowded}


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("radius", [0, 1, 15, 16, 30, 31, 32, 47])
def test_answers_equal_brute_force(tables, kind, radius):
    base = DRAWN[kind](3_000, seed=radius)
    ids = np.random.default_rng(7).permutation(3_000) * 10**12
    queries = np.concatenate([bases.perturbed(base[:40], radius + 2, seed=1), bases.independent(10, seed=99)])
    expected = bases.brute_force(base, ids, queries, radius)
    assert len(expected) >= 10
    assert answers(Index.build(base, ids), queries, radius) == expected


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(DRAWN)), st.integers(1, 400), st.integers(0, 63), st.integers(0, 2**20), st.booleans())
def test_answers_equal_brute_force_at_any_radius(kind, count, radius, seed, scanned):
    base, ids = DRAWN[kind](count, seed), np.arange(count)
    queries = np.concatenate([bases.perturbed(base[:5], radius, seed), bases.independent(2, seed + 1)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "SCANNED_ROWS", 10_000 if scanned else 0)
        assert answers(Index.build(base, ids), queries, radius) == bases.brute_force(base, ids, queries, radius)


@pytest.mark.parametrize("shared", [1, 3, 8, 15, 16])
def test_buckets_of_more_than_255_entries_lose_nothing(monkeypatch, shared):
    monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    base = bases.crowded(2_000, shared=shared)
    queries = bases.perturbed(base[::100], 12)
    ids = np.arange(2_000)
    assert answers(Index.build(base, ids), queries, 31) == bases.brute_force(base, ids, queries, 31)


def test_more_answers_than_there_was_room_for_are_asked_for_again(tables):
    base = np.repeat(bases.independent(1), 5_000, axis=0)
    hits = Index.build(base, np.arange(5_000)).query_batch(base[:3])
    assert len(hits.id) == 15_000
    assert hits.id[:5_000].tolist() == list(range(5_000))


def test_a_history_of_additions_and_withdrawals_equals_brute_force(tables):
    rng = np.random.default_rng(5)
    index, live = Index(), {}
    for step in range(60):
        if step % 3 < 2:
            count = int(rng.integers(1, 120))
            hashes = bases.clustered(count, seed=step)
            ids = rng.integers(0, 1_500, count)
            index.add(hashes, ids)
            for id_, hash_ in zip(ids.tolist(), hashes, strict=True):
                live.setdefault(id_, []).append(hash_)
        else:
            ids = rng.integers(0, 1_500, 40)
            went = sum(len(live.pop(id_, [])) for id_ in set(ids.tolist()))
            if step % 2:
                index.hide(ids)
            else:
                assert index.withdraw(ids) == went
        if step % 10 == 9:
            index.merge()
            assert len(index.segments) == 1
        base = [(id_, hash_) for id_, several in live.items() for hash_ in several]
        assert len(index) == len(base)
        if step % 6 == 5:
            hashes = np.array([hash_ for _, hash_ in base])
            ids = np.array([id_ for id_, _ in base])
            queries = np.concatenate([bases.perturbed(hashes[:10], 20, step), hashes[-10:]])
            found = index.query_batch(queries)
            expected = sorted(
                (number, int(d), int(ids[row]))
                for number, query in enumerate(queries)
                for row, d in enumerate(np.bitwise_count(hashes ^ query).sum(axis=1))
                if d <= 31
            )
            assert (
                list(zip(found.query.tolist(), found.distance_bits.tolist(), found.id.tolist(), strict=True))
                == expected
            )


def test_what_is_withdrawn_is_gone_at_once_and_may_come_back(tables):
    base = bases.independent(10)
    index = Index.build(base, np.arange(10))
    assert index.query(base[3].tobytes()) == [(3, 0)]
    assert index.withdraw(np.array([3])) == 1
    assert index.query(base[3].tobytes()) == []
    assert index.withdraw(np.array([3, 77])) == 0
    index.add(base[3:4], np.array([3]))
    assert index.query(base[3].tobytes()) == [(3, 0)]
    assert len(index) == 10


def test_what_happens_during_a_merge_is_in_what_comes_of_it(monkeypatch):
    base, later = bases.independent(200), bases.independent(50, seed=9)
    index = Index.build(base[:100], np.arange(100))
    index.add(base[100:], np.arange(100, 200))
    merged = Index.merged

    def meanwhile(before):
        """Everything is copied already when others withdraw, add, and add again what they withdrew."""
        folded = merged(before)
        assert index.withdraw(np.array([3, 150])) == 2
        index.add(later, np.arange(300, 350))
        index.add(base[3:4], np.array([3]))
        assert index.withdraw(np.array([301])) == 1
        assert index.query(bytes(base[150])) == [] and index.query(bytes(later[5])) == [(305, 0)]
        return folded

    monkeypatch.setattr(Index, "merged", meanwhile)
    index.merge()
    monkeypatch.undo()
    assert len(index) == 200 - 2 + 50 + 1 - 1
    assert index.query(bytes(base[3])) == [(3, 0)]
    assert [index.query(bytes(hash_)) for hash_ in (base[150], later[1])] == [[], []]
    assert index.query(bytes(later[2])) == [(302, 0)] and index.query(bytes(base[199])) == [(199, 0)]
    index.withdraw(np.array([3]))
    assert index.query(bytes(base[3])) == []


def test_a_merge_that_fails_leaves_everything_as_it_was(monkeypatch):
    index = Index.build(bases.independent(10), np.arange(10))

    def without_memory(before):
        raise MemoryError

    monkeypatch.setattr(Index, "merged", without_memory)
    with pytest.raises(MemoryError):
        index.merge()
    monkeypatch.undo()
    index.add(bases.independent(10, seed=1), np.arange(10, 20))
    index.merge()
    assert len(index) == 20 and len(index.segments) == 1


def test_many_small_additions_leave_few_segments_and_many_large_ones_ask_for_a_merge(monkeypatch):
    monkeypatch.setattr("tutela.matching.index.MERGED_AT_ONCE", 32)
    index = Index()
    for step in range(40):
        index.add(bases.independent(8, seed=step), np.arange(8) + 8 * step)
    assert index.is_scattered
    index.merge()
    assert not index.is_scattered and len(index) == 320


def test_what_is_hidden_is_gone_before_its_bit_is_set_and_stays_gone_after(monkeypatch):
    base = bases.independent(200)
    index = Index.build(base[:100], np.arange(100))
    index.add(base[100:150], np.arange(100, 150))
    held, marks = threading.Event(), []
    withdraw = Segment.withdraw

    def slowly(segment, ids):
        held.wait(10)
        marks.append(ids.tolist())
        return withdraw(segment, ids)

    monkeypatch.setattr(Segment, "withdraw", slowly)
    index.hide(np.array([7, 120]))
    assert index.query(bytes(base[7])) == [] and len(index.query_batch(base[[7, 120, 8]]).id) == 1
    assert marks == []
    # Added again under the same id, hidden once more, merged with what is not settled: each as it was said last.
    index.add(base[7:8], np.array([7]))
    assert index.query(bytes(base[7])) == [(7, 0)]
    index.hide(np.array([8]))
    assert index.query(bytes(base[8])) == []
    assert len(index.merged()) == 148 and index.merged().query(bytes(base[120])) == []
    held.set()
    index.settled()
    assert marks and all(len(segment.hidden) == 0 for segment in index.segments)
    assert len(index) == 148
    assert [index.query(bytes(base[n])) for n in (7, 8, 120)] == [[(7, 0)], [], []]


def test_saboteur_a_bit_that_is_never_set_is_missed_when_the_hidden_are_forgotten(monkeypatch):
    index = Index.build(bases.independent(10), np.arange(10))
    monkeypatch.setattr(Segment, "withdraw", lambda segment, ids: 0)
    index.hide(np.array([3]))
    index.settled()
    assert index.query(bytes(bases.independent(10)[3])) == [(3, 0)]


def test_many_who_hide_withdraw_and_ask_at_once_lose_nothing():
    base = bases.independent(3_000)
    index = Index.build(base, np.arange(3_000))
    wrong = []

    def go(first):
        for id_ in range(first, 2_400, 4):
            (index.hide if id_ % 3 else index.withdraw)(np.array([id_]))
            if index.query(bytes(base[id_]), 0):
                wrong.append(id_)

    threads = [threading.Thread(target=go, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(index) == 600
    assert index.query_batch(base, 0).id.tolist() == list(range(2_400, 3_000))


def test_answers_come_nearest_first(tables):
    base = np.repeat(bases.independent(1), 4, axis=0)
    base[0, 0] ^= 7
    base[2, 9] ^= 1
    index = Index.build(base, np.array([5, 9, 2, 4]))
    assert index.query(base[1].tobytes()) == [(4, 0), (9, 0), (2, 1), (5, 3)]


def test_an_empty_index_and_an_empty_batch_answer_nothing():
    assert Index().query(bytes(32)) == []
    assert len(Index()) == 0
    index = Index.build(bases.independent(5), np.arange(5))
    assert len(index.query_batch(np.empty((0, 32), np.uint8)).id) == 0
    index.add(np.empty((0, 32), np.uint8), np.empty(0, np.int64))
    assert len(index) == 5


def test_bad_input_is_refused_with_a_sentence():
    index = Index.build(bases.independent(5), np.arange(5))
    with pytest.raises(BadRadius, match="0 to 63"):
        index.query(bytes(32), radius=64)
    with pytest.raises(BadHash, match="32 bytes"):
        index.query(bytes(31))
    with pytest.raises(BadHash, match="row of 32"):
        index.query_batch(np.zeros((2, 31), np.uint8))
    with pytest.raises(BadHash, match="5 hashes and 4 ids"):
        index.add(bases.independent(5), np.arange(4))
    with pytest.raises(BadHash, match="whole numbers"):
        index.add(bases.independent(2), np.array([0.5, 1]))
    with pytest.raises(BadHash, match="unsigned bytes"):
        index.query_batch(np.zeros((2, 32), np.int64))
    assert len(index) == 5


def test_a_search_that_forgets_one_table_is_noticed(monkeypatch):
    """The saboteur: brute force must see it when the buckets of one word are not opened."""
    monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    base, ids = bases.independent(500), np.arange(500)
    queries = bases.perturbed(base[:200], 31)
    index = Index.build(base, ids)
    segment = index.segments[0]
    segment.tables.offsets[4] = 0
    assert answers(index, queries, 31) < bases.brute_force(base, ids, queries, 31)


def test_a_filter_that_is_one_bit_too_strict_is_noticed(monkeypatch):
    """The saboteur: allowances that sum to the radius, not to one more, must lose pairs at the radius."""
    monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    honest = index_module.even_allowances
    monkeypatch.setattr(index_module, "even_allowances", lambda radius: honest(radius - 1))
    base, ids = bases.independent(300), np.arange(300)
    flips = np.zeros((300, 256), np.uint8)
    flips.reshape(300, 16, 16)[:, :15, :2] = 1
    flips.reshape(300, 16, 16)[:, 15, :1] = 1
    queries = base ^ np.packbits(flips, axis=1, bitorder="little")
    assert len(bases.brute_force(base, ids, queries, 31)) == 300
    assert answers(Index.build(base, ids), queries, 31) == set()


def test_rows_and_riding_bits_share_four_bytes():
    segment = build_segment(bases.independent(1_000), np.arange(1_000))
    assert segment.tables.ride_bits == 16
    assert (MAX_ROWS - 1).bit_length() == 24
    rows = segment.tables.entries >> np.uint32(16)
    assert all(sorted(table) == list(range(1_000)) for table in rows.tolist())


def test_after_preparing_a_query_compiles_nothing_more(monkeypatch):
    index_module.prepare()
    before = [len(function.signatures) for function in (search.search_block, search.search_segment)]
    monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    index = Index.build(bases.independent(100), np.arange(100))
    index.query(bytes(32))
    index.query_batch(bases.independent(40))
    assert [len(function.signatures) for function in (search.search_block, search.search_segment)] == before


WITHOUT = """
import sys
import threading
from importlib.abc import MetaPathFinder
class Wall(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "cryptography", "PIL", "pydantic", "lxml", "httpx"}:
            raise ImportError(f"{name} is not for the cellar")
sys.meta_path.insert(0, Wall())
import tutela.matching
assert "numba" not in sys.modules and "numpy" not in sys.modules
from tutela.matching import Index
import numpy as np
hashes = np.arange(64, dtype=np.uint8).reshape(2, 32)
assert Index.build(hashes, np.array([7, 8])).query(bytes(hashes[1])) == [(8, 0)]
"""


def test_the_index_needs_only_numba_and_numpy():
    subprocess.run([sys.executable, "-c", WITHOUT], check=True, timeout=120)


def test_the_public_face_names_what_it_has():
    import tutela.matching

    assert {"Index", "Hits", "hash_picture", "parse_hash"} <= set(tutela.matching.__all__)
    assert all(getattr(tutela.matching, name) for name in tutela.matching.__all__)
    assert tutela.matching.Index is Index
    with pytest.raises(AttributeError, match="no attribute"):
        _ = tutela.matching.no_such_part


def test_the_search_takes_more_buckets_than_it_asks_for_at_once(monkeypatch):
    monkeypatch.setattr(index_module, "SCANNED_ROWS", 0)
    base, ids = bases.clustered(2_000), np.arange(2_000)
    queries = bases.perturbed(base[:30], 50)
    assert search.OPENINGS_AT_ONCE < 697
    assert answers(Index.build(base, ids), queries, 63) == bases.brute_force(base, ids, queries, 63)
