"""One file to one lead: its digests, and where it is a picture its PDQ hash, from one reading of its bytes."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from tutela.matching.digests import Digests
from tutela.provider.files import shown
from tutela.provider.leads import Lead

# What is longer is read in pieces and never held; a picture in it is decoded from the file itself.
HELD_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024


def hash_file(path: Path) -> Lead:
    """Never raises for what a file is or holds: `refused` says why there is no PDQ hash, or no digest either."""
    name = shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return _unread(name, "This is no file with bytes of its own.")
        with path.open("rb") as stream:
            return hash_stream(name, stream)
    except OSError as error:
        return _unread(name, f"This file cannot be read: {error.strerror}.")
    except ValueError:
        return _unread(name, "This is no path of a file.")


def was_read(lead: Lead) -> bool:
    """Is anything known of it that can be compared?"""
    return lead.refused is None or any((lead.md5, lead.sha1, lead.sha256, lead.pdq))


def left_out(path: Path, why: str) -> Lead:
    return _unread(shown(path), why)


def _unread(name: str, why: str) -> Lead:
    return Lead(name=name, at=datetime.now(UTC), refused=why)


def hash_stream(name: str, stream: BinaryIO) -> Lead:
    """Raises OSError. A stream that cannot be rewound gives a PDQ hash up to `HELD_BYTES`."""
    at = datetime.now(UTC)
    held = stream.read(HELD_BYTES + 1)
    digests = Digests.of([held])
    pdq, quality, refused = None, None, None
    if len(held) <= HELD_BYTES:
        pdq, quality, refused = _picture(BytesIO(held))
    else:
        del held
        for piece in _pieces(stream):
            digests.update(piece)
        pdq, quality, refused = _large_picture(stream, digests.size)
    return Lead(
        name=name,
        at=at,
        size_bytes=digests.size,
        md5=digests.md5,
        sha1=digests.sha1,
        sha256=digests.sha256,
        pdq=pdq,
        quality=quality,
        refused=refused,
    )


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    return iter(partial(stream.read, _PIECE_BYTES), b"")


def _picture(stream: BinaryIO) -> tuple[str | None, int | None, str | None]:
    from tutela.matching.hashers import PictureRefused, hash_picture

    try:
        found = hash_picture(stream)
    except PictureRefused as refusal:
        return None, None, str(refusal)
    return found.pdq.hex(), found.quality, None


def _large_picture(stream: BinaryIO, size: int) -> tuple[str | None, int | None, str | None]:
    if not stream.seekable():
        return None, None, "This is too long to be looked at as a picture from standard input; name the file."
    stream.seek(0)
    found = _picture(stream)
    # Digests of one content must never stand beside the picture hash of another.
    if stream.seek(0, 2) != size:
        return None, None, "This file changed while it was read; hash it again."
    return found
