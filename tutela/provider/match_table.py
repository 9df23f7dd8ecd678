"""A back catalogue in Parquet, forwarded to the bulk matcher against an edition of the lists that is held still."""

import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tutela.matching.bulk import BadSource, Summary, match_parquet
from tutela.matching.bulk import Progress as Told
from tutela.matching.catalogue import BadCatalogue, Catalogue
from tutela.matching.hashes import Kind
from tutela.provider.leads import NOTE
from tutela.provider.telling import FOUND, STOPPED, say

SUFFIX = ".parquet"


class Bulk(NamedTuple):
    """A table of hashes, where its answers go, and what is said of it."""

    source: Path
    out: Path
    scheduler: str | None
    columns: dict[Kind, str]

    @property
    def held(self) -> Path:
        """The edition of the lists that all parts of one answer are asked of."""
        return self.out.with_name(f"{self.out.name}.lists")

    @property
    def is_begun(self) -> bool:
        return self.out.with_name(f"{self.out.name}.parts").exists()


def check_bulk(
    paths: tuple[str, ...], *, out: Path | None, scheduler: str | None, columns: tuple[str, ...]
) -> Bulk | None:
    """None where no table is meant. Raises UsageError where one is half said."""
    if not any(path.endswith(SUFFIX) for path in paths):
        if out or scheduler or columns:
            raise click.UsageError("--out, --scheduler and --column are for a .parquet file of hashes.")
        return None
    if len(paths) > 1:
        raise click.UsageError("A .parquet file is matched alone: one command for each.")
    if out is None:
        raise click.UsageError("Say with --out where the answers go.")
    if out.exists():
        raise click.UsageError(f"{out} is there already; name another file, or move it away.")
    return Bulk(Path(paths[0]), out, scheduler, dict(map(_column, columns)))


def _column(said: str) -> tuple[Kind, str]:
    kind, _, name = said.partition("=")
    if kind not in ("pdq", "md5", "sha1", "sha256") or not name:
        raise click.UsageError("--column is KIND=NAME, as in pdq=picture_hash; the kinds are pdq, md5, sha1, sha256.")
    return kind, name


def match_table(
    bulk: Bulk, catalogue: Catalogue, *, radius: int, lists: Collection[str] | None, workers: int | None
) -> int:
    """The exit code. What an interrupted run did is kept; the same command goes on, against the lists it began with."""
    try:
        _hold(bulk, catalogue)
        with _progress() as told:
            summary = match_parquet(
                bulk.source, bulk.held, bulk.out,
                radius=radius, lists=lists, columns=bulk.columns, scheduler=bulk.scheduler, workers=workers,
                progress=told,
            )  # fmt: skip
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where this one stood.")
        return STOPPED
    except (BadSource, BadCatalogue, OSError) as error:
        if not bulk.is_begun:
            shutil.rmtree(bulk.held, ignore_errors=True)
        raise click.ClickException(str(error)) from error
    shutil.rmtree(bulk.held)
    if summary.resumed:
        say(f"{summary.resumed:,} of {summary.parts:,} parts were done before.")
    say(_sentence(summary, bulk.out))
    return FOUND if summary.matches else 0


def _hold(bulk: Bulk, catalogue: Catalogue) -> None:
    """Lists are synced every few minutes, and a back catalogue takes hours."""
    try:
        Catalogue.open(bulk.held, check_contents=False)
    except BadCatalogue:
        catalogue.save(bulk.held)


def _sentence(summary: Summary, out: Path) -> str:
    if not summary.matches:
        return f"None of {summary.rows:,} rows matches. What is new is on no list."
    matches = "1 match" if summary.matches == 1 else f"{summary.matches:,} matches"
    verb = "is" if summary.matches == 1 else "are"
    return f"{matches} among {summary.rows:,} rows {verb} in {out}. {NOTE}"


@contextmanager
def _progress() -> Iterator[Told | None]:
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("parts"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
