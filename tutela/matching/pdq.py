"""PDQ from luminance: the published algorithm, computed by banded matrices instead of running boxes.

PDQ (Meta Platforms, 2019) blurs a picture with two passes of a box filter along each axis, takes 64 by 64 samples,
and keeps 16 by 16 frequencies of their cosine transform; each hash bit says whether one lies above the median.
Two box passes and the sampling are linear, and rows and columns do not mix, so both together are a matrix with one
short band of weights per sample: `samples = vertical @ luminance @ horizontal.T`. Every pixel is touched once.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.compiled import compiled_loosely

SAMPLES = 64
FREQUENCIES = 16
MIN_SIDE = 5
"""Below this many pixels a side the published algorithm gives no hash."""

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


class Bands(NamedTuple):
    """One short row of weights per sample: they begin at pixel `start` and there are `length` of them."""

    start: NDArray[np.int64]
    length: NDArray[np.int64]
    weights: Floats

    def mirrored(self, pixels: int) -> "Bands":
        """The same filter for an axis that is stored back to front."""
        weights = np.zeros_like(self.weights)
        for sample, length in enumerate(self.length):
            weights[sample, :length] = self.weights[sample, :length][::-1]
        return Bands(pixels - self.start - self.length, self.length, weights)

    def folded(self, scale: int) -> "Bands":
        """The same filter for an axis whose every `scale` pixels are read as one, their mean: it has all their weight.

        What is lost is how weights differ within a coarse pixel: little where the window is several of them wide.
        """
        start = self.start // scale
        length = -(-(self.start + self.length) // scale) - start
        weights = np.zeros((SAMPLES, int(length.max()) + 1), dtype=np.float32)
        fine = np.arange(self.weights.shape[1])
        coarse = np.minimum((self.start[:, None] + fine) // scale - start[:, None], weights.shape[1] - 1)
        np.add.at(weights, (np.arange(SAMPLES)[:, None], coarse), self.weights)
        return Bands(start, length, weights)


def window_of(pixels: int) -> int:
    """The box filter's width along an axis of so many pixels: 1/128 of it, rounded up."""
    return (pixels + 2 * SAMPLES - 1) // (2 * SAMPLES)


@lru_cache(maxsize=256)
def bands_along(pixels: int) -> Bands:
    """The filter along an axis of so many pixels; shorter windows at the edges."""
    window = window_of(pixels)
    ahead = (window + 2) // 2
    behind = window - ahead
    centres = ((np.arange(SAMPLES) + 0.5) * pixels / SAMPLES).astype(np.int64)
    first = np.maximum(centres - 2 * behind, 0)
    last = np.minimum(centres + 2 * ahead - 1, pixels)
    # The second pass averages the middles around a centre, the first the pixels around each middle. Weights are
    # written as their differences from one pixel to the next and then summed.
    middles = centres[:, None] + np.arange(-behind, ahead)
    inside = (middles >= 0) & (middles < pixels)
    low, high = np.maximum(middles - behind, 0), np.minimum(middles + ahead, pixels)
    share = np.where(inside, 1.0 / (inside.sum(axis=1, keepdims=True) * np.maximum(high - low, 1)), 0.0)
    steps = np.zeros((SAMPLES, int((last - first).max()) + 1), dtype=np.float64)
    sample = np.broadcast_to(np.arange(SAMPLES)[:, None], middles.shape)
    np.add.at(steps, (sample[inside], (low - first[:, None])[inside]), share[inside])
    np.add.at(steps, (sample[inside], (high - first[:, None])[inside]), -share[inside])
    return Bands(first, last - first, np.cumsum(steps, axis=1)[:, :-1].astype(np.float32))


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """Rows 1 to 16 of the 64-point cosine transform: the constant term says only how bright a picture is."""
    row = np.arange(1, FREQUENCIES + 1)[:, None]
    column = 2 * np.arange(SAMPLES)[None, :] + 1
    matrix: Floats = (np.sqrt(2.0 / SAMPLES) * np.cos(np.pi / 2 / SAMPLES * row * column)).astype(np.float32)
    return matrix


@compiled_loosely
def blur_down(strip: Bytes, top: int, bands: Bands, out: Floats) -> None:
    """Adds a strip of rows, the first of them row `top` of the picture, to `out` (64 rows of the same width)."""
    rows, columns = strip.shape
    for sample in range(out.shape[0]):
        start = bands.start[sample]
        for row in range(max(start, top), min(start + bands.length[sample], top + rows)):
            weight = bands.weights[sample, row - start]
            for column in range(columns):
                out[sample, column] += weight * np.float32(strip[row - top, column])


def luminance(tall: Floats) -> Floats:
    """Of 64 rows of red, green, blue, red, … the luminance PDQ's authors use. Blurring first saves most of the sums."""
    shares = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return (tall.reshape(tall.shape[0], -1, 3) @ shares).astype(np.float32, copy=False)


@compiled_loosely
def blur_across(tall: Floats, bands: Bands) -> Floats:
    """The second half: 64 rows of any width become 64 by 64 samples."""
    out = np.empty((tall.shape[0], bands.start.shape[0]), dtype=np.float32)
    for row in range(tall.shape[0]):
        for sample in range(bands.start.shape[0]):
            total = np.float32(0)
            for offset in range(bands.length[sample]):
                total += bands.weights[sample, offset] * tall[row, bands.start[sample] + offset]
            out[row, sample] = total
    return out


def samples_of(pixels: Bytes) -> Floats:
    """64 by 64 luminances of uint8[height, width, 3] red, green and blue, of at least `MIN_SIDE` a side."""
    height, width, _ = pixels.shape
    tall = np.zeros((SAMPLES, 3 * width), dtype=np.float32)
    blur_down(pixels.reshape(height, -1), 0, bands_along(height), tall)
    return blur_across(luminance(tall), bands_along(width))


def quality(samples: Floats) -> int:
    """0 to 100: how much gradient there is to hash, as published; below 50 a match means little."""
    # Truncation towards zero is part of the definition: it ignores gradients below 1 % of the range.
    down = ((samples[:-1] - samples[1:]) * np.float32(100) / np.float32(255)).astype(np.int32)
    across = ((samples[:, :-1] - samples[:, 1:]) * np.float32(100) / np.float32(255)).astype(np.int32)
    return min(int(np.abs(down).sum() + np.abs(across).sum()) // 90, 100)


def frequencies(samples: Floats) -> Floats:
    """The 16 by 16 lowest frequencies but the constant one, of 64 by 64 samples."""
    return (_cosines() @ samples @ _cosines().T).astype(np.float32, copy=False)


def hash_bits(spectrum: Floats) -> bytes:
    """32 bytes: frequency (i, j) above the lower median sets bit 16 i + j, counted from the hash's last bit."""
    flat = spectrum.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits(flat > median, bitorder="little").tobytes()[::-1]
