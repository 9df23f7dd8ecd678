"""Media smuggled into a text: the house takes hashes and facts, so a picture in any field is refused before it is kept.

Found: the heads of common picture, film, document and archive formats, raw or written as base64, base64url, base32,
hex, ascii85, percent or quoted-printable escapes, with line breaks or inside a longer text, and these in one another
three deep; data addresses; heads cut into short fields of one message. Not found: what is encrypted or compressed by
something unknown, a file whose head was cut off or altered, letters swapped or reversed, formats without a head (raw
pixels, text art), and vector drawings other than SVG. It stops accidents and simple tricks, no determined sender.
"""

import base64
import binascii
import html
import re
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel

# The smallest picture of anything has over 60 bytes; 40 characters of base64 are 30, less than any head and content.
SHORTEST = 40
NESTING = 3
_DECODED = 64 * 1024

# Each alternative begins with a literal byte, so that `re` skips through the rest of the text quickly.
_HEADS = re.compile(
    rb"\xff\xd8\xff[\xe0-\xef]..(?:JFIF|JFXX|Exif|Adobe|ICC_|SPIFF|http|Phot|Duck)"
    rb"|\xff\xd8\xff\xdb\x00[\x43\x84][\x00-\x03]|\xff\xd8\xff\xc0\x00\x11\x08|\xff\xd8\xff\xfe\x00.[ -~]{4}"
    rb"|\x89PNG\r?\n?\x1a|GIF8[79]a.{5}\x00|RIFF.{4}(?:WEBP|AVI )"
    rb"|BM.{4}\x00{4}.{2}\x00\x00[\x0c\x28\x38\x40\x6c\x7c]\x00{3}"
    rb"|II\*\x00.[\x00-\x7f]\x00\x00|MM\x00\*\x00\x00..|II\+\x00\x08\x00|MM\x00\+\x00\x08"
    rb"|ftyp(?:avif|avis|heic|heix|hevc|mif1|msf1|isom|iso[2-9]|mp4[12]|M4[AVP] |qt  |dash|3g[p2][1-9a]|avc1|MSNV|crx )"
    rb"|moov.{4}mvhd|\x1aE\xdf\xa3.{1,60}(?:webm|matroska)|%PDF-[12]\.\d\s"
    rb"|PK\x03\x04[\x0a-\x3f]\x00|7z\xbc\xaf'\x1c|Rar!\x1a\x07[\x00\x01]|\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]"
    rb"|\xfd7zXZ\x00|BZh[1-9]1AY&SY|8BPS\x00[\x01\x02]\x00{6}|\x00\x00[\x01\x02]\x00[\x01-\x20]\x00.{3}\x00[\x00\x01]\x00"
    rb"|\x0cjP  \r\n\x87\n|\x0cJXL \r\n\x87\n|FLV\x01[\x01\x04\x05]\x00{3}\x09|0&\xb2u\x8ef\xcf\x11|OggS\x00\x02"
    rb"|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|qoif\x00\x00..\x00\x00..[\x03\x04][\x00\x01]",
    re.DOTALL,
)
_NAMES = {
    b"\xff\xd8": "JPEG", b"\x89P": "PNG", b"GI": "GIF", b"RI": "WebP or AVI", b"BM": "BMP", b"II": "TIFF",
    b"MM": "TIFF", b"ft": "HEIF, AVIF or MP4",
    b"mo": "MOV", b"\x1aE": "WebM or Matroska", b"%P": "PDF", b"PK": "ZIP", b"7z": "7z",
    b"Ra": "RAR", b"\x1f\x8b": "gzip", b"\xfd7": "xz", b"BZ": "bzip2", b"8B": "PSD", b"\x00\x00": "ICO",
    b"\x0cj": "JPEG 2000", b"\x0cJ": "JPEG XL", b"FL": "FLV", b"0&": "WMV", b"Og": "Ogg",
    b"\xd0\xcf": "Office document", b"qo": "QOI",
}  # fmt: skip
_PRINTABLE = bytes([*range(32, 127), 9, 10, 13])
_JPEG_START = re.compile(rb"\xff\xd8\xff[\xc0-\xcf\xdb\xdd\xe0-\xef\xfe]")

_DATA_ADDRESS = re.compile(r"data:(?:image|video|audio|application)/[\w.+-]{1,60}[;,]\S{16}", re.IGNORECASE)
_SVG = re.compile(r"<svg[\s>].{0,2000}?www\.w3\.org/2000/svg", re.IGNORECASE | re.DOTALL)
_BINARY = re.compile("[\x00-\x08\x0e-\x1f\x80-\xff]|%PDF-")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}")
_HEX = re.compile(r"[0-9A-Fa-f]{60,}")
_ESCAPE = re.compile(r"\\(?:x|u00)([0-9A-Fa-f]{2})")
_HEX_NOISE = re.compile(r"\\x|0x|[\s,:;-]")
_BASE64_OF_JPEG = re.compile(r"[/_]9j[/_]")
# These alphabets make words of ordinary prose: only the first letters of a head are looked for, and read on from there.
_HEAD_STARTS = (
    b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe2", b"\xff\xd8\xff\xdb", b"\xff\xd8\xff\xee", b"\x89PNG",
    b"GIF8", b"RIFF", b"%PDF", b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"II*\x00", b"MM\x00*", b"\x1aE\xdf\xa3",
)  # fmt: skip
_STARTS = [
    (decode, encode(head).decode()[:letters], group)
    for encode, decode, letters, group in (
        (base64.a85encode, base64.a85decode, 5, 5),
        (base64.b85encode, base64.b85decode, 5, 5),
        (base64.b32encode, base64.b32decode, 6, 8),
    )
    for head in _HEAD_STARTS
]
_RUN = re.compile(r"[!-~]{5,160}")


