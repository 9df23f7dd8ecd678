"""`tutela bulk`: a back catalogue in Parquet against the lists, or a few new hashes against a back catalogue."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tutela.exchange.hash_lines import read_line
from tutela.matching.bulk import NOTE, BadSource, Summary, match_parquet
from tutela.matching.bulk_columns import COLUMNS, chosen, opened
from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry, Label
from tutela.matching.hashes import BadHash, Kind
from tutela.matching.lists import BadList
from tutela.matching.thresholds import MAX_RADIUS
from tutela.provider.chosen_lists import chosen_lists
from tutela.provider.detecting import check_basis, service_option
from tutela.provider.edition import held
from tutela.provider.telling import STOPPED, say

SOURCE = click.Path(dir_okay=False, path_type=Path)
SOUGHT = "sought"


def _options(command: Any) -> Any:
    for option in (
        click.option(
            "--scheduler", metavar="ADDRESS", help="A Dask scheduler; both paths must be readable there, too."
        ),
        click.option("--workers", type=click.IntRange(1, 1024), help="Processes on this machine (all cores)."),
        click.option("--column", "columns", multiple=True, metavar="KIND=NAME", help="Which column holds which kind."),
        click.option("--quality", metavar="NAME", help="The column of PDQ's quality: below 50 nothing is compared."),
        click.option("--carry", "carried", multiple=True, metavar="NAME", help="A column that comes along, as an id."),
        click.option("--radius", type=click.IntRange(0, MAX_RADIUS), default=31, show_default=True),
        service_option,
        click.option("--out", required=True, type=SOURCE, help="The Parquet file to write."),
    ):
        command = option(command)
    return command


@click.group()
def bulk() -> None:
    """Match a whole back catalogue: interrupted, the same command goes on where it stood."""


@bulk.command("match")
@click.argument("source", type=SOURCE)
@click.option("--lists", "directory", envvar="TUTELA_LISTS", type=click.Path(file_okay=False, path_type=Path))
@click.option("--list", "names", multiple=True, help="Only this list; may be said again.")
@_options
def match_lists(
    source: Path, directory: Path | None, names: tuple[str, ...], service: str | None, **how: Any
) -> Summary:
    """What of SOURCE, a Parquet file with hashes, do your lists know?

    Columns are found by their names (pdq, sha256, sha1, md5) or said with --column. Exit 0: done. 1: not, and why.
    4: no law allows this --service to compare today.
    """
    check_basis(service)
    with _said_plainly():
        catalogue = chosen_lists(directory, names)
        with held(catalogue, how["out"]) as place:
            return _run(source, place, lists=names or None, **how)


@bulk.command("seek")
@click.argument("hashes", nargs=-1, required=True)
@click.option("--in", "source", required=True, type=SOURCE, help="The back catalogue: a Parquet file with hashes.")
@_options
def seek(hashes: tuple[str, ...], source: Path, service: str | None, **how: Any) -> None:
    """Were HASHES ever uploaded here? Each is a hash as it stands on a list, or `kind:value`."""
    check_basis(service)
    with _said_plainly():
        try:
            sought = Catalogue.build(entry for text in hashes for entry in _sought(text))
        except BadHash as error:
            raise click.UsageError(f"A hash that is sought cannot be one. {error}") from error
        _check_each_is_compared(hashes, source, how["columns"])
        with held(sought, how["out"]) as place:
            if Catalogue.open(place).digest != sought.digest:
                raise BadSource(f"{how['out']}.parts was begun for other hashes; remove it to begin anew.")
            _run(source, place, lists=None, **how)


def _sought(text: str) -> Iterator[Entry]:
    kind, colon, value = text.partition(":")
    for found, raw in read_line(f"{kind} {value}" if colon else text, None):
        yield Entry(text, found, raw, Label(SOUGHT, "", ""))


def _check_each_is_compared(hashes: tuple[str, ...], source: Path, columns: tuple[str, ...]) -> None:
    """A hash of a kind that no column holds would be answered "never uploaded here"."""
    with opened(source) as file:
        kinds = chosen(file.schema_arrow, _columns(columns))
    for text in hashes:
        if not any(entry.kind in kinds for entry in _sought(text)):
            raise BadSource(f"{text} can be compared with nothing: {source} holds {', '.join(kinds)}.")


def _run(source: Path, catalogue: Path, *, columns: tuple[str, ...], **how: Any) -> Summary:
    with _bar() as progress:
        done = match_parquet(source, catalogue, progress=progress, columns=_columns(columns), **how)
    _tell(done, how["out"])
    return done


def _columns(said: tuple[str, ...]) -> dict[Kind, str]:
    found: dict[Kind, str] = {}
    for one in said:
        kind, equals, name = one.partition("=")
        if not equals or kind not in COLUMNS:
            raise click.UsageError(f"Say a column as KIND=NAME, KIND one of {', '.join(COLUMNS)}.")
        found[kind] = name  # type: ignore[index]
    return found


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    parts = (TextColumn("matching"), BarColumn(), MofNCompleteColumn(), TextColumn("parts"), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True)) as bar:
        task = bar.add_task("matching", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(done: Summary, out: Path) -> None:
    again = f", {done.resumed:,} of them done before" if done.resumed else ""
    parts, matches = _counted(done.parts, "part"), _counted(done.matches, "match", "es")
    click.echo(f"{_counted(done.rows, 'row')} in {parts}{again}: {matches} in {out}")
    if done.without:
        say(f"{_counted(done.without, 'row')} without a hash: nothing is known of them.")
    if done.flat:
        say(f"{_counted(done.flat, 'row')} not compared by PDQ: too flat, unrelated pictures share such hashes.")
    say(NOTE)


def _counted(number: int, noun: str, ending: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else ending}"


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped. The finished parts stay: run the same again to go on.")
        sys.exit(STOPPED)
    except (BadSource, BadCatalogue, BadList) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The output'} cannot be written: {error.strerror}.") from error
