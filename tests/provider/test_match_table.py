"""`tutela match FILE.parquet`: forwarded whole, against one edition of the lists, and gone on with where it stopped."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.provider import kept
from tests.provider.commands import plainly, tutela
from tutela.demo.pictures import draw, redraw
from tutela.matching import bulk_parts
from tutela.provider import bulk_cli

NEAR = redraw(1, variation=3).hashed.pdq
NOWHERE = "http://127.0.0.1:9"
SAME = draw(2).digests.sha256


@pytest.fixture(autouse=True)
def a_row_is_a_part(monkeypatch):
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", 1)


@pytest.fixture
def table(tmp_path):
    pq.write_table(
        pa.table({"id": [1, 2, 3], "pdq": [NEAR.hex(), draw(77).hashed.pdq.hex(), None], "own": [None, None, SAME]}),
        tmp_path / "back.parquet",
        row_group_size=1,
    )
    return tmp_path / "back.parquet"


@pytest.fixture
def lists(tmp_path):
    return kept.keep(tmp_path / "lists")


def run(table, lists, *more, out="found.parquet"):
    return tutela("match", table, "--lists", lists, "--out", table.parent / out, "--workers", 1, *more)


def test_the_answers_go_to_a_file_and_the_ending_says_what_they_are_not(table, lists):
    ran = plainly(run(table, lists), 10)
    found = pq.read_table(table.parent / "found.parquet").to_pylist()
    assert len(found) == 1 and "drawing-1" in found[0].values()
    assert "3 rows in 3 parts: 1 match in" in ran.stdout and "not a verdict" in ran.stderr
    assert sorted(path.name for path in table.parent.iterdir()) == [
        "back.parquet", "found.parquet", "lists",
    ]  # fmt: skip


def test_a_column_of_another_name_is_said(table, lists):
    plainly(run(table, lists, "--column", "sha256=own"), 10)
    assert "drawing-2" in pq.read_table(table.parent / "found.parquet").to_pylist()[0].values()
    assert "There are: id, pdq, own" in plainly(run(table, lists, "--column", "md5=x", out="a"), 1).stderr


def test_where_nothing_matches_the_exit_code_says_so(table, lists):
    assert "0 matches" in plainly(run(table, lists, "--radius", 0), 0).stdout


def test_what_was_stopped_goes_on_against_the_lists_it_began_with(table, lists, monkeypatch):
    """The saboteur changes the list between: half an answer of each edition would be an answer of none."""
    was, seen = bulk_cli.match_parquet, []

    def stopped_after_a_part(source, held, out, *, progress, **options):
        def tell(done, total):
            if done == 1:
                raise KeyboardInterrupt

        return was(source, held, out, progress=tell, **options)

    monkeypatch.setattr(bulk_cli, "match_parquet", stopped_after_a_part)
    assert "run the same again to go on" in plainly(run(table, lists), 130).stderr
    kept.keep(lists, count=1)
    monkeypatch.setattr(bulk_cli, "match_parquet", lambda *a, **o: seen.append(was(*a, **o)) or seen[0])
    assert "1 of them done before" in plainly(run(table, lists), 10).stdout
    assert seen[0].resumed == 1 and not list(table.parent.glob("*.lists"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["{table}"], "Say with --out"),
        (["{table}", "{table}", "--out", "a"], "matched alone"),
        (["{table}", "--out", "a", "--column", "crc=x"], "KIND=NAME"),
        (["{lists}", "--out", "a"], "are for a .parquet file"),
        (["{table}", "--out", "a", "--server", NOWHERE, "--username", "a", "--secret", "b"], "leave the server out"),
    ],
)
def test_wrong_use_is_one_clear_sentence(said, sentence, table, lists):
    words = [word.format(table=table, lists=lists) for word in said]
    assert sentence in plainly(tutela("match", *words, env={"TUTELA_LISTS": str(lists)}), 2).stderr


def test_what_is_no_table_leaves_nothing_behind(tmp_path, lists):
    (tmp_path / "a.parquet").write_text("text-1")
    assert "is not a Parquet file" in plainly(run(tmp_path / "a.parquet", lists), 1).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "lists"]


def test_a_scheduler_that_is_not_there_is_said(table, lists, monkeypatch):
    monkeypatch.setattr("tutela.matching.bulk_workers.SECONDS_TO_CONNECT", 0.2)
    ran = plainly(run(table, lists, "--scheduler", "tcp://127.0.0.1:9"), 1)
    assert "cannot be reached" in ran.stderr
