"""A back catalogue against the lists: Parquet in, Parquet out, cut into parts that may be done anywhere, in any order.

What a part found is written beside the output under the part's number, together with a manifest that says for which
source, lists and radius; so an interrupted run goes on where it stood, and one for something else is refused. The
output is put together in the order of the source: whoever did the parts, and however often they were begun, it is the
same file byte for byte.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from tutela.matching.bulk_columns import BadSource, arrow, check_columns, chosen, opened, parquet
from tutela.matching.bulk_kept import Kept
from tutela.matching.bulk_parts import FIELDS, WITHOUT, Job, cut, schema
from tutela.matching.bulk_workers import across
from tutela.matching.catalogue import Catalogue
from tutela.matching.hashes import Kind
from tutela.matching.index import DEFAULT_RADIUS

NOTE = "A match is a lead, not a verdict: a person decides."
Progress = Callable[[int, int], None]
"""Parts done, parts in all."""

VERSION = 2
_ROWS_WRITTEN_AT_ONCE = 1 << 16


class Summary(NamedTuple):
    rows: int
    matches: int
    parts: int
    resumed: int
    """Parts that an earlier, interrupted run had done."""
    without: int
    """Rows that hold no hash in any column that was asked."""


def match_parquet(
    source: Path,
    catalogue: Path,
    out: Path,
    *,
    radius: int = DEFAULT_RADIUS,
    lists: Collection[str] | None = None,
    columns: Mapping[Kind, str] | None = None,
    carried: Sequence[str] = (),
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Raises BadSource or BadCatalogue. `columns` says which column holds which kind; by their names without it.

    `carried` are columns of the source that come along with each match. More than one worker are started as Python
    starts processes: a script that calls this keeps its own work under `if __name__ == "__main__"`.
    """
    if out.exists():
        raise BadSource(f"{out} is there already; move it away or name another file.")
    with opened(source) as file:
        kinds = tuple(chosen(file.schema_arrow, dict(columns or {})).items())
        described = schema(file.schema_arrow, _carried(file.schema_arrow, carried))
        groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        shape = [groups, str(file.schema_arrow)]
        identity = _identity(source, shape)
    edition, size_bytes = Catalogue.open(catalogue).digest, source.stat().st_size
    asked = None if lists is None else tuple(sorted(lists))
    job = Job(
        str(source.resolve()), size_bytes, str(catalogue.resolve()), edition, kinds, tuple(carried), radius, asked
    )
    parts, kept = cut(groups), Kept(out)
    told = progress or (lambda _done, _all: None)
    with kept.begun(_manifest(job, identity, parts)) as done:
        waiting = [part for part in parts if part.number not in done]
        told(len(done), len(parts))
        for count, (number, found) in enumerate(across(job, waiting, scheduler=scheduler, workers=workers), 1):
            kept.keep(number, found)
            told(len(done) + count, len(parts))
        if _identity(source, shape) != identity:
            raise BadSource(f"{source} changed while it was matched; remove {kept.directory} and begin anew.")
        matches, without = _assemble(kept, len(parts), described.with_metadata(_notes(job)))
        kept.forget()
    return Summary(sum(groups), matches, len(parts), len(done), without)


def _carried(source: Any, names: Sequence[str]) -> Sequence[str]:
    check_columns(source, names)
    if twice := [name for number, name in enumerate(names) if name in FIELDS or name in names[:number]]:
        raise BadSource(f"The column {twice[0]} cannot be carried over: the output would have two of that name.")
    return names


def _identity(source: Path, shape: Any) -> str:
    said = source.stat()
    return sha256(json.dumps([said.st_size, said.st_mtime_ns, shape]).encode()).hexdigest()


def _manifest(job: Job, source: str, parts: Iterable[Any]) -> dict[str, Any]:
    asked = {"columns": job.columns, "carried": job.carried, "radius": job.radius, "lists": job.lists}
    cut_into = sha256(json.dumps([[each.first_row, each.rows] for each in parts]).encode()).hexdigest()
    manifest = {"version": VERSION, "source": source, "edition": job.edition, "parts": cut_into, **asked}
    read_back: dict[str, Any] = json.loads(json.dumps(manifest))
    return read_back


def _notes(job: Job) -> dict[str, str]:
    return {"tutela.note": NOTE, "tutela.catalogue": job.edition, "tutela.radius": str(job.radius)}


def _assemble(kept: Kept, count: int, described: Any) -> tuple[int, int]:
    """How many matches, and how many rows without a hash."""
    matches = without = 0
    with kept.replacing() as draft, parquet().ParquetWriter(draft, described, compression="zstd") as writer:
        for tables in _together(kept.tables(count)):
            without += sum(int(table.schema.metadata[WITHOUT]) for table in tables)
            found = arrow().concat_tables([table.replace_schema_metadata(described.metadata) for table in tables])
            found = found.combine_chunks()
            matches += len(found)
            if len(found):
                writer.write_table(found, row_group_size=_ROWS_WRITTEN_AT_ONCE)
    return matches, without


def _together(tables: Iterable[Any]) -> Iterator[list[Any]]:
    """Most parts hold a handful of matches; a row group for each would make a large file of little."""
    waiting: list[Any] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= _ROWS_WRITTEN_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


__all__: Sequence[str] = ["BadSource", "Progress", "Summary", "match_parquet"]
