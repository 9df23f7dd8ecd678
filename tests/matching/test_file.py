import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import bases
from tutela.matching import file as file_module
from tutela.matching.file import VERSION, BadIndexFile, open_index, write_index
from tutela.matching.index import Index


@pytest.fixture(scope="module")
def base():
    return bases.clustered(6_000)


@pytest.fixture(scope="module")
def index(base):
    """One large segment with tables and one small without, some hashes withdrawn."""
    index = Index.build(base[:5_500], np.arange(5_500) * 7 + 10**15)
    index.add(base[5_500:], np.arange(500))
    index.withdraw(np.arange(0, 100))
    assert [segment.is_plain for segment in index.segments] == [False, True]
    return index


@pytest.fixture
def written(tmp_path, index):
    path = tmp_path / "pdq.index"
    write_index(path, index)
    return path


def columns(hits):
    return [column.tolist() for column in hits]


@pytest.mark.parametrize("check_contents", [True, False])
def test_an_opened_file_answers_as_the_index_it_was_written_from(written, index, base, check_contents):
    opened = open_index(written, check_contents=check_contents).opened
    queries = bases.perturbed(base[::50], 31)
    assert len(opened) == len(index) == 5_900
    assert columns(opened.query_batch(queries)) == columns(index.query_batch(queries))


def test_ids_that_span_more_than_four_bytes_survive(tmp_path):
    ids = np.array([-(2**63), 0, 2**63 - 1, 2**40, -5])
    write_index(tmp_path / "i", Index.build(bases.independent(5), ids))
    opened = open_index(tmp_path / "i").opened
    assert [opened.query(bytes(hash_))[0][0] for hash_ in bases.independent(5)] == ids.tolist()
    assert opened.withdraw(np.array([2**63 - 1, 2**40])) == 2
    assert len(opened) == 3


@pytest.mark.parametrize("spread", [0, 2**24 - 1, 2**24, 2**32 - 1, 2**32, 2**62])
def test_ids_are_kept_in_the_fewest_bytes_that_hold_them(tmp_path, spread):
    lowest = -(2**40)
    ids = np.array([lowest, lowest + spread // 2, lowest + spread])
    write_index(tmp_path / "i", Index.build(bases.independent(3), ids))
    opened = open_index(tmp_path / "i").opened
    assert opened.segments[0].id_bytes == (3 if spread < 2**24 else 4 if spread < 2**32 else 8)
    assert [opened.query(bytes(hash_))[0][0] for hash_ in bases.independent(3)] == ids.tolist()
    # Ids beside the range, and those that would look alike in fewer bytes, withdraw nothing.
    assert opened.withdraw(np.array([lowest - 1, lowest + spread + 1, lowest + 2**24 + 2**33])) == 0
    assert opened.withdraw(ids[1:]) == len(set(ids.tolist()) - {lowest}) + (spread == 0) * 3


def test_withdrawing_from_an_opened_file_does_not_change_the_file(written, base):
    before = written.read_bytes()
    opened = open_index(written).opened
    opened.withdraw(np.arange(500))
    opened.add(base[:10], np.arange(10))
    assert written.read_bytes() == before


def test_an_empty_index_is_a_file_too(tmp_path):
    write_index(tmp_path / "i", Index())
    assert len(open_index(tmp_path / "i").opened) == 0


def test_a_file_of_another_version_says_so(written):
    data = bytearray(written.read_bytes())
    data[8:12] = struct.pack("<I", VERSION + 1)
    written.write_bytes(data)
    with pytest.raises(BadIndexFile, match=f"version {VERSION + 1}; this program reads version {VERSION}"):
        open_index(written)


@pytest.mark.parametrize("kept", [0, 1, 47, 48, 100, 5_000, -64, -1])
def test_a_file_cut_short_is_refused_even_without_a_look_at_its_contents(written, kept):
    written.write_bytes(written.read_bytes()[:kept])
    with pytest.raises(BadIndexFile):
        open_index(written, check_contents=False)


def test_bytes_after_the_end_are_refused(written):
    written.write_bytes(written.read_bytes() + bytes(64))
    with pytest.raises(BadIndexFile, match="after its end"):
        open_index(written)


def test_another_file_is_no_index(tmp_path):
    path = tmp_path / "i"
    path.write_bytes(b"text-3" * 100)
    with pytest.raises(BadIndexFile, match="no index file of Tutela"):
        open_index(path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_is_found(tmp_path_factory, index, data):
    path = tmp_path_factory.getbasetemp() / "flipped.index"
    write_index(path, index)
    damaged = bytearray(path.read_bytes())
    padding = range(48 + struct.unpack("<I", damaged[12:16])[0], len(damaged) // 64 * 64)
    place = data.draw(
        st.integers(0, len(damaged) - 1).filter(lambda at: not padding.start <= at < -(-padding.start // 64) * 64)
    )
    damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(damaged)
    with pytest.raises(BadIndexFile):
        open_index(path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_that_nobody_looked_for_never_leads_outside_the_file(tmp_path_factory, index, base, data):
    """The fuzzer: without the checksums the answers may be wrong, but the search must end and stay inside."""
    path = tmp_path_factory.getbasetemp() / "fuzzed.index"
    write_index(path, index)
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        begin = data.draw(st.integers(48, len(damaged) - 1))
        damage = data.draw(st.sampled_from([b"\xff" * 4096, b"\x00" * 64, b"\x80", b"\xff\xff\xff\xff"]))
        damaged[begin : begin + len(damage)] = damage[: len(damaged) - begin]
    path.write_bytes(damaged)
    try:
        opened = open_index(path, check_contents=False).opened
    except BadIndexFile:
        return
    opened.query_batch(base[:200])
    opened.query(bytes(base[1]), radius=40)


def test_a_crash_while_writing_leaves_the_old_file(written, base, monkeypatch):
    before = written.read_bytes()

    def power_cut(handle):
        raise OSError("no more power")

    monkeypatch.setattr(file_module.os, "fsync", power_cut)
    with pytest.raises(OSError, match="no more power"):
        write_index(written, Index.build(base, np.arange(len(base))))
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_opening_without_a_look_at_the_contents_sums_up_only_the_description(tmp_path, monkeypatch):
    """That is what opens ten million hashes in milliseconds."""
    write_index(tmp_path / "i", Index.build(bases.independent(20_000), np.arange(20_000)))
    summed, honest = [], file_module.sha256
    monkeypatch.setattr(file_module, "sha256", lambda data: summed.append(len(data)) or honest(data))
    open_index(tmp_path / "i", check_contents=False)
    assert len(summed) == 1
    assert summed[0] < 500
    open_index(tmp_path / "i")
    assert sum(summed) > 20_000 * 128
