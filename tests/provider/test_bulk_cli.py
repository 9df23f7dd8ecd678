"""`tutela bulk` as a person runs it."""

import pyarrow.parquet as pq
import pytest

from tests.matching import backs
from tests.provider.commands import plainly, tutela
from tutela.matching import bulk_parts
from tutela.matching.catalogue import Entry, Label
from tutela.provider import bulk_cli
from tutela.provider.lists import Lists


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("bulk-cli")
    hashes = backs.listed(home / "unused")
    entries = [Entry(f"pdq-{n}", "pdq", bytes(one), Label("ours", "B", "")) for n, one in enumerate(hashes)]
    Lists(home / "lists").import_("ours", entries)
    backs.write(home / "back.parquet", hashes)
    return home


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(bulk_parts, "ROWS_OF_A_PART", backs.GROUP)


def test_a_back_catalogue_is_matched_and_what_a_match_is_not_is_said(home, tmp_path):
    said = ("bulk", "match", home / "back.parquet", "--lists", home / "lists", "--out", tmp_path / "o", "--workers", 1)
    ran = plainly(tutela(*said), 0)
    found = pq.read_table(tmp_path / "o")["list"].to_pylist()
    assert ran.stdout.startswith(f"5,000 rows in 8 parts: {len(found)} matches in ") and len(found) > 50
    assert "not a verdict" in ran.stderr
    assert set(found) == {"ours"}
    assert "is there already" in plainly(tutela(*said), 1).stderr


def test_a_new_hash_is_sought_in_what_was_uploaded(home, tmp_path):
    value = pq.read_table(home / "back.parquet")["pdq"][10].as_py().hex()
    said = ("bulk", "seek", f"pdq:{value}", "--in", home / "back.parquet", "--out", tmp_path / "o", "--workers", 1)
    assert "5,000 rows in 8 parts: 1 match in" in plainly(tutela(*said), 0).stdout
    assert pq.read_table(tmp_path / "o")["row"].to_pylist() == [10]


@pytest.mark.parametrize(
    ("said", "exit_code", "words"),
    [
        (("seek", "xyz", "--in", "SOURCE"), 2, "cannot be one"),
        (("match", "SOURCE", "--list", "nobody's"), 2, "No list here is named nobody's; these are: ours"),
        (("match", "SOURCE", "--column", "pdq"), 2, "KIND=NAME"),
        (("match", "SOURCE", "--column", "pdq=other"), 1, "There is no column other"),
        (("match", "nowhere.parquet"), 1, "There is no file nowhere.parquet"),
        (("match", "SOURCE", "--radius", 64), 2, "radius"),
    ],
)
def test_used_wrongly_it_says_what_to_change(home, tmp_path, said, exit_code, words):
    put = [home / "back.parquet" if each == "SOURCE" else each for each in said]
    lists = ("--lists", home / "lists") if said[0] == "match" else ()
    ran = plainly(tutela("bulk", *put, *lists, "--out", tmp_path / "o"), exit_code)
    assert words in ran.stderr and not (tmp_path / "o").exists()


def test_without_lists_it_says_how_to_get_some(home, tmp_path):
    ran = plainly(tutela("bulk", "match", home / "back.parquet", "--lists", tmp_path, "--out", tmp_path / "o"), 1)
    assert "sync or import one first" in ran.stderr


def stopping(monkeypatch, after):
    """As Ctrl-C after so many parts."""
    was = bulk_cli.match_parquet

    def tell(done, _all):
        if done == after:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk_cli, "match_parquet", lambda *said, progress, **how: was(*said, progress=tell, **how))


def test_a_search_that_was_stopped_does_not_go_on_for_other_hashes(home, tmp_path, monkeypatch):
    """The saboteur asks the same output another question: an answer of two questions would be an answer of none."""
    first, other = (f"pdq:{pq.read_table(home / 'back.parquet')['pdq'][n].as_py().hex()}" for n in (10, 20))
    said = ("--in", home / "back.parquet", "--out", tmp_path / "o", "--workers", 1)
    with monkeypatch.context() as stopped:
        stopping(stopped, 3)
        assert "run the same again to go on" in plainly(tutela("bulk", "seek", first, *said), 130).stderr
    assert "was begun for other hashes" in plainly(tutela("bulk", "seek", other, *said), 1).stderr
    assert "3 of them done before" in plainly(tutela("bulk", "seek", first, *said), 0).stdout
    assert pq.read_table(tmp_path / "o")["reference"].to_pylist() == [first]
    assert [path.name for path in tmp_path.iterdir()] == ["o"]


def test_lists_that_were_laid_aside_by_a_run_that_never_began_are_not_asked(home, tmp_path):
    """Killed between the two, it left its edition; weeks later another one is meant."""
    backs.listed(tmp_path / "o.lists", seed=5)
    said = ("bulk", "match", home / "back.parquet", "--lists", home / "lists", "--out", tmp_path / "o", "--workers", 1)
    assert "100 matches" in plainly(tutela(*said), 0).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["o"]


def test_an_id_comes_along_and_rows_without_a_hash_are_said(home, tmp_path):
    said = ("--lists", home / "lists", "--out", tmp_path / "o", "--workers", 1, "--carry", "number")
    ran = plainly(tutela("bulk", "match", home / "back.parquet", "--column", "pdq=pdq", *said), 0)
    assert "71 rows without a hash: nothing is known of them" in ran.stderr
    found = pq.read_table(tmp_path / "o")
    assert found["number"].to_pylist() == found["row"].to_pylist()


def test_a_hash_that_no_column_could_answer_is_refused_and_not_called_unknown(home, tmp_path):
    """The saboteur's answer would be "0 matches": never uploaded here, though nobody looked."""
    said = ("--in", home / "back.parquet", "--out", tmp_path / "o")
    both = ("bulk", "seek", "ab" * 32, "sha1:" + "cd" * 20, *said)
    assert "can be compared with nothing: " in plainly(tutela(*both), 1).stderr
    plainly(tutela("bulk", "seek", "ab" * 32, *said), 0)


def test_flat_pictures_are_left_out_and_counted(home, tmp_path):
    said = ("--lists", home / "lists", "--out", tmp_path / "o", "--workers", 1, "--quality", "number")
    ran = plainly(tutela("bulk", "match", home / "back.parquet", *said), 0)
    assert "50 rows not compared by PDQ: too flat" in ran.stderr and "99 matches" in ran.stdout
    assert pq.read_table(tmp_path / "o")["row"].to_pylist()[0] == 50


@pytest.mark.parametrize("out", ["/proc/nowhere/o", "file/o"])
def test_where_nothing_can_be_written_it_says_so(home, tmp_path, out):
    (tmp_path / "file").write_text("text-1")
    said = ("--lists", home / "lists", "--out", tmp_path / out)
    assert "cannot be written" in plainly(tutela("bulk", "match", home / "back.parquet", *said), 1).stderr
