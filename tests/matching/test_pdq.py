import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import pictures
from tutela.matching import pdq


def boxed(picture, window):
    """One pass of a box filter down the columns, as its authors describe it: the mean of what is inside."""
    ahead = (window + 2) // 2
    behind = window - ahead
    return np.array([picture[max(i - behind, 0) : i + ahead].mean(axis=0) for i in range(len(picture))])


def reference_samples(luma):
    """The published definition, written down slowly: two passes each way, then the 64 by 64 nearest centres."""
    height, width = luma.shape
    tall, wide = -(-height // 128), -(-width // 128)
    picture = luma.astype(np.float64)
    for _ in range(2):
        picture = boxed(boxed(picture.T, wide).T, tall)
    rows = ((np.arange(64) + 0.5) * height / 64).astype(int)
    columns = ((np.arange(64) + 0.5) * width / 64).astype(int)
    return picture[np.ix_(rows, columns)]


def our_samples(luma):
    height, width = luma.shape
    tall = np.zeros((64, width), np.float32)
    pdq.blur_down(luma, 0, pdq.bands_along(height), tall)
    return pdq.blur_across(tall, pdq.bands_along(width))


@settings(max_examples=20, deadline=None)
@given(st.integers(5, 400), st.integers(5, 400), st.integers(0, 1000))
def test_the_banded_matrices_are_the_published_filter_at_any_size(height, width, seed):
    luma = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    assert np.abs(our_samples(luma) - reference_samples(luma)).max() < 0.01


@pytest.mark.parametrize(("height", "width"), [(64, 64), (128, 128), (129, 640), (700, 300)])
def test_colour_rows_are_weighed_as_published(height, width):
    rgb = np.asarray(pictures.noise(width, height))
    tall = np.zeros((64, 3 * width), np.float32)
    pdq.blur_down(rgb.reshape(height, -1), 0, pdq.bands_along(height), tall)
    ours = pdq.blur_across(pdq.luminance(tall), pdq.bands_along(width))
    luma = rgb.astype(np.float64) @ [0.299, 0.587, 0.114]
    assert np.abs(ours - reference_samples(luma)).max() < 0.01


@given(st.integers(5, 5000))
def test_weights_are_a_mean(pixels):
    bands = pdq.bands_along(pixels)
    assert np.allclose(bands.weights.sum(axis=1), 1, atol=1e-4)
    assert bands.start.min() >= 0
    assert (bands.start + bands.length).max() <= pixels


@given(st.integers(384, 5000), st.sampled_from([2, 4, 8]), st.booleans())
def test_a_folded_filter_is_the_same_on_coarse_pixels(pixels, scale, is_mirrored):
    """Over anything that is even within each coarse pixel, both give the same."""
    bands = pdq.bands_along(pixels)
    if is_mirrored:
        bands = bands.mirrored(pixels)
    coarse = np.random.default_rng(pixels).uniform(0, 255, (1, -(-pixels // scale))).astype(np.float32)
    fine = np.repeat(coarse, scale, axis=1)[:, :pixels]
    folded = bands.folded(scale)
    assert (folded.start + folded.length).max() <= coarse.shape[1]
    assert np.allclose(pdq.blur_across(fine, bands), pdq.blur_across(coarse, folded), atol=0.01)


@pytest.mark.parametrize("size", [5, 63, 64, 300])
def test_strips_add_up_to_the_whole(size):
    luma = pictures.grey(pictures.noise(97, size))
    bands = pdq.bands_along(size)
    whole, parts = np.zeros((64, 97), np.float32), np.zeros((64, 97), np.float32)
    pdq.blur_down(luma, 0, bands, whole)
    for top in range(0, size, 7):
        pdq.blur_down(luma[top : top + 7], top, bands, parts)
    assert np.abs(whole - parts).max() < 0.001


def test_frequencies_are_a_cosine_transform():
    samples = np.random.default_rng(3).uniform(0, 255, (64, 64)).astype(np.float32)
    i, j, y, x = 4, 15, np.arange(64)[:, None], np.arange(64)[None, :]
    basis = np.cos(np.pi * (i + 1) * (2 * y + 1) / 128) * np.cos(np.pi * (j + 1) * (2 * x + 1) / 128) * 2 / 64
    assert pdq.frequencies(samples)[i, j] == pytest.approx((samples * basis).sum(), rel=1e-3)


def test_the_first_frequency_is_the_last_bit_of_the_hash():
    spectrum = np.full((16, 16), -1, np.float32)
    spectrum[0, 0] = 1
    assert pdq.hash_bits(spectrum) == bytes(31) + b"\x01"
    spectrum[0, 0], spectrum[15, 15] = -1, 1
    assert pdq.hash_bits(spectrum) == b"\x80" + bytes(31)


def test_half_the_bits_are_set_when_all_frequencies_differ():
    spectrum = np.random.default_rng(1).permutation(256).astype(np.float32).reshape(16, 16)
    assert int.from_bytes(pdq.hash_bits(spectrum)).bit_count() == 128


def test_quality_counts_gradients_and_ends_at_100():
    flat = np.full((64, 64), 9, np.float32)
    assert pdq.quality(flat) == 0
    assert pdq.quality(np.tile(np.array([0, 255], np.float32), (64, 32))) == 100
    # 64 rows of one step of 51, 20 % of the range each: 64 * 20 // 90.
    assert pdq.quality(np.repeat(np.array([[0, 51]], np.float32), 32, axis=1).repeat(64, axis=0)) == 14
    # Steps below 1 % count nothing, however many.
    assert pdq.quality(np.tile(np.arange(64, dtype=np.float32) * 2.5, (64, 1))) == 0
