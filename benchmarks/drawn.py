"""Pictures drawn in code that compress and blur as photographs do: clouds of 1/f noise with edges of shapes on them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Floats = NDArray[np.float32]


def picture(width: int, height: int, seed: int) -> Image.Image:
    """RGB; the same on every machine for the same seed."""
    rng = np.random.default_rng(seed)
    # The amplitude of photographs falls as 1/f to 1/f^1.4; channels share most of it.
    slope = rng.uniform(1.0, 1.4)
    shared, blend = _clouds(width, height, slope, rng), rng.uniform(0.2, 0.5)
    channels = [
        128 + 45 * ((1 - blend) * shared + blend * _clouds(width, height, slope + 0.2, rng)) + rng.uniform(-30, 30)
        for _ in range(3)
    ]
    drawn = Image.fromarray(np.clip(np.stack(channels, axis=-1), 0, 255).astype(np.uint8))
    _shapes(drawn, rng)
    return drawn


def moving(width: int, height: int, rate: int, scene_seconds: list[float], seed: int) -> Iterator[Image.Image]:
    """Frames of a video: in each scene a window goes slowly over one larger picture."""
    for number, seconds in enumerate(scene_seconds):
        scene = picture(2 * width, 2 * height, seed + number)
        for shown in range(round(seconds * rate)):
            corner = (0.5 * width * shown / rate / max(seconds, 1), 0.3 * height * shown / rate / max(seconds, 1))
            yield scene.resize((width, height), box=(*corner, corner[0] + 1.2 * width, corner[1] + 1.2 * height))


def encoded(drawn: Image.Image, format_: str, **options: Any) -> bytes:
    stream = BytesIO()
    drawn.save(stream, format_, **options)
    return stream.getvalue()


def _clouds(width: int, height: int, slope: float, rng: np.random.Generator) -> Floats:
    """Noise of mean 0 and deviation 1 whose amplitude falls with the frequency to the power of `slope`."""
    side = max(width, height)
    across = np.fft.rfftfreq(width)[None, :] * side
    down = np.fft.fftfreq(height)[:, None] * side
    frequency = np.hypot(across, down)
    frequency[0, 0] = np.inf
    waves = np.exp(2j * np.pi * rng.random(frequency.shape)) / frequency**slope
    noise: Floats = np.fft.irfft2(waves, s=(height, width)).astype(np.float32)
    return noise / noise.std()


def _shapes(drawn: Image.Image, rng: np.random.Generator) -> None:
    pen, (width, height) = ImageDraw.Draw(drawn), drawn.size
    for _ in range(rng.integers(3, 12)):
        x, y = rng.uniform(0, 0.9) * width, rng.uniform(0, 0.9) * height
        box = (x, y, x + rng.uniform(0.05, 0.4) * width, y + rng.uniform(0.05, 0.4) * height)
        (pen.ellipse if rng.random() < 0.5 else pen.rectangle)(box, fill=tuple(rng.integers(0, 256, 3).tolist()))
