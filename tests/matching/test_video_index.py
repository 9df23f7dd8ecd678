import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutela.matching.frames import Frame
from tutela.matching.hashes import distance_bits
from tutela.matching.video_index import VideoIndex, VideoMatch


def video(*hashes, quality=100):
    return [Frame(number, quality, hash_, float(number)) for number, hash_ in enumerate(hashes)]


def drawn(count, seed):
    return [bytes(row) for row in np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)]


def near(hash_, bits):
    return (int.from_bytes(hash_) ^ ((1 << bits) - 1)).to_bytes(32)


def test_shares_are_counted_both_ways():
    frames = drawn(10, 1)
    index = VideoIndex()
    assert index.add(7, video(*frames)) == 10
    assert index.match(video(*frames[:5])) == [VideoMatch(7, 1.0, 0.5)]
    assert index.match(video(*frames[:5]), index_share=0.6) == []
    assert index.match(video(*frames[:8], *drawn(2, 2))) == [VideoMatch(7, 0.8, 0.8)]
    assert index.match(video(*frames[:7], *drawn(3, 2))) == []
    assert index.match(video(*frames[:7], *drawn(3, 2)), query_share=0.7) == [VideoMatch(7, 0.7, 0.7)]


def test_a_frame_is_near_up_to_31_bits_and_no_further():
    frames = drawn(4, 3)
    index = VideoIndex()
    index.add(1, video(*frames))
    assert index.match(video(*(near(frame, 31) for frame in frames))) == [VideoMatch(1, 1.0, 1.0)]
    assert index.match(video(*(near(frame, 32) for frame in frames))) == []


def test_the_best_comes_first_and_strangers_do_not_come():
    frames = drawn(10, 4)
    index = VideoIndex()
    index.add(1, video(*frames[:9], *drawn(1, 5)))
    index.add(2, video(*frames))
    index.add(3, video(*drawn(10, 6)))
    assert [match.id for match in index.match(video(*frames))] == [2, 1]


def test_what_is_withdrawn_or_replaced_is_gone_at_once():
    frames, others = drawn(5, 7), drawn(5, 8)
    index = VideoIndex()
    index.add(1, video(*frames))
    index.add(1, video(*others))
    assert index.match(video(*frames)) == []
    assert index.match(video(*others)) == [VideoMatch(1, 1.0, 1.0)]
    assert index.withdraw(1)
    assert not index.withdraw(1)
    assert index.match(video(*others)) == []
    assert len(index) == 0


@pytest.mark.parametrize("frames", [[], video(*drawn(3, 9), quality=49)])
def test_a_video_without_a_frame_worth_comparing_matches_nothing_and_nobody(frames):
    index = VideoIndex()
    index.add(1, video(*drawn(3, 9)))
    assert index.match(frames, query_share=0) == []
    assert index.add(2, frames) == 0
    assert [match.id for match in index.match(video(*drawn(3, 9)), query_share=0)] == [1]


def by_comparing_all(asked, listed, radius=31):
    asked, listed = list(dict.fromkeys(asked)), list(dict.fromkeys(listed))
    of_asked = sum(any(distance_bits(one, other) <= radius for other in listed) for one in asked)
    of_listed = sum(any(distance_bits(one, other) <= radius for one in asked) for other in listed)
    return of_asked / len(asked), of_listed / len(listed)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shares_are_those_of_comparing_every_frame_with_every_other(data):
    pool = drawn(3, 10)
    frame = st.builds(near, st.sampled_from(pool), st.integers(0, 60))
    several = st.lists(frame, min_size=1, max_size=12)
    listed = {id_: data.draw(several) for id_ in data.draw(st.sets(st.integers(0, 50), min_size=1, max_size=4))}
    index = VideoIndex()
    for id_, frames in listed.items():
        index.add(id_, video(*frames))
    asked = data.draw(several)
    found = {match.id: (match.query_share, match.index_share) for match in index.match(video(*asked), query_share=0)}
    expected = {id_: by_comparing_all(asked, frames) for id_, frames in listed.items()}
    assert found == {id_: shares for id_, shares in expected.items() if shares != (0, 0)}


def test_a_still_camera_is_compared_in_pieces():
    """Every frame near every other: 1,500 x 1,500 pairs at 64 asked at once."""
    one = int.from_bytes(drawn(1, 11)[0])
    frames = [(one ^ number).to_bytes(32) for number in range(1_500)]
    index = VideoIndex()
    index.add(1, video(*frames))
    assert index.match(video(*frames)) == [VideoMatch(1, 1.0, 1.0)]
