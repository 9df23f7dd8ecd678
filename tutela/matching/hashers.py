"""From a picture's bytes to its PDQ hash; the pixels live only inside the call."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

# The JPEG decoder also reads MPO, several JPEGs in one file, as some cameras write it.
_DECODERS = (
    JpegImagePlugin.JpegImageFile,
    PngImagePlugin.PngImageFile,
    GifImagePlugin.GifImageFile,
    WebPImagePlugin.WebPImageFile,
    BmpImagePlugin.BmpImageFile,
    TiffImagePlugin.TiffImageFile,
)
FORMATS = tuple(decoder.format for decoder in _DECODERS)
"""Only these decoders may meet a stranger's bytes."""

# A decoded picture takes up to four bytes a pixel, and some decoders hold it several times over. These limits keep
# the worst case of each below 256 MB, measured with the largest picture allowed.
MAX_PIXELS = 40_000_000
_MAX_PIXELS_OF = {"WEBP": 12_000_000, "GIF": 20_000_000, "TIFF": 20_000_000}
_STRIP_PIXELS = 1 << 20
_ORIENTATION_TAG = 0x0112
# EXIF orientation 1 to 8: are the stored rows back to front, are the columns, do rows stand for columns?
_MIRRORED_ROWS = frozenset({3, 4, 6, 7})
_MIRRORED_COLUMNS = frozenset({2, 3, 7, 8})
_TRANSPOSED = frozenset({5, 6, 7, 8})
_DIRECT_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "LAB", "HSV"})
_SIXTEEN_BIT_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})


class PictureRefused(ValueError):
    """No hash can be made of this; the message says why in a sentence a person can act on."""


@dataclass(frozen=True, slots=True)
class PictureHash:
    """A PDQ hash (32 bytes) and how much it is worth (0 to 100; below 50 a match means little)."""

    pdq: bytes
    quality: int


def hash_picture(data: bytes | BinaryIO, *, luminance_only: bool = False) -> PictureHash:
    """PDQ of the first frame, upright as its EXIF orientation says; raises `PictureRefused`, never anything else.

    `luminance_only` lets a JPEG decoder skip the colours: twice as fast, and at most 2 bits away.
    """
    from tutela.matching import pdq

    samples = _picture_samples(BytesIO(data) if isinstance(data, bytes) else data, luminance_only)
    return PictureHash(pdq.hash_bits(pdq.frequencies(samples)), pdq.quality(samples))


def hash_picture_turned(data: bytes | BinaryIO) -> list[PictureHash]:
    """The picture and its seven other turns and mirrorings, decoded once: for asking, never for listing."""
    from tutela.matching import pdq

    samples = _picture_samples(BytesIO(data) if isinstance(data, bytes) else data, False)
    quality = pdq.quality(samples)
    return [PictureHash(pdq.hash_bits(spectrum), quality) for spectrum in pdq.turned(pdq.frequencies(samples))]


def _picture_samples(stream: BinaryIO, luminance_only: bool) -> NDArray[np.float32]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=FORMATS) as picture:
                _check_size(picture)
                if luminance_only and picture.format in ("JPEG", "MPO") and picture.mode == "RGB":
                    picture.draft("L", picture.size)
                return _samples(picture, _orientation(picture))
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused(f"This is no picture in a format we read ({', '.join(FORMATS)}).") from None
    except (Image.DecompressionBombError, MemoryError):
        raise PictureRefused(_too_large(MAX_PIXELS)) from None
    except Exception:
        # Decoders raise whatever they like on hostile bytes; to the caller all of it is one thing.
        raise PictureRefused("This picture is damaged or cut short and cannot be decoded.") from None


def _check_size(picture: Image.Image) -> None:
    from tutela.matching.pdq import MIN_SIDE

    limit = _MAX_PIXELS_OF.get(picture.format or "", MAX_PIXELS)
    if picture.width * picture.height > limit:
        raise PictureRefused(_too_large(limit))
    if min(picture.size) < MIN_SIDE:
        raise PictureRefused(f"This picture is smaller than {MIN_SIDE} pixels a side; no PDQ hash is defined for it.")


def _too_large(limit: int) -> str:
    return f"This picture is too large: at most {limit // 1_000_000} million pixels can be hashed safely."


def _orientation(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:
        # A damaged EXIF block says nothing about the pixels: hash them as they lie.
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _samples(picture: Image.Image, orientation: int) -> NDArray[np.float32]:
    """64 by 64 samples of the upright picture. Turning is done on the filters, so no second picture is ever made."""
    from tutela.matching import pdq

    down, across = pdq.bands_along(picture.height), pdq.bands_along(picture.width)
    if orientation in _MIRRORED_ROWS:
        down = down.mirrored(picture.height)
    if orientation in _MIRRORED_COLUMNS:
        across = across.mirrored(picture.width)
    strips = _strips(picture)
    first = next(strips)
    tall = np.zeros((pdq.SAMPLES, first[1].shape[1]), dtype=np.float32)
    for top, strip in chain([first], strips):
        pdq.blur_down(strip, top, down, tall)
    if tall.shape[1] > picture.width:
        tall = pdq.luminance(tall)
    samples = pdq.blur_across(tall, across)
    return samples.T.copy() if orientation in _TRANSPOSED else samples


def _strips(picture: Image.Image) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Rows of grey, or of red, green, blue, red, …; a few at a time: converting a whole picture would hold it twice."""
    to_pixels = _conversion(picture.mode)
    picture.load()
    height = max(1, _STRIP_PIXELS // picture.width)
    for top in range(0, picture.height, height):
        box = (0, top, picture.width, min(top + height, picture.height))
        strip = picture if box == (0, 0, *picture.size) else picture.crop(box)
        yield top, to_pixels(strip).reshape(strip.height, -1)


def _conversion(mode: str) -> Callable[[Image.Image], NDArray[np.uint8]]:
    if mode in ("L", "RGB"):
        return np.asarray
    # Transparency is dropped, as PDQ's published tools do: what is hidden under it is hashed.
    if mode in _DIRECT_MODES:
        return lambda strip: np.asarray(strip.convert("L" if mode in ("1", "LA") else "RGB"))
    if mode in _SIXTEEN_BIT_MODES:
        return lambda strip: (np.clip(np.asarray(strip), 0, 65_535) >> 8).astype(np.uint8)
    raise PictureRefused("This picture stores its pixels in a way we do not read; save it with 8 or 16 bits a channel.")
