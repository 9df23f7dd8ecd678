from itertools import combinations

from tutela.demo.pictures import draw, redraw
from tutela.indicators.rules import LEAST_QUALITY, RADIUS_BITS
from tutela.matching.hashes import distance_bits

N = 60


def test_a_number_names_one_picture_for_ever():
    assert draw(3).data == draw(3).data
    assert redraw(3, variation=1).data == redraw(3, variation=1).data
    assert len({draw(number).digests.sha256 for number in range(N)}) == N


def test_what_comes_back_changed_is_another_file_and_still_near():
    """0 of 60 farther than the radius, and 0 of 60 the same file."""
    for number in range(N):
        first, back = draw(number), redraw(number, variation=number)
        assert first.digests.sha256 != back.digests.sha256
        assert distance_bits(first.hashed.pdq, back.hashed.pdq) <= RADIUS_BITS
        assert min(first.hashed.quality, back.hashed.quality) >= LEAST_QUALITY


def test_two_numbers_are_never_near():
    """0 of 1,770 pairs within the radius: a match in the demonstration is never an accident."""
    hashes = [draw(number).hashed.pdq for number in range(N)]
    assert all(distance_bits(one, other) > RADIUS_BITS for one, other in combinations(hashes, 2))
