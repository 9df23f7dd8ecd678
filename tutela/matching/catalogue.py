"""Many lists in one index: what is near a hash, and what its list says of it.

Entries are numbered 0 to n-1 in the order of (kind, value), so that equal values lie side by side: exact kinds are
found by bisection in a column of their first eight bytes, PDQ by the index, whose ids are these numbers.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tutela.matching import catalogue_file
from tutela.matching.catalogue_file import BadCatalogue, Columns, Label
from tutela.matching.hashes import KINDS, SIZE_BYTES, BadHash, Kind
from tutela.matching.index import DEFAULT_RADIUS, Index

__all__ = ["BadCatalogue", "Catalogue", "Entry", "Found", "Label", "Match"]

_KEY_BYTES = 8


class Entry(NamedTuple):
    """What one list says of one value. `reference` is the list's own name for the entry."""

    reference: str
    kind: Kind
    value: bytes
    label: Label


class Match(NamedTuple):
    """A lead, and no verdict. Exact kinds have distance and threshold 0."""

    reference: str
    label: Label
    kind: Kind
    distance_bits: int
    threshold_bits: int


class Found(NamedTuple):
    """Three columns of equal length, ordered by query, distance and entry."""

    query: NDArray[np.int64]
    entry: NDArray[np.int64]
    distance_bits: NDArray[np.uint8]


class Catalogue:
    """Read-only; a changed list makes a new one. Safe to ask from many threads at once."""

    def __init__(self, columns: Columns, index: Index) -> None:
        self._columns, self._index = columns, index

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> Self:
        """Raises BadHash for a value whose length does not fit its kind."""
        ordered = sorted(entries, key=lambda entry: (KINDS.index(entry.kind), entry.value))
        labels: dict[Label, int] = {}
        label_of = np.array([labels.setdefault(entry.label, len(labels)) for entry in ordered], dtype=np.uint32)
        values = {kind: _matrix(kind, [entry.value for entry in ordered if entry.kind == kind]) for kind in KINDS}
        references = [entry.reference.encode() for entry in ordered]
        ends = np.cumsum([0, *map(len, references)], dtype=np.uint64)
        names = np.frombuffer(b"".join(references), dtype=np.uint8)
        keys = np.concatenate([_keys(column) for column in values.values()])
        columns = Columns(tuple(labels), values, keys, label_of, ends, names)
        begin = columns.begin("pdq")
        numbers = np.arange(begin, begin + len(values["pdq"]))
        return cls(columns, Index.build(values["pdq"], numbers))

    @classmethod
    def open(cls, directory: Path, *, check_contents: bool = True) -> Self:
        """Mapped and shared by all processes. Raises BadCatalogue; `check_contents` is explained at `open_index`."""
        return cls(*catalogue_file.read(directory, check_contents=check_contents))

    def save(self, directory: Path) -> None:
        """Takes the place of what was there, at once and whole; whoever has the old one open goes on with it."""
        catalogue_file.write(directory, self._columns, self._index)

    def __len__(self) -> int:
        return len(self._columns.label_of)

    @property
    def columns(self) -> Columns:
        """As they lie in the file: for a million matches, what they say is taken from here and not entry by entry."""
        return self._columns

    @property
    def digest(self) -> str:
        """Names exactly these entries: what a long run was matched against."""
        return catalogue_file.digest(self._columns)

    def entry(self, number: int) -> Entry:
        kind = self._columns.kind_of(number)
        value = bytes(self._columns.values[kind][number - self._columns.begin(kind)])
        return Entry(self._reference(number), kind, value, self._label(number))

    def match(
        self, kind: Kind, value: bytes, radius: int = DEFAULT_RADIUS, lists: Collection[str] | None = None
    ) -> list[Match]:
        """What the lists (all, or those named) hold at this value or near it, nearest first."""
        if kind == "pdq":
            near = self._index.query(value, radius)
        else:
            found = self._equal(kind, _matrix(kind, [value]))
            near = [(number, 0) for number in found.entry.tolist()]
        threshold = radius if kind == "pdq" else 0
        matches = [Match(self._reference(n), self._label(n), kind, bits, threshold) for n, bits in near]
        return [match for match in matches if lists is None or match.label.list in lists]

    def match_many(
        self,
        kind: Kind,
        values: NDArray[np.uint8],
        radius: int = DEFAULT_RADIUS,
        lists: Collection[str] | None = None,
    ) -> Found:
        """As `match` for uint8[n, size of the kind]; `entry` says what an entry's number stands for."""
        if kind == "pdq":
            hits = self._index.query_batch(values, radius)
            found = Found(hits.query.astype(np.int64), hits.id, hits.distance_bits)
        else:
            found = self._equal(kind, values)
        if lists is None:
            return found
        wanted = np.array([label.list in lists for label in self._columns.labels], dtype=np.bool_)
        kept = wanted[self._columns.label_of[found.entry]]
        return Found(found.query[kept], found.entry[kept], found.distance_bits[kept])

    def _equal(self, kind: Kind, values: NDArray[np.uint8]) -> Found:
        if values.dtype != np.uint8 or values.ndim != 2 or values.shape[1] != SIZE_BYTES[_sized(kind)]:
            raise BadHash(f"Values of kind {kind} are an array of unsigned bytes, {SIZE_BYTES[_sized(kind)]} in a row.")
        known, first = self._columns.values[kind], self._columns.begin(kind)
        keys, asked = self._columns.keys[first : first + len(known)], _keys(values)
        begin, end = np.searchsorted(keys, asked, "left"), np.searchsorted(keys, asked, "right")
        counts = end - begin
        query = np.repeat(np.arange(len(values)), counts)
        place = np.arange(len(query)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
        same = (known[place] == values[query]).all(axis=1)
        entry = (place[same] + first).astype(np.int64)
        return Found(query[same].astype(np.int64), entry, np.zeros(len(entry), dtype=np.uint8))

    def _label(self, number: int) -> Label:
        return self._columns.labels[int(self._columns.label_of[number])]

    def _reference(self, number: int) -> str:
        begin, end = self._columns.reference_ends[number : number + 2].tolist()
        return bytes(self._columns.references[begin:end]).decode()


def _sized(kind: Kind) -> str:
    """An address is compared by the SHA-256 of its canonical form."""
    return "sha256" if kind == "url" else kind


def _matrix(kind: Kind, values: Sequence[bytes]) -> NDArray[np.uint8]:
    size = SIZE_BYTES[_sized(kind)]
    if any(len(value) != size for value in values):
        raise BadHash(f"A value of kind {kind} is {size} bytes.")
    return np.frombuffer(b"".join(values), dtype=np.uint8).reshape(-1, size)


def _keys(values: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first eight bytes as numbers, which are in the same order as the values."""
    return np.ascontiguousarray(values[:, :_KEY_BYTES]).view(">u8").ravel().astype(np.uint64)
