"""One file to one lead: its digests, and how a picture or a video looks, from one reading of its bytes."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tutela.matching.digests import Digests
from tutela.provider.files import shown
from tutela.provider.leads import Lead

# What is longer is read in pieces and never held; what it shows is decoded from the file itself.
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
    if len(held) <= HELD_BYTES:
        seen = _seen(BytesIO(held))
    else:
        del held
        for piece in _pieces(stream):
            digests.update(piece)
        seen = _seen_anew(stream, digests.size)
    return Lead(
        name=name,
        at=at,
        size_bytes=digests.size,
        md5=digests.md5,
        sha1=digests.sha1,
        sha256=digests.sha256,
        **seen._asdict(),
    )


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    return iter(partial(stream.read, _PIECE_BYTES), b"")


class _Seen(NamedTuple):
    """What a lead says of how a file looks."""

    pdq: str | None = None
    quality: int | None = None
    frames: tuple[str, ...] | None = None
    refused: str | None = None


def _seen(stream: BinaryIO) -> _Seen:
    from tutela.matching.hashers import NotAPicture, PictureRefused, hash_picture

    try:
        found = hash_picture(stream)
    except NotAPicture as refusal:
        stream.seek(0)
        return _video(stream, str(refusal))
    except PictureRefused as refusal:
        return _Seen(refused=str(refusal))
    return _Seen(found.pdq.hex(), found.quality)


def _video(stream: BinaryIO, no_picture: str) -> _Seen:
    from tutela.matching.frames import frame_lines
    from tutela.matching.video import VideoRefused, hash_video

    try:
        found = hash_video(stream)
    except VideoRefused as refusal:
        return _Seen(refused=f"{no_picture} {refusal}")
    return _Seen(frames=tuple(frame_lines(found.frames).splitlines()), refused=found.missing)


def _seen_anew(stream: BinaryIO, size: int) -> _Seen:
    if not stream.seekable():
        return _Seen(refused="This is too long to be looked at from standard input; name the file.")
    stream.seek(0)
    seen = _seen(stream)
    # Digests of one content must never stand beside the picture hash of another.
    if stream.seek(0, 2) != size:
        return _Seen(refused="This file changed while it was read; hash it again.")
    return seen
