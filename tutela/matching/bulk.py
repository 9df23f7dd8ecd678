"""A back catalogue against the lists: Parquet in, Parquet out, cut into parts that may be done anywhere, in any order.

A part is a row group of the source. What a part found is written beside the output under the part's number, together
with a manifest that says for which source, lists and radius; so an interrupted run goes on where it stood, and one for
something else is refused. The output is put together in the order of the source: whoever did the parts, and however
often they were begun, it is the same file byte for byte.
"""

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from tutela.matching.bulk_columns import BadSource, arrow, chosen, parquet
from tutela.matching.bulk_parts import Job, schema
from tutela.matching.bulk_workers import across
from tutela.matching.catalogue import Catalogue
from tutela.matching.hashes import Kind
from tutela.matching.index import DEFAULT_RADIUS

NOTE = "A match is a lead, not a verdict: a person decides."
Progress = Callable[[int, int], None]
"""Parts done, parts in all."""


class Summary(NamedTuple):
    rows: int
    matches: int
    parts: int
    resumed: int
    """Parts that an earlier, interrupted run had done."""


def match_parquet(
    source: Path,
    catalogue: Path,
    out: Path,
    *,
    radius: int = DEFAULT_RADIUS,
    lists: Collection[str] | None = None,
    columns: Mapping[Kind, str] | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Raises BadSource or BadCatalogue. `columns` says which column holds which kind; by their names without it."""
    file = _opened(source)
    job = Job(
        str(source.resolve()),
        str(catalogue.resolve()),
        tuple(chosen(file.schema_arrow, dict(columns or {})).items()),
        radius,
        None if lists is None else tuple(sorted(lists)),
    )
    manifest = _manifest(job, source, file, Catalogue.open(catalogue).digest)
    if out.exists():
        raise BadSource(f"{out} is there already; move it away or name another file.")
    parts = out.with_name(f"{out.name}.parts")
    done = _begun(parts, manifest)
    waiting = [number for number in range(file.num_row_groups) if number not in done]
    told = progress or (lambda _done, _all: None)
    told(len(done), file.num_row_groups)
    for count, (number, found) in enumerate(across(job, waiting, scheduler=scheduler, workers=workers), 1):
        _keep(parts / f"{number:08d}.arrow", found)
        told(len(done) + count, file.num_row_groups)
    matches = _assemble(parts, file.num_row_groups, out, manifest)
    shutil.rmtree(parts)
    return Summary(file.metadata.num_rows, matches, file.num_row_groups, len(done))


def _opened(source: Path) -> Any:
    try:
        return parquet().ParquetFile(source)
    except FileNotFoundError:
        raise BadSource(f"There is no file {source}.") from None
    except OSError as error:
        raise BadSource(f"{source} cannot be read: {error.strerror or 'it is damaged'}.") from None
    except arrow().ArrowInvalid:
        raise BadSource(f"{source} is not a Parquet file, or is damaged.") from None


def _manifest(job: Job, source: Path, file: Any, catalogue: str) -> dict[str, Any]:
    said = source.stat()
    groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    identity = [said.st_size, said.st_mtime_ns, groups, str(file.schema_arrow)]
    return {
        "version": 1,
        "source": sha256(json.dumps(identity).encode()).hexdigest(),
        "catalogue": catalogue,
        "columns": [list(each) for each in job.columns],
        "radius": job.radius,
        "lists": None if job.lists is None else list(job.lists),
    }


_SAID = {
    "source": "the source has changed",
    "catalogue": "the lists have changed",
    "columns": "other columns were asked",
    "radius": "the radius was another",
    "lists": "other lists were asked",
}


def _begun(parts: Path, manifest: dict[str, Any]) -> set[int]:
    """The parts that are done already. Raises BadSource where they are of another run."""
    file = parts / "manifest.json"
    if not file.exists():
        try:
            parts.mkdir(parents=True, exist_ok=True)
            _keep(file, json.dumps(manifest).encode())
        except OSError as error:
            raise BadSource(f"{parts} cannot be written: {error.strerror}.") from None
        return set()
    try:
        before = json.loads(file.read_bytes())
    except ValueError:
        raise BadSource(f"{file} is damaged; remove {parts} and begin anew.") from None
    other = [said for name, said in _SAID.items() if before.get(name) != manifest[name]]
    if other or before.get("version") != manifest["version"]:
        why = ", ".join(other) or "it is of another version"
        raise BadSource(f"{parts} holds the parts of another run ({why}); remove it to begin anew, or ask as before.")
    return {int(done.stem) for done in parts.glob("*.arrow")}


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)


def _assemble(parts: Path, count: int, out: Path, manifest: dict[str, Any]) -> int:
    pa, pq = arrow(), parquet()
    said = {"tutela.note": NOTE, "tutela.catalogue": manifest["catalogue"], "tutela.radius": str(manifest["radius"])}
    described = schema().with_metadata(said)
    draft, matches = out.with_name(f".{out.name}.{os.getpid()}"), 0
    try:
        with pq.ParquetWriter(draft, described, compression="zstd") as writer:
            for table in _tables(parts, count):
                matches += len(table)
                if len(table):
                    writer.write_table(table.replace_schema_metadata(said), row_group_size=len(table))
        draft.replace(out)
    except (OSError, pa.ArrowException) as error:
        raise BadSource(f"{out} cannot be written: {error}. The finished parts stay; run the same again.") from None
    finally:
        draft.unlink(missing_ok=True)
    return matches


def _tables(parts: Path, count: int) -> Iterator[Any]:
    for number in range(count):
        with arrow().memory_map(str(parts / f"{number:08d}.arrow")) as stream:
            yield arrow().ipc.open_file(stream).read_all()


__all__: Sequence[str] = ["BadSource", "Progress", "Summary", "match_parquet"]
