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

from tutela.matching.bulk_columns import BadSource, arrow, check_columns, check_quality, chosen, opened, parquet
from tutela.matching.bulk_found import FIELDS, schema
from tutela.matching.bulk_kept import Kept
from tutela.matching.bulk_parts import FLAT, WITHOUT, Job, Part, cut
from tutela.matching.bulk_workers import across
from tutela.matching.catalogue import Catalogue
from tutela.matching.hashes import Kind
from tutela.matching.index import DEFAULT_RADIUS

NOTE = "A match is a lead, not a verdict: a person decides."
Progress = Callable[[int, int], None]
"""Parts done, parts in all."""

VERSION = 3
_ROWS_WRITTEN_AT_ONCE = 1 << 16


class Summary(NamedTuple):
    rows: int
    matches: int
    parts: int
    resumed: int
    """Parts that an earlier, interrupted run had done."""
    without: int
    """Rows that hold no hash in any column that was asked."""
    flat: int
    """Rows whose PDQ hash is of too low a quality to be compared."""


def match_parquet(
    source: Path,
    catalogue: Path,
    out: Path,
    *,
    radius: int = DEFAULT_RADIUS,
    lists: Collection[str] | None = None,
    columns: Mapping[Kind, str] | None = None,
    carried: Sequence[str] = (),
    quality: str | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Raises BadSource or BadCatalogue. `columns` says which column holds which kind; by their names without it.

    `carried` are columns of the source that come along with each match; `quality` is the one with the PDQ hashes'
    quality, and flat pictures are not compared. More than one worker are started as Python starts processes: a script
    that calls this keeps its own work under `if __name__ == "__main__"`.
    """
    if out.exists():
        raise BadSource(f"{out} is there already; move it away or name another file.")
    file = _seen(source)
    kinds = chosen(file.schema, dict(columns or {}))
    _check_carried(file.schema, carried)
    if quality is not None:
        check_quality(file.schema, quality, kinds)
    asked = Catalogue.open(catalogue)
    _check_comparable(asked, kinds)
    job = Job(
        source=str(source.resolve()),
        source_bytes=file.size_bytes,
        catalogue=str(catalogue.resolve()),
        edition=asked.digest,
        columns=tuple(kinds.items()),
        carried=tuple(carried),
        quality=quality,
        radius=radius,
        lists=None if lists is None else tuple(sorted(lists)),
    )
    parts, kept = cut(file.groups), Kept(out)
    tell = progress or (lambda _done, _all: None)
    with kept.begun(_manifest(job, file, parts)) as done:
        waiting = [part for part in parts if part.number not in done]
        tell(len(done), len(parts))
        for count, (number, found) in enumerate(across(job, waiting, scheduler=scheduler, workers=workers), 1):
            kept.keep(number, found)
            tell(len(done) + count, len(parts))
        if _seen(source) != file:
            raise BadSource(f"{source} changed while it was matched; remove {kept.directory} and begin anew.")
        described = schema(file.schema, carried).with_metadata(_notes(job))
        matches, without, flat = _assemble(kept, len(parts), described)
        kept.forget()
    return Summary(sum(file.groups), matches, len(parts), len(done), without, flat)


class _Seen(NamedTuple):
    """What tells one back catalogue from another without reading it all."""

    size_bytes: int
    changed_ns: int
    groups: list[int]
    schema: Any


def _seen(source: Path) -> _Seen:
    with opened(source) as file:
        groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        said = source.stat()
        return _Seen(said.st_size, said.st_mtime_ns, groups, file.schema_arrow)


def _check_carried(source: Any, names: Sequence[str]) -> None:
    check_columns(source, names)
    if twice := [name for number, name in enumerate(names) if name in FIELDS or name in names[:number]]:
        raise BadSource(f"The column {twice[0]} cannot be carried over: the output would have two of that name.")


def _check_comparable(catalogue: Catalogue, kinds: Collection[Kind]) -> None:
    """Where nothing was compared, "0 matches" would be taken for an answer."""
    listed = {kind: len(values) for kind, values in catalogue.columns.values.items() if len(values)}
    if listed and not listed.keys() & set(kinds):
        raise BadSource(f"Nothing can be compared: the source holds {_all(kinds)}, the lists {_all(listed)}.")


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)


def _manifest(job: Job, source: _Seen, parts: Iterable[Part]) -> dict[str, Any]:
    identity = [source.size_bytes, source.changed_ns, source.groups, str(source.schema)]
    manifest = {
        "version": VERSION,
        "source": _digest(identity),
        "edition": job.edition,
        "parts": _digest([[each.first_row, each.rows] for each in parts]),
        **{name: getattr(job, name) for name in ("columns", "carried", "quality", "radius", "lists")},
    }
    as_it_is_read: dict[str, Any] = json.loads(json.dumps(manifest))
    return as_it_is_read


def _digest(said: list[Any]) -> str:
    return sha256(json.dumps(said).encode()).hexdigest()


def _notes(job: Job) -> dict[str, str]:
    return {"tutela.note": NOTE, "tutela.catalogue": job.edition, "tutela.radius": str(job.radius)}


def _assemble(kept: Kept, count: int, described: Any) -> tuple[int, int, int]:
    """How many matches, rows without a hash, and rows whose hash is of too low a quality."""
    matches = without = flat = 0
    with kept.replacing() as draft, parquet().ParquetWriter(draft, described, compression="zstd") as writer:
        for tables in _together(kept.tables(count)):
            without += sum(int(table.schema.metadata[WITHOUT]) for table in tables)
            flat += sum(int(table.schema.metadata[FLAT]) for table in tables)
            found = arrow().concat_tables([table.replace_schema_metadata(described.metadata) for table in tables])
            found = found.combine_chunks()
            matches += len(found)
            if len(found):
                writer.write_table(found, row_group_size=_ROWS_WRITTEN_AT_ONCE)
    return matches, without, flat


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
