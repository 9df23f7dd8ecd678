"""Signed lists on the wire: a head, the parts of a snapshot, changes.

head        a signed statement of kind "list-head" (see `seals.signatures`); its body is `HeadBody`
part        gzip of JSON Lines, one `ListedEntry` a line, at most 50,000 lines
change      gzip of JSON Lines, one `Change` a line: an entry that is put, or the reference of one that is dropped

A put takes the place of an entry of the same reference; a drop is a tombstone: whoever has it deletes it. An entry
counts as dropped from its `expires_on` on. Values are written as `matching.hashes.hash_text` writes them. The head
signs size and digest of every file that can be had: nothing is read further than was signed, nothing is unpacked that
was not, and unpacking is bounded all the same. A snapshot of an empty list has one part without a line.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from tutela.matching.hashes import BadHash, Kind, hash_text, parse_hash
from tutela.matching.lists import BadList, File, Head, Snapshot

HEAD_KIND: Final = "list-head"
MOST_LINES: Final = 50_000
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
_LARGEST_UNPACKED_BYTES: Final = 8 * LARGEST_FILE_BYTES
_MOST_FILES: Final = 4_096
LONGEST_WORD: Final = 500

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reference = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(max_length=LONGEST_WORD)]
Count = Annotated[int, Field(ge=0, le=2**53)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Line = TypeVar("Line", bound=_Strict)


class ListedEntry(_Strict):
    """What a list says of one value. The same reference may stand for one value only."""

    reference: Reference
    kind: Kind
    value: Annotated[str, Field(max_length=400_000)]
    tier: Word = ""
    classification: Word = ""
    expires_on: date | None = None

    def decoded(self) -> bytes:
        """Raises BadHash."""
        # An address is listed by its key, which is spelled as every SHA-256 is.
        return parse_hash("sha256" if self.kind == "url" else self.kind, self.value)

    @classmethod
    def of(cls, reference: str, kind: Kind, value: bytes, **more: str) -> "ListedEntry":
        text = hash_text("sha256" if kind == "url" else kind, value)
        return cls.model_validate({"reference": reference, "kind": kind, "value": text, **more})


class Change(_Strict):
    put: ListedEntry | None = None
    drop: Reference | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Change":
        if (self.put is None) == (self.drop is None):
            raise ValueError("a change either puts an entry or drops a reference")
        return self


class FileBody(_Strict):
    sha256: Hex
    size_bytes: Annotated[int, Field(gt=0, le=LARGEST_FILE_BYTES)]

    def file(self) -> File:
        return File(self.sha256, self.size_bytes)

    @classmethod
    def of(cls, data: bytes) -> "FileBody":
        return cls(sha256=sha256(data).hexdigest(), size_bytes=len(data))


Files = Annotated[list[FileBody], Field(max_length=_MOST_FILES)]


class SnapshotBody(_Strict):
    sequence: Count
    chain: Hex
    entries: Count
    parts: Files


class HeadBody(_Strict):
    """`changes` are the newest ones, in order: the last leads to `sequence`, the one before it to `sequence` - 1."""

    format: Literal[1] = 1
    list: Name
    sequence: Count
    chain: Hex
    entries: Count
    changes: Files
    snapshot: SnapshotBody
    issued_at: AwareDatetime
    expires_at: AwareDatetime

    @model_validator(mode="after")
    def _holds_together(self) -> "HeadBody":
        if max(len(self.changes), self.snapshot.sequence) > self.sequence:
            raise ValueError("a list has no more changes, and no later snapshot, than its sequence")
        return self

    def head(self) -> Head:
        parts = tuple(part.file() for part in self.snapshot.parts)
        snapshot = Snapshot(self.snapshot.sequence, self.snapshot.chain, self.snapshot.entries, parts)
        return Head(
            list=self.list,
            sequence=self.sequence,
            chain=self.chain,
            entries=self.entries,
            changes=tuple(change.file() for change in self.changes),
            snapshot=snapshot,
            issued_at=self.issued_at,
            expires_at=self.expires_at,
        )


class OfferedList(_Strict):
    """One list of a server, as its directory names it."""

    name: Name
    about: Word
    sequence: Count
    entries: Count
    issued_at: datetime


class Offered(_Strict):
    lists: list[OfferedList]


def read_head(body: object) -> Head:
    """The verified body of a head. Raises BadList."""
    try:
        return HeadBody.model_validate(body).head()
    except ValidationError:
        raise BadList("The server signed a head in a form that this program does not know; is it up to date?") from None


def write_parts(entries: Iterable[ListedEntry]) -> Iterator[bytes]:
    """A snapshot's files, in the order of the entries; at least one."""
    lines = (entry.model_dump_json(exclude_defaults=True) for entry in entries)
    yield _packed(list(islice(lines, MOST_LINES)))
    while some := list(islice(lines, MOST_LINES)):
        yield _packed(some)


def write_change(put: Iterable[ListedEntry], drop: Iterable[str]) -> bytes:
    """Dropped first: a reference that is dropped and put in one change is there afterwards."""
    lines = [json.dumps({"drop": reference}) for reference in drop]
    lines += [Change(put=entry).model_dump_json(exclude_defaults=True) for entry in put]
    if len(lines) > MOST_LINES:
        raise ValueError(f"a change has at most {MOST_LINES} lines; write several")
    return _packed(lines)


def read_part(data: bytes) -> list[tuple[ListedEntry, bytes]]:
    """Each entry with its value. Raises BadList."""
    return [_with_value(_read(ListedEntry, line, number)) for number, line in _lines(data)]


def read_change(data: bytes) -> list[tuple[str, tuple[ListedEntry, bytes] | None]]:
    """(reference, what it stands for from now on, or None where it was dropped), in order. Raises BadList."""
    found: list[tuple[str, tuple[ListedEntry, bytes] | None]] = []
    for number, line in _lines(data):
        change = _read(Change, line, number)
        if change.put is not None:
            found.append((change.put.reference, _with_value(change.put)))
        elif change.drop is not None:
            found.append((change.drop, None))
    return found


def _packed(lines: list[str]) -> bytes:
    # No clock in the header: the same lines are the same bytes.
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=6, mtime=0)


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) > LARGEST_FILE_BYTES:
        raise BadList("A file of this list is larger than any may be.")
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
            whole = stream.read(_LARGEST_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise BadList("A file of this list is damaged.") from None
    lines = whole.splitlines()
    if len(whole) > _LARGEST_UNPACKED_BYTES or len(lines) > MOST_LINES:
        raise BadList("A file of this list unpacks to more than any may hold.")
    yield from enumerate(lines, 1)


def _read(kind: type[Line], line: bytes, number: int) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise BadList(f"Line {number} of a file of this list breaks a rule: {where}: {first['msg']}.") from None


def _with_value(entry: ListedEntry) -> tuple[ListedEntry, bytes]:
    try:
        return entry, entry.decoded()
    except BadHash as error:
        raise BadList(f"An entry of this list has a value that cannot be one. {error}") from None
