"""A folder to try matching on: what is planted is near the demonstration's list, and nothing else is."""

from pathlib import Path

import pytest

from tests.provider.commands import plainly, tutela
from tutela.demo import world
from tutela.demo.picture_folder import FIRST_UNKNOWN, KNOWN
from tutela.demo.pictures import draw
from tutela.demo.stories import FIRST_NEW, FIRST_VIRAL
from tutela.exchange.hash_lists import read_list
from tutela.indicators.rules import RADIUS_BITS
from tutela.matching.hashers import hash_picture
from tutela.matching.hashes import distance_bits


def test_the_planted_ones_resemble_the_list_and_the_others_do_not(tmp_path):
    folder, file = tmp_path / "folder", tmp_path / "known.txt"
    ran = plainly(tutela("draw", folder, "--count", 80, "--planted", 7, "--list", file), 0)
    said = {Path(line.split()[0]) for line in ran.stdout.splitlines() if "resembles" in line}
    known = [entry.value for entry in read_list([file]).listed if entry.kind == "pdq"]
    assert (len(said), len(known)) == (7, KNOWN)
    files = [path for path in folder.rglob("*") if path.is_file()]
    near = {
        path
        for path in files
        if min(distance_bits(hash_picture(path.read_bytes()).pdq, one) for one in known) <= RADIUS_BITS
    }
    assert len(files) == 80 and near == said


def test_the_known_ones_are_on_the_shortest_demonstrations_list():
    assert world.known_pictures(2) >= KNOWN
    assert FIRST_UNKNOWN > FIRST_NEW > FIRST_VIRAL > world.MOST_PICTURES


def test_the_same_seed_draws_the_same_folder(tmp_path):
    for folder in ("a", "b"):
        plainly(tutela("draw", tmp_path / folder, "--count", 5, "--planted", 2), 0)
    a, b = ({file.name: file.read_bytes() for file in (tmp_path / folder).rglob("*.jpg")} for folder in ("a", "b"))
    assert a == b and draw(0).data not in a.values()


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--count", "3"], 2, "No more can be planted"),
        (["--planted", "21"], 2, "not in the range"),
        ([], 1, "is not empty"),
    ],
)
def test_wrong_use_is_one_clear_sentence(tmp_path, options, code, sentence):
    (tmp_path / "something").touch()
    assert sentence in plainly(tutela("draw", tmp_path, *options), code).stderr