class MediaRefused(ValueError):
    """A field holds a file. Names the place and the format found; the content is not repeated."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(f"{path} holds a file ({found}); send its hashes instead and keep the original yourself.")
        self.path = path
        self.found = found


def find_media(value: str | bytes) -> str | None:
    """The name of the first format found in `value`, or None."""
    return _in_bytes(value, NESTING) if isinstance(value, bytes) else _in_text(value, NESTING)


def check_no_media(message: BaseModel | dict[str, object]) -> None:
    """Looks at every text of a message, and at its short texts in a row. Raises `MediaRefused`."""
    short = []
    for path, text in _texts(message, ""):
        if len(text) < SHORTEST:
            short.append(text)
        elif found := _in_text(text, NESTING):
            raise MediaRefused(path, found)
    if found := _in_text("".join(short), NESTING):
        raise MediaRefused("the message, its short fields read in a row,", found)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        # A field left at its default holds nothing that was sent.
        for name in value.model_fields_set:
            yield from _texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for number, (key, inner) in enumerate(value.items()):
            # A key is the sender's text too: looked at, and shown only where it is a plain word.
            yield from _texts(key, f"{path}(key {number})")
            shown = key if isinstance(key, str) and key.isidentifier() and len(key) <= 40 else f"({number})"
            yield from _texts(inner, f"{path}.{shown}" if path else shown)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{number}]")
    elif isinstance(value, bytes) and (found := _in_bytes(value, NESTING)):
        raise MediaRefused(path, found)


def _in_bytes(data: bytes, nesting: int) -> str | None:
    if found := _head(data) or _inflated(data):
        return found
    # Text again: one encoding inside another.
    sample = data[:256]
    if nesting and len(sample) >= SHORTEST and len(sample.translate(None, _PRINTABLE)) < 0.1 * len(sample):
        return _in_text(data.decode("latin-1"), nesting - 1)
    return None


def _head(data: bytes) -> str | None:
    if match := _HEADS.search(data):
        return _NAMES[match[0][:2]]
    return "JPEG" if _starts_as_jpeg(data) else None


def _starts_as_jpeg(data: bytes) -> bool:
    """Three fixed bytes are too few for a hash not to have them: the first segment must end where the next begins."""
    if not _JPEG_START.match(data):
        return False
    end = 4 + int.from_bytes(data[4:6], "big")
    return data[end : end + 1] == b"\xff" if end < len(data) else end < 0x200 and len(data) < end


def _inflated(data: bytes) -> str | None:
    if len(data) < 16 or data[0] != 0x78 or int.from_bytes(data[:2], "big") % 31:
        return None
    try:
        return _head(zlib.decompressobj().decompress(data, 4096))
    except zlib.error:
        return None


def _in_text(text: str, nesting: int) -> str | None:
    if len(text) < SHORTEST:
        return None
    if _DATA_ADDRESS.search(text):
        return "data address"
    if _SVG.search(text):
        return "SVG"
    if _BINARY.search(text) and (found := _head(text.encode("latin-1", "ignore"))):
        return found
    for decoded in _decodings(text):
        if found := _in_bytes(decoded, nesting):
            return found
    return None


def _decodings(text: str) -> Iterator[bytes]:
    yield from _unescaped(text)
    compact = "".join(text.split()).replace("\\n", "").replace("\\r", "").replace("\\/", "/")
    for run in _BASE64.finditer(compact):
        yield from _from_base64(run[0])
    for run in _HEX.finditer(_HEX_NOISE.sub("", text)):
        digits = run[0][:_DECODED]
        yield bytes.fromhex(digits[: len(digits) // 2 * 2])
        yield bytes.fromhex(digits[1 : 1 + (len(digits) - 1) // 2 * 2])
    for decode, start, group in _STARTS:
        place = compact.find(start)
        if place >= 0 and (found := _RUN.match(compact, place)):
            part = found[0].split("~>")[0].rstrip("=")
            yield from _tried(decode, part[: len(part) // group * group])


def _unescaped(text: str) -> Iterator[bytes]:
    if text.count("%") >= 4:
        yield unquote_to_bytes(text)
    if text.count("=") >= 4:
        yield binascii.a2b_qp(text.encode("latin-1", "ignore"))
    if text.count("\\") >= 4:
        plain = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\'", "'")
        yield _ESCAPE.sub(lambda pair: chr(int(pair[1], 16)), plain).encode("latin-1", "ignore")
    if text.count("&") >= 4:
        yield html.unescape(text).encode("latin-1", "ignore")


def _from_base64(run: str) -> Iterator[bytes]:
    """From each of the four letters it may begin at, and from wherever the letters of a JPEG's head stand."""
    run = run[:_DECODED].replace("-", "+").replace("_", "/")
    starts = [0, 1, 2, 3, *(match.start() for match in _BASE64_OF_JPEG.finditer(run))]
    for start in starts[:20]:
        part = run[start:]
        yield binascii.a2b_base64(part[: len(part) // 4 * 4])


def _tried(decode: Callable[[str], bytes], run: str) -> Iterator[bytes]:
    try:
        yield decode(run)
    except ValueError:
        return
