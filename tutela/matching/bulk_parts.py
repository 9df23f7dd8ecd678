"""One part of a back catalogue: cut, read, matched, and what was found as Arrow. Runs wherever the part is done."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.bulk_columns import BadRow, BadSource, arrow, flat, opened, read
from tutela.matching.bulk_found import Rows, as_file, in_order, schema, told
from tutela.matching.catalogue import BadCatalogue, Catalogue
from tutela.matching.hashes import KINDS, Kind

WITHOUT, FLAT = b"tutela.without", b"tutela.flat"
"""How many rows of a part hold no hash, or a PDQ hash that is not compared: silence would read as "no match"."""

ROWS_OF_A_PART = 1 << 18
"""About a second of work: little is lost with a worker, and what a part costs beside matching is small."""

MOST_PARTS_OF_A_GROUP = 64
"""A row group cannot be entered in its middle, so each of its parts decodes what stands before it once more."""


class Job(NamedTuple):
    """What a worker needs to know, wherever it is; both paths must mean the same there."""

    source: str
    source_bytes: int
    catalogue: str
    edition: str
    """The catalogue's digest."""
    columns: tuple[tuple[Kind, str], ...]
    carried: tuple[str, ...]
    quality: str | None
    radius: int
    lists: tuple[str, ...] | None


class Part(NamedTuple):
    """So many rows of these row groups, after so many that are another part's."""

    number: int
    groups: range
    skipped: int
    rows: int
    first_row: int


def cut(groups: Sequence[int]) -> list[Part]:
    """By the number of rows of each row group: small ones together, large ones in pieces."""
    parts: list[Part] = []
    begin = first = 0
    while begin < len(groups):
        end, rows = begin + 1, groups[begin]
        while end < len(groups) and rows + groups[end] <= ROWS_OF_A_PART:
            rows += groups[end]
            end += 1
        most = max(ROWS_OF_A_PART, -(-rows // MOST_PARTS_OF_A_GROUP))
        for skipped in range(0, rows, most):
            part = Part(len(parts), range(begin, end), skipped, min(most, rows - skipped), first + skipped)
            parts.append(part)
        begin, first = end, first + rows
    return parts


def find(job: Job, part: Part) -> bytes:
    """What one part holds, as an Arrow file. Raises BadSource or BadCatalogue."""
    catalogue = _catalogue(job.catalogue, job.edition)
    with opened(Path(job.source)) as file:
        if Path(job.source).stat().st_size != job.source_bytes:
            raise BadSource(f"{job.source} is not the file that was asked about: it changed, or is another here.")
        found, counts = _matched(job, part, catalogue, file)
        columns = told(found, catalogue, first_row=part.first_row, radius=job.radius)
        if job.carried and len(found.row):
            columns |= _carried(file, part, job.carried, found.row)
        return as_file(columns, schema(file.schema_arrow, job.carried).with_metadata(counts))


def _matched(job: Job, part: Part, catalogue: Catalogue, file: Any) -> tuple[Rows, dict[bytes, str]]:
    asked = [column for _, column in job.columns] + ([job.quality] if job.quality else [])
    table = _read(file, part, dict.fromkeys(asked))
    low = flat(table.column(job.quality)) if job.quality else np.zeros(part.rows, dtype=np.bool_)
    seen, is_flat, found_of = np.zeros(part.rows, dtype=np.bool_), 0, []
    for kind, column in job.columns:
        hashes = read(table.column(column), kind, first_row=part.first_row)
        seen[hashes.row] = True
        if kind == "pdq":
            is_flat = int(low[hashes.row].sum())
            hashes = hashes.without(low)
        found = catalogue.match_many(kind, hashes.values, job.radius, job.lists)
        kinds = np.full(len(found.entry), KINDS.index(kind))
        found_of.append(Rows(hashes.row[found.query], kinds, found.entry, found.distance_bits))
    return in_order(found_of), {WITHOUT: str(part.rows - seen.sum()), FLAT: str(is_flat)}


@lru_cache(maxsize=2)
def _catalogue(directory: str, edition: str) -> Catalogue:
    """Mapped once in each process. A worker lives longer than a run, and another machine may see another directory."""
    catalogue = Catalogue.open(Path(directory), check_contents=False)
    if catalogue.digest != edition:
        raise BadCatalogue(f"The lists at {directory} are not the ones that were asked for: they changed meanwhile.")
    return catalogue


def _read(file: Any, part: Part, columns: Iterable[str]) -> Any:
    try:
        return _decoded(file, part, list(columns))
    except OSError as error:
        # Arrow says a damaged page as it says a failing disk, except for the latter's number; then the same may be
        # tried again.
        kind = BadSource if error.errno or "[errno" in str(error) else BadRow
        where = f"{part.first_row + 1:,} to {part.first_row + part.rows:,}"
        why = "they are damaged" if kind is BadRow else str(error)
        raise kind(f"The rows {where} cannot be read: {why}.") from None


def _decoded(file: Any, part: Part, names: list[str]) -> Any:
    if part.rows == sum(file.metadata.row_group(group).num_rows for group in part.groups):
        return file.read_row_groups(list(part.groups), columns=names, use_threads=False)
    kept, passed, end = [], 0, part.skipped + part.rows
    for batch in file.iter_batches(batch_size=1 << 16, row_groups=list(part.groups), columns=names, use_threads=False):
        # Not even an empty slice of what is passed over is kept: it would hold the whole.
        if passed + len(batch) > part.skipped:
            begin = max(0, part.skipped - passed)
            kept.append(batch.slice(begin, end - passed - begin))
        passed += len(batch)
        if passed >= end:
            break
    return arrow().Table.from_batches(kept)


def _carried(file: Any, part: Part, names: tuple[str, ...], row: NDArray[np.int64]) -> dict[str, Any]:
    """Read only where something was found."""
    table = _read(file, part, names).take(arrow().array(row))
    return {name: table.column(name) for name in names}
