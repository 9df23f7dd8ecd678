"""One part of a back catalogue: read, matched, and what was found as Arrow. Runs wherever the part is done."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bulk_columns import arrow, parquet, read
from tutela.matching.catalogue import Catalogue
from tutela.matching.hashes import KINDS, Kind

FIELDS = ("row", "list", "reference", "tier", "classification", "kind", "distance_bits", "threshold_bits")


class Job(NamedTuple):
    """What a worker needs to know, wherever it is; both paths must mean the same there."""

    source: str
    catalogue: str
    columns: tuple[tuple[Kind, str], ...]
    radius: int
    lists: tuple[str, ...] | None


class _Rows(NamedTuple):
    """Columns of equal length: a row of the source, a kind by its place in KINDS, an entry's number, a distance."""

    row: NDArray[np.int64]
    kind: NDArray[np.int64]
    entry: NDArray[np.int64]
    distance_bits: NDArray[np.uint8]


def find(job: Job, part: int) -> bytes:
    """What one part holds, as an Arrow file. Runs in whatever process does the part."""
    file = parquet().ParquetFile(job.source)
    first = sum(file.metadata.row_group(number).num_rows for number in range(part))
    table = file.read_row_group(part, columns=[column for _, column in job.columns])
    catalogue = _catalogue(job.catalogue)
    found_of = []
    for kind, column in job.columns:
        hashes = read(table.column(column), kind, first_row=first)
        found = catalogue.match_many(kind, hashes.values, job.radius, job.lists)
        kinds = np.full(len(found.entry), KINDS.index(kind))
        found_of.append((hashes.row[found.query] + first, kinds, found.entry, found.distance_bits))
    return _table(job, catalogue, _Rows(*(np.concatenate(each) for each in zip(*found_of, strict=True))))


@lru_cache(maxsize=2)
def _catalogue(directory: str) -> Catalogue:
    """Mapped once in each process; its contents were checked by whoever gave out the parts."""
    return Catalogue.open(Path(directory), check_contents=False)


def _table(job: Job, catalogue: Catalogue, found: _Rows) -> bytes:
    order = np.lexsort((found.entry, found.distance_bits, found.kind, found.row))
    distinct, place = np.unique(found.entry[order], return_inverse=True)
    # Few entries stand behind many matches: each is looked up once.
    known = [catalogue.entry(int(number)) for number in distinct]
    words = {
        "list": [each.label.list for each in known],
        "reference": [each.reference for each in known],
        "tier": [each.label.tier for each in known],
        "classification": [each.label.classification for each in known],
        "kind": [each.kind for each in known],
    }
    pa = arrow()
    columns = {name: pa.array(said, pa.string()).take(pa.array(place)) for name, said in words.items()}
    threshold = np.where(found.kind[order] == KINDS.index("pdq"), job.radius, 0).astype(np.uint8)
    columns |= {
        "row": pa.array(found.row[order]),
        "distance_bits": pa.array(found.distance_bits[order]),
        "threshold_bits": pa.array(threshold),
    }
    table = pa.table([columns[name] for name in FIELDS], schema=schema())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def schema() -> Any:
    pa = arrow()
    numbers = {"row": pa.int64(), "distance_bits": pa.uint8(), "threshold_bits": pa.uint8()}
    return pa.schema([pa.field(name, numbers.get(name, pa.string()), nullable=False) for name in FIELDS])
