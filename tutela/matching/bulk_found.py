"""What was found in a part, as Arrow: by columns throughout, for in a copy of a list every row is a match."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bulk_columns import arrow
from tutela.matching.catalogue import Catalogue
from tutela.matching.hashes import KINDS

FIELDS = ("row", "list", "reference", "tier", "classification", "kind", "distance_bits", "threshold_bits")


class Rows(NamedTuple):
    """Columns of equal length: a row of the part, a kind by its place in KINDS, an entry's number, a distance."""

    row: NDArray[np.int64]
    kind: NDArray[np.int64]
    entry: NDArray[np.int64]
    distance_bits: NDArray[np.uint8]


def in_order(found_of: Sequence[Rows]) -> Rows:
    row, kind, entry, bits = (np.concatenate(each) for each in zip(*found_of, strict=True))
    order = np.lexsort((entry, bits, kind, row))
    return Rows(row[order], kind[order], entry[order], bits[order])


def schema(source: Any, carried: Iterable[str]) -> Any:
    """Ours, then what is carried over from the source as it stands there."""
    pa = arrow()
    numbers = {"row": pa.int64(), "distance_bits": pa.uint8(), "threshold_bits": pa.uint8()}
    ours = [pa.field(name, numbers.get(name, pa.string()), nullable=False) for name in FIELDS]
    return pa.schema([*ours, *(pa.field(name, source.field(name).type) for name in carried)])


def told(found: Rows, catalogue: Catalogue, *, first_row: int, radius: int) -> dict[str, Any]:
    """By the names in FIELDS."""
    pa, columns = arrow(), catalogue.columns
    ends, raw = (pa.py_buffer(np.ascontiguousarray(each)) for each in (columns.reference_ends, columns.references))
    references = pa.LargeStringArray.from_buffers(len(catalogue), ends, raw)
    label = pa.array(columns.label_of[found.entry])
    labels = {
        name: pa.array([getattr(each, name) for each in columns.labels], pa.string()).take(label)
        for name in ("list", "tier", "classification")
    }
    is_near = found.kind == KINDS.index("pdq")
    return labels | {
        "row": pa.array(found.row + first_row),
        "reference": references.take(pa.array(found.entry)).cast(pa.string()),
        "kind": pa.array(KINDS, pa.string()).take(pa.array(found.kind)),
        "distance_bits": pa.array(found.distance_bits),
        "threshold_bits": pa.array(np.where(is_near, radius, 0).astype(np.uint8)),
    }


def as_file(columns: dict[str, Any], described: Any) -> bytes:
    """An Arrow file; a column that is not there is empty, as all others are then."""
    pa = arrow()
    empty = {name: pa.array([], described.field(name).type) for name in described.names}
    table = pa.table([(empty | columns)[name] for name in described.names], schema=described)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, described) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
