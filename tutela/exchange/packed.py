"""A file as its reader wants it: unpacked while it is read, without a byte order mark, never growing without end."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

# Lists of hashes shrink to a half, JSON around them to a tenth; a file that is made to burst grows a thousandfold.
_MOST_GROWTH = 200
_ALWAYS_ALLOWED_BYTES = 64 * 1024 * 1024
_GZIP, _ZIP, _UTF8_MARK, _UTF16_MARKS = b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


class BadFile(ValueError):
    """This file cannot be read; the message says why and what to do."""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """A stream that can be rewound, at its first byte of text. Raises BadFile, also while it is read."""
    try:
        with path.open("rb") as packed, _opened(packed) as stream:
            limit = max(_ALWAYS_ALLOWED_BYTES, _MOST_GROWTH * path.stat().st_size)
            text = cast(BinaryIO, BufferedReader(_Bounded(stream, limit)))
            _skip_mark(text)
            yield text
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        raise BadFile("This archive is damaged, cut short or locked with a password; unpack it by hand.") from error
    except OSError as error:
        raise BadFile(f"This file cannot be read: {error.strerror or type(error).__name__}.") from error


@contextmanager
def _opened(packed: BinaryIO) -> Iterator[IO[bytes]]:
    head = packed.read(4)
    packed.seek(0)
    if head.startswith(_GZIP):
        with gzip.open(packed) as stream:
            yield cast(IO[bytes], stream)
    elif head.startswith(_ZIP):
        with zipfile.ZipFile(packed) as archive, archive.open(_only_member(archive)) as stream:
            yield stream
    else:
        yield packed


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """What an archiver adds by itself is no member that anybody meant."""
    members = [
        member for member in archive.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise BadFile(f"This archive holds {len(members)} files; unpack it and import them one by one.")
    return members[0]


def _skip_mark(stream: BinaryIO) -> None:
    head = stream.read(3)
    if head.startswith(_UTF16_MARKS):
        raise BadFile("This file is UTF-16; save it as UTF-8.")
    stream.seek(3 if head == _UTF8_MARK else 0)


class _Bounded(RawIOBase):
    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._limit = stream, limit

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0, /) -> int:
        return self._stream.seek(place, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, into: Any, /) -> int:
        piece = self._stream.read(len(into))
        if self._stream.tell() > self._limit:
            raise BadFile("This archive grows without end when it is unpacked; it was not read.")
        into[: len(piece)] = piece
        return len(piece)
