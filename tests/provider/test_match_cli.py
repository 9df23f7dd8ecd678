"""`tutela match` as somebody uses it: rightly, wrongly, in a pipe, on a terminal, and stopped half-way."""

import json
import os
import signal

import pytest

from tests.provider import kept
from tests.provider.commands import plainly, started, tutela
from tests.provider.terminal import on_a_terminal
from tutela.demo.pictures import draw, redraw


@pytest.fixture
def lists(tmp_path):
    return kept.keep(tmp_path / "lists")


@pytest.fixture
def folder(tmp_path):
    for name, data in (("changed", redraw(1, variation=3).data), ("other", draw(77).data), ("same", draw(2).data)):
        (tmp_path / "files" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "files" / name).write_bytes(data)
    return tmp_path / "files"


def lines(ran):
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_folder_is_compared_and_the_ending_says_what_a_match_is_not(folder, lists):
    ran = plainly(tutela("match", folder, "--lists", lists), 10)
    assert [[match["kind"] for match in lead["matches"]] for lead in lines(ran)] == [["pdq"], [], ["sha256", "pdq"]]
    assert ran.stderr.splitlines()[-1] == "2 of 3 match. A match is a lead, not a verdict: a person decides."
    assert all("not a verdict" in lead["note"] for lead in lines(ran))


def test_only_matches_leaves_out_what_matches_nothing_and_never_what_was_not_read(folder, lists):
    (folder / "broken").symlink_to(folder / "nowhere")
    ran = plainly(tutela("match", "--only-matches", *sorted(folder.iterdir())[1:], "--lists", lists), 10)
    assert [len(lead["matches"]) for lead in lines(ran)] == [1, 2]
    named = f"{folder}/broken\n{folder}/same\n"
    ran = plainly(tutela("match", "--only-matches", "--paths-from", "-", "--lists", lists, stdin=named), 11)
    broken, same = lines(ran)
    assert "No such file" in broken["refused"] and same["matches"]
    assert "1 of 2 match; 1 could not be read." in ran.stderr


def test_nothing_found_is_exit_0_only_where_everything_was_read(folder, lists):
    ran = plainly(tutela("match", folder / "other", "--lists", lists), 0)
    assert "None of 1 matches. What is new is on no list." in ran.stderr
    (folder / "broken").symlink_to(folder / "nowhere")
    plainly(tutela("match", "--paths-from", "-", "--lists", lists, stdin=f"{folder}/broken"), 1)


def test_lists_that_cannot_be_read_or_are_none_are_no_answer(folder, tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "lists.sqlite3").write_bytes(b"no database" * 1_000)
    assert "cannot be opened" in plainly(tutela("match", folder, "--lists", tmp_path / "bad"), 1).stderr
    plainly(tutela("lists", "show", "--lists", tmp_path / "none"), 0)
    assert "There is no list" in plainly(tutela("match", folder, "--lists", tmp_path / "none"), 1).stderr


def test_an_empty_folder_matches_nothing(tmp_path, lists):
    (tmp_path / "empty").mkdir()
    assert "None of 0" in plainly(tutela("match", tmp_path / "empty", "--lists", lists), 0).stderr


def test_what_hash_writes_match_reads(folder, lists):
    hashed = plainly(tutela("hash", folder), 0).stdout
    assert lines(plainly(tutela("match", "-", "--lists", lists, stdin=hashed), 10)) == [
        lead | {"at": hashed_["at"]}
        for lead, hashed_ in zip(
            lines(tutela("match", folder, "--lists", lists)), map(json.loads, hashed.splitlines()), strict=True
        )
    ]


def test_hashes_come_one_on_a_line(lists):
    near = redraw(1, variation=3).hashed.pdq.hex()
    ran = plainly(
        tutela("match", "-", "--lists", lists, stdin=f"pdq {near}\n{near}\nsha256 {'ab' * 32}\nrubbish\n"), 11
    )
    assert [len(lead["matches"]) for lead in lines(ran)] == [1, 1, 0, 0]
    assert lines(ran)[3]["name"] == "line 4"
    assert plainly(tutela("match", "-", "--lists", lists, "--kind", "sha256", stdin=near), 0)


def test_one_list_may_be_asked_and_an_unknown_one_is_told(folder, lists):
    kept.keep(lists, "few", count=1)
    plainly(tutela("match", folder, "--lists", lists, "--list", "drawn"), 10)
    plainly(tutela("match", folder, "--lists", lists, "--list", "few"), 0)
    ran = plainly(tutela("match", folder, "--lists", lists, "--list", "other"), 2)
    assert "No list here is named other; these are: drawn, few." in ran.stderr


def test_without_lists_it_says_what_to_do(folder, tmp_path):
    ran = plainly(tutela("match", folder, env={"TUTELA_LISTS": str(tmp_path / "none")}), 1)
    assert "sync or import" in ran.stderr and ran.stdout == ""


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "Name files or directories"),
        (["nowhere"], "does not exist"),
        (["-", __file__], "stands alone"),
        (["--radius", "64", __file__], "not in the range"),
        (["--kind", "crc", "-"], "is not one of"),
        (["--at-server", __file__], "--server and --username"),
    ],
)
def test_wrong_use_is_one_clear_sentence(said, sentence, lists):
    assert sentence in plainly(tutela("match", *said, env={"TUTELA_LISTS": str(lists)}), 2).stderr


def test_a_server_in_the_environment_is_asked_nothing_unless_somebody_says_so(folder, lists):
    """The saboteur: hashes must not leave the machine because an address was set for reports."""
    env = {"TUTELA_SERVER": "http://127.0.0.1:9", "TUTELA_USERNAME": "a", "TUTELA_SECRET": "b"}
    plainly(tutela("match", folder, "--lists", lists, env=env), 10)


def test_on_a_terminal_there_is_a_table_of_what_matches_and_a_sentence(folder, lists):
    code, said = on_a_terminal("match", folder, "--lists", lists)
    assert code == 10
    assert "looks alike" in said and "the same file (sha256)" in said and "drawing-2" in said
    assert "other" not in said.replace("another", "") and '"matches"' not in said
    assert "2 of 3 match. A match is a lead, not a verdict: a person decides." in said


def test_on_a_terminal_json_may_be_asked_for(folder, lists):
    code, said = on_a_terminal("match", "--json", folder / "same", "--lists", lists)
    assert code == 10 and '"matches":[{' in said


def test_ctrl_c_leaves_whole_lines_and_says_so(folder, lists):
    running = started("match", "--lists", lists, *[folder] * 4000, start_new_session=True)
    first = running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    rest, said = running.communicate(timeout=30)
    assert running.returncode == 130 and b"\nStopped. Every line" in said and b"Traceback" not in said
    assert 0 < len([json.loads(line) for line in (first + rest).splitlines()]) < 12000
