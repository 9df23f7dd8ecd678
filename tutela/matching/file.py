"""An index as one file: mapped, not read; shared by every process that opens it; written whole or not at all.

Format, version 1, little-endian:

    0   8 bytes   "TUTELAIX"
    8   4 bytes   version
    12  4 bytes   length of the description
    16  32 bytes  SHA-256 of the description
    48            the description: JSON in ASCII, then zeros up to a multiple of 64
                  {"name": 32 hexadecimal digits, drawn when the file is written,
                   "applied": {name of a journal: bytes of it that are already in here},
                   "segments": [{"rows", "tabled", "first_id", "id_bytes", "sha256"}, …]}
                  the segments' blocks, one after the other, laid out as `segment.layout_of` says
"""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.index import Index
from tutela.matching.segment import ALIGNMENT, BUCKET_COUNT, ID_BYTES, MAX_ROWS, Part, Segment, layout_of

MAGIC = b"TUTELAIX"
VERSION = 1
_HEAD = Struct("<8sII32s")
_MAX_DESCRIPTION = 1 << 24


class BadIndexFile(ValueError):
    """The file is no index, of another version, or damaged; the message says what to do."""


class Contents(NamedTuple):
    """An opened file: the index, the file's own name, and how far which journals are already in it."""

    opened: Index
    name: str
    applied: dict[str, int]


def write_index(path: Path, index: Index, applied: dict[str, int] | None = None) -> str:
    """Writes beside the path, then renames: a crash leaves the old file. Returns the new file's name."""
    index.settled()
    name = token_hex(16)
    description = _description(name, index, applied or {})
    draft = path.with_name(f".{path.name}.{name}")
    try:
        with draft.open("wb") as stream:
            stream.write(_HEAD.pack(MAGIC, VERSION, len(description), sha256(description).digest()))
            stream.write(description.ljust(_blocks_begin(len(description)) - _HEAD.size, b"\0"))
            for segment in index.segments:
                stream.write(segment.memory.data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)
    return name


def open_index(path: Path, *, check_contents: bool = True) -> Contents:
    """Maps the file. Withdrawals made on the index stay in this process; see `store` for sharing them.

    With `check_contents` every byte is compared with its checksum (about a second for ten million hashes). Without,
    only what the search's safety depends on is checked, in milliseconds: for files that were checked before.
    """
    if sys.byteorder != "little":
        raise BadIndexFile("Index files can be opened on little-endian machines only; build the index here instead.")
    try:
        # Copy-on-write: pages are shared by all processes until one of them sets a withdrawal bit.
        memory = np.memmap(path, dtype=np.uint8, mode="c").view(np.ndarray)
    except ValueError:
        raise BadIndexFile("This index file is empty; build it again.") from None
    description, begin = _read_description(memory)
    segments = []
    for said in description["segments"]:
        segment, end = _read_segment(memory, begin, said)
        if check_contents and sha256(segment.memory.data).hexdigest() != said["sha256"]:
            raise BadIndexFile("The contents of this index file are damaged; copy or build it again.")
        segments.append(segment)
        begin = end
    if begin != len(memory):
        raise BadIndexFile("This index file has bytes after its end; copy or build it again.")
    return Contents(Index(tuple(segments)), description["name"], description["applied"])


def sync_directory(directory: Path) -> None:
    """Makes a rename durable, where directories can be synchronised at all."""
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _description(name: str, index: Index, applied: dict[str, int]) -> bytes:
    segments = [
        {
            "rows": len(segment),
            "tabled": not segment.is_plain,
            "first_id": segment.first_id,
            "id_bytes": segment.id_bytes,
            "sha256": sha256(segment.memory.data).hexdigest(),
        }
        for segment in index.segments
    ]
    return json.dumps({"name": name, "applied": applied, "segments": segments}).encode("ascii")


def _blocks_begin(description_bytes: int) -> int:
    return -(-(_HEAD.size + description_bytes) // ALIGNMENT) * ALIGNMENT


def _read_description(memory: NDArray[np.uint8]) -> tuple[dict[str, Any], int]:
    if len(memory) < _HEAD.size:
        raise BadIndexFile("This is no index file, or only the beginning of one; build it again.")
    magic, version, length, digest = _HEAD.unpack(memory[: _HEAD.size].tobytes())
    if magic != MAGIC:
        raise BadIndexFile("This is no index file of Tutela.")
    if version != VERSION:
        raise BadIndexFile(
            f"This index file has version {version}; this program reads version {VERSION}. Build it again."
        )
    text = memory[_HEAD.size : _HEAD.size + min(length, _MAX_DESCRIPTION)].tobytes()
    if len(text) != length or sha256(text).digest() != digest:
        raise BadIndexFile("The description of this index file is damaged; copy or build it again.")
    # The digest holds, so what follows is what `write_index` wrote; only a deliberate forger gets past it.
    described: dict[str, Any] = json.loads(text)
    return described, _blocks_begin(length)


def _read_segment(memory: NDArray[np.uint8], begin: int, said: dict[str, Any]) -> tuple[Segment, int]:
    rows, tabled, id_bytes = said["rows"], said["tabled"], said["id_bytes"]
    if not 0 < rows <= MAX_ROWS or id_bytes not in ID_BYTES:
        raise BadIndexFile("The description of this index file is not possible; build it again.")
    end = begin + int(layout_of(rows, tabled, id_bytes)[Part.END])
    if end > len(memory):
        raise BadIndexFile("This index file is cut short; copy or build it again.")
    segment = Segment(memory[begin:end], rows, tabled, said["first_id"], id_bytes)
    offsets = segment.tables.offsets
    # The search trusts these to stay inside the block, so they are looked at every time.
    if tabled and not ((offsets[:, 0] == 0).all() and (offsets[:, BUCKET_COUNT] == rows).all() and _rising(offsets)):
        raise BadIndexFile("The tables of this index file are damaged; copy or build it again.")
    segment.survey()
    return segment, end


def _rising(offsets: NDArray[np.uint32]) -> bool:
    return bool((offsets[:, 1:] >= offsets[:, :-1]).all())
