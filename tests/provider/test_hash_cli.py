"""`tutela hash` as somebody uses it: rightly, wrongly, in a pipe, and stopped half-way."""

import json
import os
import signal
import time

import pytest

from tests.matching import pictures
from tests.provider.commands import plainly, started, tutela
from tutela.provider.telling import write

PICTURE = pictures.encoded(pictures.waves(), "PNG")


@pytest.fixture
def folder(tmp_path):
    for number in range(60):
        (tmp_path / f"{number:02}.png").write_bytes(PICTURE)
    (tmp_path / "text.txt").write_text("text-1")
    return tmp_path


def lines(ran):
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_each_file_of_a_directory_is_one_line_and_no_bar_is_drawn_in_a_pipe(folder):
    ran = plainly(tutela("hash", folder), 0)
    said = lines(ran)
    assert [len(said), ran.stderr] == [61, ""]
    assert sum("pdq" in line for line in said) == 60 and "refused" in said[-1]
    assert all("not a verdict" in line["note"] for line in said)


def test_a_file_that_cannot_be_read_is_told_by_its_line_and_by_the_exit_code(folder):
    (folder / "broken").symlink_to(folder / "nowhere")
    ran = plainly(tutela("hash", "--paths-from", "-", stdin=f"{folder}/broken\n{folder}/00.png\n"), 1)
    broken, good = lines(ran)
    assert broken["refused"] == "This file cannot be read: No such file or directory." and "sha256" not in broken
    assert good["quality"] == 100
    assert "1 could not be read" in ran.stderr


def test_standard_input_is_one_files_bytes():
    [said] = lines(plainly(tutela("hash", "-", stdin=PICTURE), 0))
    assert (said["name"], said["size_bytes"], said["quality"]) == ("-", len(PICTURE), 100)


def test_an_empty_directory_is_nothing_and_no_error(tmp_path):
    assert plainly(tutela("hash", tmp_path), 0).output == ""


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "Name files or directories"),
        (["nowhere"], "does not exist"),
        (["-", "-"], "stands alone"),
        (["-", "--paths-from", __file__], "stands alone"),
        (["--paths-from", "nowhere"], "nowhere"),
        (["--workers", "0", __file__], "not in the range"),
        (["--workers", "many", __file__], "not a valid integer"),
    ],
)
def test_wrong_use_is_one_clear_sentence(said, sentence):
    assert sentence in plainly(tutela("hash", *said), 2).stderr


def test_a_reader_that_goes_away_ends_it_quietly(folder):
    running = started("hash", "--workers", 2, *[folder] * 30)
    running.stdout.readline()
    running.stdout.close()
    assert running.wait(timeout=30) == 1
    assert running.stderr.read() == b""


def test_ctrl_c_leaves_whole_lines_and_says_so(folder):
    running = started("hash", "--workers", 2, *[folder] * 100, start_new_session=True)
    first = running.stdout.readline()
    # As a terminal does it: to the whole group, the workers too.
    os.killpg(running.pid, signal.SIGINT)
    rest, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.decode().splitlines() == ["Stopped. Every line written so far is complete; the rest was not looked at."]
    whole = [json.loads(line) for line in (first + rest).splitlines()]
    assert 0 < len(whole) < 6100


def test_its_workers_end_with_it_even_when_it_is_killed(folder):
    running = started("hash", "--workers", 2, *[folder] * 100, start_new_session=True)
    running.stdout.readline()
    running.kill()
    running.communicate(timeout=30)
    ends = time.monotonic() + 20
    while _is_anybody_left(running.pid):
        assert time.monotonic() < ends
        time.sleep(0.02)


def _is_anybody_left(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_in_the_middle_of_a_line_waits_for_its_end(monkeypatch):
    """The saboteur: the key is pressed while the line is written."""
    written = []

    def echo(line, **_):
        os.kill(os.getpid(), signal.SIGINT)
        written.append(line)

    monkeypatch.setattr("tutela.provider.telling.click.echo", echo)
    with pytest.raises(KeyboardInterrupt):
        write("a line\n")
    assert written == ["a line\n"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
