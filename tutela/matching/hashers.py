"""From a picture's bytes to its PDQ hash; the pixels live only inside the call."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

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

from tutela.matching.picture_memory import MEMORY_BYTES, exif_orientation, memory_bytes

if TYPE_CHECKING:
    from tutela.matching.pdq import Bands

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

MAX_PIXELS = 150_000_000
"""Whatever the format. What fits in memory is less for most of them."""

# A JPEG may be decoded at a fraction of its size where PDQ's window still is this many coarse pixels wide.
_SCALES = (8, 4, 2)
_COARSE_PIXELS_A_WINDOW = 3
# Rows are converted a few at a time: every other step holds the whole picture.
_STRIP_PIXELS = 1 << 18
# EXIF orientation 1 to 8: are the stored rows back to front, are the columns, do rows stand for columns?
_MIRRORED_ROWS = frozenset({3, 4, 6, 7})
_MIRRORED_COLUMNS = frozenset({2, 3, 7, 8})
_TRANSPOSED = frozenset({5, 6, 7, 8})
_DIRECT_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "LAB", "HSV"})
_SIXTEEN_BIT_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})

ToPixels: TypeAlias = Callable[[Image.Image], NDArray[np.uint8]]


class PictureRefused(ValueError):
    """No hash can be made of this; the message says why in a sentence a person can act on."""


class NotAPicture(PictureRefused):
    """In none of the formats that are read: it may be something else."""


@dataclass(frozen=True, slots=True)
class PictureHash:
    """A PDQ hash (32 bytes) and how much it is worth (0 to 100; below 50 a match means little)."""

    pdq: bytes
    quality: int


def hash_picture(data: bytes | BinaryIO, *, luminance_only: bool = False) -> PictureHash:
    """PDQ of the first frame, upright as its EXIF orientation says; raises `PictureRefused`, never anything else.

    `luminance_only` lets a JPEG decoder skip the colours, and of a large picture the detail that PDQ blurs away: up to
    three times as fast, and at most 2 bits away. A JPEG that is too large to be decoded otherwise is always read so.
    """
    (samples,) = _picture_samples(data, luminance_only=luminance_only, is_turned=False)
    return _hash(samples)


def hash_picture_turned(data: bytes | BinaryIO) -> list[PictureHash]:
    """The picture and its seven other turns and mirrorings, decoded once: for asking, never for listing.

    Each is the very hash the turned picture has. PDQ's authors derive them from one spectrum, which is off by a pixel
    along each mirrored axis and loses pictures of fine texture.
    """
    upright = _picture_samples(data, luminance_only=False, is_turned=True)
    return [_hash(samples) for samples in [*upright, *(samples.T.copy() for samples in upright)]]


def _hash(samples: NDArray[np.float32]) -> PictureHash:
    from tutela.matching import pdq

    return PictureHash(pdq.hash_bits(pdq.frequencies(samples)), pdq.quality(samples))


def _picture_samples(data: bytes | BinaryIO, *, luminance_only: bool, is_turned: bool) -> list[NDArray[np.float32]]:
    stream = BytesIO(data) if isinstance(data, bytes) else data
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=FORMATS) as picture:
                _check_size(picture)
                size, scale = picture.size, 1
                if luminance_only or memory_bytes(picture) > MEMORY_BYTES:
                    scale = _draft_luminance(picture)
                _check_memory(picture, scale)
                return _samples(picture, size, scale, is_turned)
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise NotAPicture(f"This is no picture in a format we read ({', '.join(FORMATS)}).") from None
    except (Image.DecompressionBombError, MemoryError):
        raise PictureRefused(_too_large(MAX_PIXELS)) from None
    except Exception:
        # Decoders raise whatever they like on hostile bytes; to the caller all of it is one thing.
        raise PictureRefused("This picture is damaged or cut short and cannot be decoded.") from None


def _check_size(picture: Image.Image) -> None:
    from tutela.matching.pdq import MIN_SIDE

    if picture.width * picture.height > MAX_PIXELS:
        raise PictureRefused(_too_large(MAX_PIXELS))
    if min(picture.size) < MIN_SIDE:
        raise PictureRefused(f"This picture is smaller than {MIN_SIDE} pixels a side; no PDQ hash is defined for it.")


def _draft_luminance(picture: Image.Image) -> int:
    """How many pixels along each axis will be read as one. Only JPEG can be read so; of others nothing changes."""
    from tutela.matching.pdq import window_of

    window = window_of(min(picture.size))
    scale = next((scale for scale in _SCALES if window >= scale * _COARSE_PIXELS_A_WINDOW), 1)
    drafted = picture.draft("L", (picture.width // scale, picture.height // scale))
    return 1 if drafted is None else scale


def _check_memory(picture: Image.Image, scale: int) -> None:
    if (needed := memory_bytes(picture, scale)) > MEMORY_BYTES:
        most = picture.width * picture.height * scale**2 * MEMORY_BYTES // needed
        raise PictureRefused(_too_large(most))


def _too_large(most_pixels: int) -> str:
    return (
        f"This picture is too large: at most {most_pixels / 1e6:.1f} million pixels of its kind can be hashed safely."
    )


def _orientation(picture: Image.Image) -> int:
    # The TIFF decoder has turned it already.
    return 1 if picture.format == "TIFF" else exif_orientation(picture)


def _samples(picture: Image.Image, size: tuple[int, int], scale: int, is_turned: bool) -> list[NDArray[np.float32]]:
    """64 by 64 samples of the upright picture, and if wanted of its mirrorings along one axis, the other, and both.

    Turning is done on the filters, so no second picture is ever made.
    """
    from tutela.matching import pdq

    to_pixels, orientation = _conversion(picture.mode), _orientation(picture)
    picture.load()
    # Of a turned TIFF the size is known only now; of a picture that is read more coarsely it was known before.
    width, height = picture.size if scale == 1 else size
    found = []
    for down in _ways(height, orientation in _MIRRORED_ROWS, scale, is_turned):
        tall = _tall(picture, to_pixels, down)
        for across in _ways(width, orientation in _MIRRORED_COLUMNS, scale, is_turned):
            samples = pdq.blur_across(tall, across)
            found.append(samples.T.copy() if orientation in _TRANSPOSED else samples)
    return found


def _ways(pixels: int, is_mirrored: bool, scale: int, both: bool) -> "list[Bands]":
    from tutela.matching.pdq import bands_along

    ways = [bands_along(pixels)]
    if is_mirrored or both:
        ways.insert(0 if is_mirrored else 1, ways[0].mirrored(pixels))
    return [way.folded(scale) if scale > 1 else way for way in ways[: 2 if both else 1]]


def _tall(picture: Image.Image, to_pixels: ToPixels, down: "Bands") -> NDArray[np.float32]:
    """64 rows of luminances, as wide as the picture."""
    from tutela.matching import pdq

    strips = _strips(picture, to_pixels)
    first = next(strips)
    tall = np.zeros((pdq.SAMPLES, first[1].shape[1]), dtype=np.float32)
    for top, strip in chain([first], strips):
        pdq.blur_down(strip, top, down, tall)
    return pdq.luminance(tall) if tall.shape[1] > picture.width else tall


def _strips(picture: Image.Image, to_pixels: ToPixels) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Rows of grey, or of red, green, blue, red, …; a few at a time: converting a whole picture would hold it twice."""
    height = max(1, _STRIP_PIXELS // picture.width)
    for top in range(0, picture.height, height):
        box = (0, top, picture.width, min(top + height, picture.height))
        strip = picture if box == (0, 0, *picture.size) else picture.crop(box)
        yield top, to_pixels(strip).reshape(strip.height, -1)


def _conversion(mode: str) -> ToPixels:
    if mode in ("L", "RGB"):
        return np.asarray
    # Transparency is dropped, as PDQ's published tools do: what is hidden under it is hashed.
    if mode in _DIRECT_MODES:
        return lambda strip: np.asarray(strip.convert("L" if mode in ("1", "LA") else "RGB"))
    if mode in _SIXTEEN_BIT_MODES:
        return lambda strip: (np.clip(np.asarray(strip), 0, 65_535) >> 8).astype(np.uint8)
    raise PictureRefused("This picture stores its pixels in a way we do not read; save it with 8 or 16 bits a channel.")
