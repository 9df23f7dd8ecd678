"""The journal of a changing index: what was added and withdrawn since its snapshot, one checksummed record each.

Format, little-endian: 32 ASCII characters, the journal's name; then records of kind (1 byte), count of ids (4 bytes),
CRC-32 of what follows (4 bytes), the ids (8 bytes each), and for additions as many hashes (32 bytes each).
A record that a crash cut short was never acknowledged; readers stop before it and the next writer cuts it off.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from struct import Struct
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tutela.matching.segment import HASH_BYTES

NAME_BYTES = 32
_HEAD = Struct("<BII")
_ADDED, _WITHDRAWN = 1, 2


class Change(NamedTuple):
    ids: NDArray[np.int64]
    hashes: NDArray[np.uint8] | None
    """None where the ids are withdrawn."""
    end: int
    """Where in the journal the next record begins."""


def write_journal(path: Path, records: bytes = b"") -> str:
    """Starts a journal under a new name, with these records already in it; returns the name."""
    name = token_hex(NAME_BYTES // 2)
    with path.open("wb") as stream:
        stream.write(name.encode("ascii") + records)
        stream.flush()
        os.fsync(stream.fileno())
    return name


def journal_name(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.read(NAME_BYTES).decode("ascii", errors="replace")


def append(path: Path, end: int, ids: NDArray[np.int64], hashes: NDArray[np.uint8] | None) -> None:
    """Writes one record at `end`, cutting off whatever a crash left behind it, and synchronises it to the disk."""
    body = ids.astype("<i8").tobytes() + (b"" if hashes is None else np.ascontiguousarray(hashes).tobytes())
    kind = _WITHDRAWN if hashes is None else _ADDED
    with path.open("r+b") as stream:
        stream.truncate(end)
        stream.seek(end)
        stream.write(_HEAD.pack(kind, len(ids), crc32(body)) + body)
        stream.flush()
        os.fsync(stream.fileno())


def changes(path: Path, begin: int) -> Iterator[Change]:
    """The whole records from `begin` on."""
    with path.open("rb") as stream:
        stream.seek(begin)
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            kind, count, checksum = _HEAD.unpack(head)
            size = count * (8 + HASH_BYTES * (kind == _ADDED))
            body = stream.read(size) if kind in (_ADDED, _WITHDRAWN) else b""
            if len(body) != size or crc32(body) != checksum or kind not in (_ADDED, _WITHDRAWN):
                return
            ids = np.frombuffer(body, dtype="<i8", count=count).astype(np.int64)
            hashes = np.frombuffer(body, dtype=np.uint8, offset=8 * count).reshape(-1, HASH_BYTES)
            yield Change(ids, hashes.copy() if kind == _ADDED else None, stream.tell())
