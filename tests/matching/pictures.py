"""Pictures drawn in code: gradients, waves, noise, shapes and text. Nothing is ever read from a file."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def waves(width: int = 320, height: int = 240, seed: int = 0) -> Image.Image:
    """Overlapping waves in three colours: smooth, varied, of quality 100 as photographs are."""
    rng = np.random.default_rng(seed)
    down, across = np.arange(height) / max(width, height), np.arange(width) / max(width, height)
    channels = []
    for _ in range(3):
        fy, fx = rng.uniform(-90, 90, (2, 24))
        phase, strength = rng.uniform(0, 6.28, 24), rng.uniform(0.3, 1, 24)
        # exp(i (y + x)) = exp(i y) exp(i x): a wave in two directions is a product of two lines.
        total = (np.exp(1j * np.outer(down, fy) + 1j * phase) * strength) @ np.exp(1j * np.outer(fx, across))
        channels.append(np.clip(128 + 30 * total.imag, 0, 255))
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def noise(width: int = 200, height: int = 150, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def shapes(width: int = 300, height: int = 200) -> Image.Image:
    picture = Image.new("RGB", (width, height), "navy")
    pen = ImageDraw.Draw(picture)
    for step in range(9):
        corner = (step * width // 10, step * height // 12)
        pen.ellipse([corner, (corner[0] + width // 4, corner[1] + height // 3)], fill=(25 * step, 255 - 20 * step, 90))
    pen.text((width // 3, height // 2), "text-3", fill="white")
    return picture


def solid(width: int = 120, height: int = 90, colour: str = "grey") -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def encoded(picture: Image.Image, format_: str, **options: object) -> bytes:
    stream = BytesIO()
    picture.save(stream, format_, **options)
    return stream.getvalue()


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"))
