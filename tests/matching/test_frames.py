import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.frames import BadFrames, Frame, distinct, frame_lines, read_frame_lines

GOOD = f"12,100,{'0f' * 32},1.250\n"


@st.composite
def videos(draw):
    return tuple(
        Frame(
            draw(st.integers(0, 10**6)),
            draw(st.integers(0, 100)),
            draw(st.binary(min_size=32, max_size=32)),
            draw(st.integers(0, 10**8)) / 1000,
        )
        for _ in range(draw(st.integers(0, 6)))
    )


def test_a_line_is_frame_quality_hash_and_timestamp():
    (frame,) = read_frame_lines(GOOD)
    assert frame == Frame(12, 100, bytes([0x0F]) * 32, 1.25)
    assert frame_lines([frame]) == GOOD


@given(videos())
def test_what_was_written_reads_back_as_itself(frames):
    assert read_frame_lines(frame_lines(frames)) == frames


def test_empty_lines_spaces_and_capitals_are_read_over():
    assert read_frame_lines(f"\r\n  {GOOD.upper().strip()}  \r\n\r\n") == read_frame_lines(GOOD)


@pytest.mark.parametrize(
    "line",
    [
        "text-3",
        GOOD.replace(",", ";"),
        GOOD.replace("0f0f", "0f0", 1),
        GOOD.replace("0f0f", "0g0f", 1),
        GOOD.replace("100", "101"),
        GOOD.replace("12", "-1"),
        GOOD.replace("1.250", "nan"),
        GOOD.replace("1.250", "1e3"),
        GOOD.replace("12", "١٢"),
        GOOD.strip() + ",1",
    ],
)
def test_another_line_is_refused_by_its_number_and_not_repeated(line):
    with pytest.raises(BadFrames, match="Line 2 is not") as refusal:
        read_frame_lines(GOOD + line)
    assert "0f0f" not in str(refusal.value)
    assert "text-3" not in str(refusal.value)


@given(st.text(max_size=200))
def test_any_text_is_frames_or_a_refusal(text):
    try:
        frames = read_frame_lines(text)
    except BadFrames:
        return
    assert all(len(frame.pdq) == 32 for frame in frames)


def test_too_many_lines_are_refused_before_they_are_read():
    with pytest.raises(BadFrames, match="more than"):
        read_frame_lines("\n" * 200_001)


def test_a_hash_counts_once_and_one_of_low_quality_not_at_all():
    one, other = bytes(32), bytes([1]) * 32
    frames = [Frame(0, 100, one, 0), Frame(1, 50, other, 1), Frame(2, 100, one, 2), Frame(3, 49, bytes([2]) * 32, 3)]
    assert distinct(frames) == [one, other]
