"""What hashing a picture will take, known from its header: nothing is decoded that would not fit.

The figures were measured with the largest picture each of them allows; the tests measure them again.
"""

from io import SEEK_CUR

from PIL import Image, JpegImagePlugin

MEMORY_BYTES = 101_000_000
"""What hashing one picture may take: with the interpreter and the compiler's library less than 256 MB in all."""

# Bytes a pixel, as Pillow stores it.
_STORED_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
_OTHER_MODES_BYTES = 4
# What a decoder holds beside the picture: measured, with the largest picture allowed.
_BESIDE_BYTES = {"GIF": 1, "WEBP": 12}
_BYTES_A_COLUMN = 64 * 4
_JPEG_SCAN = 0xDA
# Frames, tables, application data, comments: everything with a length after its marker.
_JPEG_SEGMENTS = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xF0), 0xFE})

_GREY_MODES = frozenset({"1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "I;16N"})
_ORIENTATION_TAG = 0x0112


def memory_bytes(picture: Image.Image, scale: int = 1) -> int:
    """`scale`: how many pixels of the file along each axis are read as one."""
    pixel: float = _STORED_BYTES.get(picture.mode, _OTHER_MODES_BYTES)
    if picture.format == "TIFF":
        # A compressed one may be a single strip as large as the picture; a turned one is turned into a second picture.
        pixel *= 2 if exif_orientation(picture) == 1 else 3
    elif isinstance(picture, JpegImagePlugin.JpegImageFile):
        pixel += _coefficient_bytes(picture) * scale**2
    else:
        pixel += _BESIDE_BYTES.get(picture.format or "", 0)
    channels = 1 if picture.mode in _GREY_MODES else 3
    return int(pixel * picture.width * picture.height) + channels * _BYTES_A_COLUMN * max(picture.size)


def _coefficient_bytes(picture: JpegImagePlugin.JpegImageFile) -> float:
    """For each pixel: a JPEG in several scans is held as the coefficients of all its blocks until the last has come."""
    if not picture.layer or _is_in_one_scan(picture):
        return 0
    _, across, down, _ = zip(*picture.layer, strict=True)
    blocks = sum(h * v for h, v in zip(across, down, strict=True))
    return 2.0 * float(blocks) / float(max(max(across) * max(down), 1))


def _is_in_one_scan(picture: JpegImagePlugin.JpegImageFile) -> bool:
    """Does the first scan hold every layer? A progressive file has many scans, and another file may have them too."""
    if picture.fp is None or picture.info.get("progressive"):
        return False
    before = picture.fp.tell()
    picture.fp.seek(2)
    try:
        while (segment := picture.fp.read(4))[:1] == b"\xff" and len(segment) == 4 and segment[1] in _JPEG_SEGMENTS:
            if segment[1] == _JPEG_SCAN:
                return picture.fp.read(1) == bytes([picture.layers])
            picture.fp.seek(int.from_bytes(segment[2:]) - 2, SEEK_CUR)
        # Bytes between the segments: libjpeg may find its way through them, but this walk does not.
        return False
    finally:
        picture.fp.seek(before)


def exif_orientation(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:
        # A damaged EXIF block says nothing about the pixels: hash them as they lie.
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
