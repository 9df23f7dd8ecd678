"""A video as timed PDQ hashes of its frames, in the lines vPDQ writes: `frame,quality,hex,timestamp`."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tutela.matching.hashes import Pdq, pdq_hex

MIN_QUALITY = 50
"""Below this a frame has too little in it to be told from others: it is neither listed nor asked."""

MAX_LINES = 200_000
_LINE = re.compile(r"(\d{1,10}),(\d{1,3}),([0-9a-fA-F]{64}),(\d{1,9}(?:\.\d{1,9})?)", re.ASCII)


class Frame(NamedTuple):
    """`number` counts every frame of the video from 0, also those that were not hashed."""

    number: int
    quality: int
    pdq: Pdq
    seconds: float


class BadFrames(ValueError):
    """Not in vPDQ's lines; the message names the line and never repeats it."""


def frame_lines(frames: Iterable[Frame]) -> str:
    return "".join(f"{each.number},{each.quality},{pdq_hex(each.pdq)},{each.seconds:.3f}\n" for each in frames)


def read_frame_lines(text: str) -> tuple[Frame, ...]:
    """Inverse of `frame_lines`, in milliseconds; empty lines are passed over."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise BadFrames(f"A video of more than {MAX_LINES} frames is not read.")
    return tuple(_frame(line, number) for number, line in enumerate(map(str.strip, lines), 1) if line)


def distinct(frames: Sequence[Frame]) -> list[Pdq]:
    """What vPDQ compares: each hash once, and none of low quality."""
    return list(dict.fromkeys(frame.pdq for frame in frames if frame.quality >= MIN_QUALITY))


def _frame(line: str, number: int) -> Frame:
    found = _LINE.fullmatch(line)
    if found is None or int(found[2]) > 100:
        raise BadFrames(
            f"Line {number} is not `frame,quality,hash,timestamp`: two whole numbers (the second 0 to 100), "
            "64 hexadecimal characters, seconds."
        )
    return Frame(int(found[1]), int(found[2]), bytes.fromhex(found[3]), float(found[4]))
