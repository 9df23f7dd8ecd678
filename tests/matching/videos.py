"""Videos drawn in code and encoded in memory: scenes of waves that slowly move. Nothing is ever read from a file."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import av
from PIL import Image

from tests.matching import pictures

SCENES = (0.9, 1.6, 2.4, 1.3, 2.1, 1.7)
"""How many seconds each lasts: no two alike, and few of them whole."""


def drawn(seed: int, rate: int = 12, size: tuple[int, int] = (192, 144), scenes: Sequence[float] = SCENES):
    """Pictures, `rate` of them a second: a window that moves over one larger picture for each scene."""
    begin = 0.0
    shown = 0
    for number, lasts in enumerate(scenes):
        wide, high = 2 * size[0], 2 * size[1]
        scene = pictures.waves(wide, high, seed=1000 * seed + number)
        while shown / rate < begin + lasts:
            moved = 4 * (shown / rate - begin)
            corner = (moved * wide / 192, moved * high / 192)
            yield scene.resize(size, box=(*corner, corner[0] + 0.8 * wide, corner[1] + 0.8 * high))
            shown += 1
        begin += lasts


def encoded(
    frames: Iterable[Image.Image],
    rate: int = 12,
    *,
    codec: str = "mpeg4",
    format_: str = "mp4",
    pixels: str = "yuv420p",
    turned: int = 0,
    **options: str,
) -> bytes:
    stream = BytesIO()
    with _no_more_urgent_than_before(), av.open(stream, "w", format=format_) as container:
        video, first = container.add_stream(codec, rate=rate, options=options), True
        video.pix_fmt = pixels
        for picture in frames:
            if first:
                video.width, video.height = picture.size
                if turned:
                    video.set_display_rotation(turned)
                first = False
            container.mux(video.encode(av.VideoFrame.from_image(picture)))
        container.mux(video.encode(None))
    return stream.getvalue()


@contextmanager
def _no_more_urgent_than_before() -> Iterator[None]:
    """Run by root, SVT-AV1 makes the calling thread a real-time one, and so whatever that starts later: a browser whose
    busy threads let no other thread run again."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, *before)


def halved(frames: Iterable[Image.Image], count: int, skipped: int) -> Iterator[Image.Image]:
    for number, frame in enumerate(frames):
        if skipped <= number < skipped + count:
            yield frame
