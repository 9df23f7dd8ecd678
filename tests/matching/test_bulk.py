"""A back catalogue against the lists: every match of every row, in the order of the source, and what it says of it."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import backs, bases
from tutela.matching import bulk_parts
from tutela.matching.bulk import NOTE, BadSource, match_parquet
from tutela.matching.bulk_parts import MOST_PARTS_OF_A_GROUP, cut
from tutela.matching.catalogue import Catalogue, Entry, Label


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Cut into one part; the tests cut it into eight."""
    home = tmp_path_factory.mktemp("bulk")
    hashes = backs.listed(home / "lists")
    values = backs.write(home / "back.parquet", hashes)
    match_parquet(home / "back.parquet", home / "lists", home / "one.parquet", workers=1)
    return home, hashes, values


@pytest.fixture(autouse=True)
def small_parts(world, monkeypatch):
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)


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


@pytest.mark.parametrize("workers", [1, 2])
def test_however_it_is_cut_and_by_how_many_workers_it_is_the_same_file(world, tmp_path, workers):
    home, *_ = world
    done = match_parquet(home / "back.parquet", home / "lists", tmp_path / "out", workers=workers)
    assert (tmp_path / "out").read_bytes() == (home / "one.parquet").read_bytes()
    assert (done.rows, done.parts, done.resumed) == (backs.ROWS, 8, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("group", [1, 50, 1_500, backs.ROWS])
def test_row_groups_of_any_size_give_the_same_answers(world, tmp_path, group):
    """Tiny ones are taken together, and one that holds everything is taken in pieces."""
    home, hashes, _ = world
    backs.write(tmp_path / "back.parquet", hashes, group=group)
    done = match_parquet(tmp_path / "back.parquet", home / "lists", tmp_path / "out", workers=1)
    assert 8 <= done.parts <= 12
    assert (tmp_path / "out").read_bytes() == (home / "one.parquet").read_bytes()


@given(st.lists(st.integers(0, 3_000) | st.integers(0, 200_000), max_size=40))
@settings(max_examples=200, deadline=None)
def test_parts_hold_every_row_once_and_none_is_larger_than_it_must_be(groups):
    parts = cut(groups)
    assert [part.number for part in parts] == list(range(len(parts)))
    assert [part.first_row for part in parts] == [sum(each.rows for each in parts[:n]) for n in range(len(parts))]
    assert sum(part.rows for part in parts) == sum(groups)
    for part in parts:
        inside = sum(groups[group] for group in part.groups)
        assert part.first_row == sum(groups[: part.groups.start]) + part.skipped
        assert 0 < part.rows <= max(backs.GROUP, -(-inside // MOST_PARTS_OF_A_GROUP))
        assert part.skipped + part.rows <= inside


def test_it_asks_some_lists_at_another_radius(world, tmp_path):
    home, hashes, values = world
    match_parquet(home / "back.parquet", home / "lists", tmp_path / "o", radius=12, lists={"theirs"}, workers=1)
    theirs = [one for one in expected(hashes, values, 12) if one[2] == "pdq" and int(one[1][4:]) % 3 == 0]
    assert sorted(told(tmp_path / "o")) == theirs


def test_columns_come_along_and_the_file_says_what_else_it_would(world, tmp_path):
    home, *_ = world
    source, out = home / "back.parquet", tmp_path / "out"
    match_parquet(source, home / "lists", out, carried=["number", "md5"], workers=1)
    rows = pq.read_table(out)
    assert rows["number"].to_pylist() == rows["row"].to_pylist()
    assert rows["md5"].to_pylist() == pq.read_table(source)["md5"].take(rows["row"]).to_pylist()
    assert rows.drop(["number", "md5"]).equals(pq.read_table(home / "one.parquet"))
    for carried, why in ((["row"], "no column row"), (["md5", "md5"], "two of that name"), (["x"], "number, pdq, md5")):
        with pytest.raises(BadSource, match=why):
            match_parquet(source, home / "lists", tmp_path / "o", carried=carried, workers=1)


def test_a_column_that_has_the_name_of_an_answer_cannot_come_along(world, tmp_path):
    home, *_ = world
    pq.write_table(
        pa.table({"pdq": [None], "row": [7]}, schema=schema(pdq=pa.binary(32), row=pa.int8())), tmp_path / "b"
    )
    with pytest.raises(BadSource, match="two of that name"):
        match_parquet(tmp_path / "b", home / "lists", tmp_path / "out", carried=["row"], workers=1)


def schema(**types):
    return pa.schema(list(types.items()))


def test_rows_without_a_hash_are_counted_and_not_passed_over_in_silence(world, tmp_path):
    home, *_ = world
    done = match_parquet(home / "back.parquet", home / "lists", tmp_path / "a", columns={"pdq": "pdq"}, workers=1)
    assert done.without == sum(row % 70 == 69 for row in range(backs.ROWS))
    assert match_parquet(home / "back.parquet", home / "lists", tmp_path / "b", workers=1).without == 0
    empty = pa.table({"pdq": pa.nulls(9, pa.string()), "md5": pa.nulls(9, pa.binary(16))})
    pq.write_table(empty, tmp_path / "none.parquet")
    done = match_parquet(tmp_path / "none.parquet", home / "lists", tmp_path / "c", workers=1)
    assert (done.rows, done.matches, done.without) == (9, 0, 9)


@pytest.mark.parametrize("type_", [pa.uint8(), pa.int64(), pa.float64()])
def test_a_hash_of_low_quality_is_not_compared_and_one_of_unknown_quality_is(world, tmp_path, type_):
    home, hashes, _ = world
    known = {"pdq": pa.array([bytes(hashes[0])] * 5 + [None], pa.binary(32)), "md5": pa.array([bytes(16)] * 6)}
    quality = pa.array([0, 49, 50, 100, None, 0], type_)
    pq.write_table(pa.table(known | {"q": quality, "words": ["x"] * 6}), tmp_path / "back")
    done = match_parquet(tmp_path / "back", home / "lists", tmp_path / "out", quality="q", workers=1)
    assert [(row, kind) for row, _, kind, *_ in told(tmp_path / "out") if kind == "pdq"] == [
        (n, "pdq") for n in (2, 3, 4)
    ]
    assert [row for row, _, kind, *_ in told(tmp_path / "out") if kind == "md5"] == list(range(6))
    assert (done.flat, done.without) == (2, 0)
    for how, why in (
        ({"quality": "words"}, "a quality is a number"),
        ({"quality": "none"}, "There is no column none"),
        ({"quality": "q", "columns": {"md5": "md5"}}, "no column of those is asked"),
    ):
        with pytest.raises(BadSource, match=why):
            match_parquet(tmp_path / "back", home / "lists", tmp_path / "o", workers=1, **how)


def test_where_nothing_can_be_compared_no_answer_is_given(world, tmp_path):
    """ "0 matches" would be taken for one."""
    home, *_ = world
    pq.write_table(pa.table({"sha1": pa.array([bytes(20)])}), tmp_path / "back")
    with pytest.raises(BadSource, match="the source holds sha1, the lists pdq, md5"):
        match_parquet(tmp_path / "back", home / "lists", tmp_path / "out", workers=1)
    Catalogue.build([]).save(tmp_path / "empty")
    assert match_parquet(tmp_path / "back", tmp_path / "empty", tmp_path / "out", workers=1).matches == 0


def test_a_back_catalogue_without_a_match_and_one_without_a_row_are_files_too(world, tmp_path):
    home, *_ = world
    for name, values in (("none", []), ("far", [bytes(range(32))])):
        pq.write_table(pa.table({"pdq": pa.array(values, pa.binary(32))}), tmp_path / f"{name}.parquet")
        done = match_parquet(tmp_path / f"{name}.parquet", home / "lists", tmp_path / name, workers=1)
        assert (done.rows, done.matches, pq.read_table(tmp_path / name).num_rows) == (len(values), 0, 0)


def test_where_every_row_is_known_each_is_told(world, tmp_path):
    """A copy of the list itself, asked as if it had been uploaded."""
    home, hashes, _ = world
    pq.write_table(pa.table({"pdq": pa.array(map(bytes, hashes), pa.binary(32))}), tmp_path / "copy.parquet")
    done = match_parquet(tmp_path / "copy.parquet", home / "lists", tmp_path / "out", radius=0, workers=1)
    assert done.matches == len(hashes)
    assert [(row, name) for row, name, *_ in told(tmp_path / "out")] == [(n, f"pdq-{n}") for n in range(len(hashes))]


def test_a_few_new_hashes_are_sought_in_the_same_way(world, tmp_path):
    """Was this ever uploaded here? A catalogue of what is sought takes the place of the lists."""
    home, _, values = world
    sought = bases.perturbed(values[1234:1235], 20, seed=1)[0]
    Catalogue.build([Entry("new", "pdq", bytes(sought), Label("sought", "", ""))]).save(tmp_path / "sought")
    match_parquet(home / "back.parquet", tmp_path / "sought", tmp_path / "out", workers=1)
    assert [(row, reference) for row, reference, *_ in told(tmp_path / "out")] == [(1234, "new")]


def test_lists_that_changed_are_asked_as_they_are_now(world, tmp_path):
    """In the same process and at the same place: what an earlier run has mapped is not asked again."""
    home, *_ = world
    backs.listed(tmp_path / "lists", seed=5)
    assert match_parquet(home / "back.parquet", tmp_path / "lists", tmp_path / "a", workers=1).matches == 125
    backs.listed(tmp_path / "lists")
    match_parquet(home / "back.parquet", tmp_path / "lists", tmp_path / "b", workers=1)
    assert (tmp_path / "b").read_bytes() == (home / "one.parquet").read_bytes()
