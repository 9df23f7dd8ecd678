"""A common, harmless picture never becomes an indicator by one person's mistake, nor by two people's."""

import random

import pytest
from PIL import ImageFilter

from tests.indicators.stories import bits
from tutela.indicators.benign import DATA, FAMILIES, VARIANTS, pdq_of, recompressed
from tutela.indicators.models import BenignHash
from tutela.indicators.rules import Benign, Fingerprint, Refused, gates
from tutela.matching.hashes import distance_bits, parse_pdq

pytestmark = pytest.mark.django_db


# Other sizes and strengths than those the list was drawn with.
CHANGES = {
    "smaller": lambda picture: picture.resize((200, 200)),
    "recompressed": lambda picture: recompressed(picture, 60),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(2)),
    "darker": lambda picture: picture.point(lambda level: level * 4 // 5),
}
# Pictures with enough in them for a stable hash; of the others only the copies that are listed are known again.
VARIED = ("placeholder", "logo", "document", "code", "table")


@pytest.fixture
def benign():
    return BenignHash.objects.known()


def answer(pdq, quality, benign):
    """What the gates say to somebody who insists that the quality is good."""
    try:
        return "held" if gates(Fingerprint("pdq", pdq, max(quality, 50)), benign) else "passed"
    except Refused:
        return "refused"


def test_the_database_knows_what_is_shipped():
    lines = [line for line in DATA.read_text().splitlines() if not line.startswith("#")]
    assert BenignHash.objects.count() == len(lines) > 500


def test_the_shipped_hashes_are_those_that_the_script_draws():
    """One varied picture in eight, drawn again; another version of the picture library may turn a few bits.

    The bits of what is nearly flat are rounding: another processor, or another order of adding up, turns many of them.
    """
    shipped = {label: value for value, label in (line.split(" ", 1) for line in DATA.read_text().splitlines()[1:])}
    compared = 0
    for family in VARIED:
        for place, (name, picture) in enumerate(FAMILIES[family]()):
            label = f"{family}: {name}"
            if place % 8 == 0 and label in shipped:
                assert distance_bits(pdq_of(picture)[0], parse_pdq(shipped[label])) <= 10
                compared += 1
    assert compared >= len(VARIED)


def sample(families, every):
    return [picture for family in families for _, picture in list(FAMILIES[family]())[::every]]


def test_every_listed_change_of_a_harmless_picture_is_held(benign):
    """Of one picture in four in each varied family with all its variants, 0 pass on the processor on which the list was
    drawn, and 1 of some hundred on another: rounding turns bits of what is nearly flat. Two readers are the guard."""
    hashes = [pdq_of(change(picture)) for picture in sample(VARIED, 4) for change in VARIANTS.values()]
    assert len(hashes) > 100
    assert [answer(pdq, quality, benign) for pdq, quality in hashes].count("passed") <= len(hashes) // 100


def test_other_changes_of_a_varied_harmless_picture_are_mostly_held(benign):
    """Measured: 1 of 92 passes. Of flags, patterns, gradients and test cards 74 of 124 do: what is nearly flat has no
    stable hash, so no list can promise them; there two readers are the guard."""
    hashes = [pdq_of(change(picture)) for picture in sample(VARIED, 3) for change in CHANGES.values()]
    passed = [answer(pdq, quality, benign) for pdq, quality in hashes].count("passed")
    assert len(hashes) > 80
    assert passed <= 3, f"{passed} of {len(hashes)} passed"


def test_ordinary_hashes_are_not_held(benign):
    """0 of 5,000 hashes as photographs have them."""
    dice = random.Random(3)
    held = sum(answer(bits(dice.randrange(126, 131)), 90, benign) != "passed" for _ in range(5_000))
    assert held == 0


def test_without_the_list_most_harmless_pictures_would_pass_so_the_list_does_the_work(benign):
    """The saboteur's run: the same pictures against an empty list."""
    pictures = [picture for family in ("document", "table") for _, picture in FAMILIES[family]()]
    hashes = [pdq_of(picture) for picture in pictures]
    with_list = sum(answer(pdq, quality, benign) == "passed" for pdq, quality in hashes)
    without = sum(answer(pdq, quality, Benign({})) == "passed" for pdq, quality in hashes)
    assert with_list == 0
    assert without > 0
