"""`tutela lists import`: whole or not at all, and a corrected list takes exactly the earlier one's place."""

import gzip

import pytest

from tests.exchange import lists as said
from tests.exchange.lists import md5
from tests.provider.commands import plainly, tutela
from tutela.exchange.hash_lists import FORMATS, FaultyRow
from tutela.provider.lists import Lists
from tutela.provider.lists_import import faults, ranges


@pytest.fixture
def at(tmp_path):
    return tmp_path / "lists"


def import_(at, *files, name="industry", **options):
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    return tutela("lists", "import", *files, "--name", name, "--lists", at, *flags)


def written(tmp_path, text, name="list.txt"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path / name


def known(at):
    catalogue = Lists(at).catalogue()
    return {(entry.label.list, entry.value.hex()) for entry in map(catalogue.entry, range(len(catalogue)))}


def test_an_imported_list_is_matched_and_each_match_says_what_the_list_says(tmp_path, at):
    page = said.ncmec(said.entry(inside="<classification>B1</classification>" + said.prints(md5=md5(1))))
    ran = plainly(import_(at, written(tmp_path, page)), 0)
    assert ran.stdout == "1 hash is the list industry now (read as ncmec).\n"
    [match] = Lists(at).catalogue().match("md5", bytes.fromhex(md5(1)))
    assert (match.reference, match.label) == ("42/image1", ("industry", "", "ncmec-industry:B1"))


def test_one_row_that_is_not_understood_and_nothing_is_imported(tmp_path, at):
    """The saboteur: a reader that imports what it can would leave half a list, and nobody would know which half."""
    plainly(import_(at, written(tmp_path, md5(1))), 0)
    ran = plainly(import_(at, written(tmp_path, f"{md5(2)}\nzz\n{md5(3)}\nzz\nzz\n")), 1)
    assert "Nothing was imported. Not understood: 3" in ran.stderr
    assert "list.txt, rows 2, 4-5: This is no hash by its length and letters." in ran.stderr
    assert known(at) == {("industry", md5(1))}


def test_a_corrected_list_replaces_exactly_the_earlier_one(tmp_path, at):
    plainly(import_(at, written(tmp_path, f"{md5(1)}\n{md5(2)}\n")), 0)
    plainly(import_(at, written(tmp_path, md5(9)), name="other"), 0)
    plainly(import_(at, written(tmp_path, f"{md5(2)}\n{md5(3)}\n")), 0)
    assert known(at) == {("industry", md5(2)), ("industry", md5(3)), ("other", md5(9))}


def test_what_is_set_aside_or_withdrawn_is_counted_by_its_reason(tmp_path, at):
    gone, stays = said.record(md5(1), "VideoMD5", 5), said.record(md5(2), "VideoMD5")
    page = said.stopncii(gone, stays, said.record("text-1", "Text"), said.record(md5(1), "VideoMD5", 9, "Withdrawn"))
    ran = plainly(import_(at, written(tmp_path, page)), 0)
    assert "1 set aside: Text: not matched here" in ran.stderr and "1 were withdrawn" in ran.stderr
    assert known(at) == {("industry", md5(2))}


def test_an_unknown_profile_gives_no_match_action_until_somebody_says_it(tmp_path, at):
    file = written(tmp_path, gzip.compress(said.vics(said.media(1, 2), version="1.3").encode()))
    ran = plainly(import_(at, file), 1)
    assert "1 set aside: profile not said" in ran.stderr and "list nothing that can be matched" in ran.stderr
    plainly(import_(at, file, profile="us"), 0)
    assert known(at) == {("industry", md5(1))}


def test_an_unknown_format_says_which_are_known(tmp_path, at):
    ran = plainly(import_(at, written(tmp_path, "<html/>")), 1)
    assert all(name in ran.stderr for name in FORMATS)


def test_pages_belong_together(tmp_path, at):
    first = written(tmp_path, said.stopncii(said.record(md5(1), "VideoMD5"), more=True), "1")
    last = written(tmp_path, said.stopncii(said.record(md5(2), "VideoMD5")), "2")
    assert "Save every page" in plainly(import_(at, first), 1).stderr
    assert "2 hashes are the list" in plainly(import_(at, last, first), 0).stdout


def test_64_characters_need_their_kind(tmp_path, at):
    file = written(tmp_path, said.PDQ)
    assert "--kind" in plainly(import_(at, file), 1).stderr
    plainly(import_(at, file, kind="pdq"), 0)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Missing argument"),
        (["nowhere", "--name", "a"], "does not exist"),
        ([__file__], "Missing option '--name'"),
        ([__file__, "--name", "a", "--format", "csv"], "is not one of 'ncmec'"),
        ([__file__, "--name", "a", "--profile", "ca"], "is not one of 'uk', 'us'"),
        ([".", "--name", "a"], "is a directory"),
    ],
)
def test_wrong_use_is_one_clear_sentence(options, sentence):
    assert sentence in plainly(tutela("lists", "import", *options), 2).stderr


def test_every_faulty_row_is_named_however_many_there_are(tmp_path):
    rows = [FaultyRow(tmp_path, number, rule) for number, rule in [(3, "a"), (1, "a"), (2, "b"), (2, "a"), (2, "a")]]
    assert list(faults(rows)) == [f"{tmp_path}, rows 1-3: a", f"{tmp_path}, row 2: b"]
    assert list(ranges([])) == []
