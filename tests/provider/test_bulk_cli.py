"""`tutela bulk` as a person runs it."""

import pyarrow.parquet as pq
import pytest

from tests.matching import backs
from tests.provider.commands import plainly, tutela
from tutela.matching.catalogue import Entry, Label
from tutela.provider.lists import Lists


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("bulk-cli")
    hashes = backs.listed(home / "unused")
    entries = [Entry(f"pdq-{n}", "pdq", bytes(one), Label("ours", "B", "")) for n, one in enumerate(hashes)]
    Lists(home / "lists").import_("ours", entries)
    backs.write(home / "back.parquet", hashes)
    return home


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
    assert "1 matches" in plainly(tutela(*said), 0).stdout
    assert pq.read_table(tmp_path / "o")["row"].to_pylist() == [10]


@pytest.mark.parametrize(
    ("said", "exit_code", "words"),
    [
        (("seek", "xyz", "--in", "SOURCE"), 2, "cannot be one"),
        (("match", "SOURCE", "--list", "nobody's"), 2, "no list nobody's here; there are ours"),
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
