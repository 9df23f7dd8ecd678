"""Pictures drawn in code: gradients, noise, shapes and a number. They live in memory only and show nothing."""

import random
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from tutela.matching import Digests, PictureHash, hash_picture

SIDE = 224
_COARSE = 12


@dataclass(frozen=True)
class Drawn:
    """An encoded picture with every fingerprint a provider states of it."""

    data: bytes

    @cached_property
    def digests(self) -> Digests:
        return Digests.of([self.data])

    @cached_property
    def hashed(self) -> PictureHash:
        return hash_picture(self.data)


def draw(number: int) -> Drawn:
    """The picture of this number, always the same one."""
    return Drawn(_encode(_picture(number), quality=88))


def redraw(number: int, *, variation: int) -> Drawn:
    """The same picture as it comes back from the internet: smaller, a little brighter, compressed again."""
    rng = random.Random(f"redraw {number} {variation}")
    side = rng.randrange(SIDE * 3 // 4, SIDE)
    smaller = _picture(number).resize((side, side), Image.Resampling.BILINEAR)
    brighter = ImageEnhance.Brightness(smaller).enhance(rng.uniform(0.92, 1.08))
    return Drawn(_encode(brighter, quality=rng.randrange(55, 80)))


def _picture(number: int) -> Image.Image:
    rng = np.random.default_rng(number)
    # The soft noise is what gives two pictures two hashes; the shapes only make them differ to the eye.
    coarse = Image.fromarray(rng.integers(0, 256, (_COARSE, _COARSE, 3), dtype=np.uint8))
    picture = coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(6):
        left, top, wide, high = (int(value) for value in rng.integers(8, SIDE // 2, 4))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        shape((left, top, left + wide, top + high), outline=colour, width=4)
    pen.text((SIDE // 3, SIDE - 24), f"drawn {number}", fill=(255, 255, 255))
    return picture


def _encode(picture: Image.Image, *, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
