"""`tutela match`: which files or hashes are near an entry of a list."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from click.core import ParameterSource

from tutela.matching.bulk import Summary
from tutela.matching.hashes import KINDS, Kind
from tutela.matching.thresholds import MAX_RADIUS
from tutela.provider.client import Tutela
from tutela.provider.connecting import said_plainly, server_options, signed_in
from tutela.provider.detecting import check_basis, service_option
from tutela.provider.hash_cli import PATHS, PATHS_FROM, STANDARD_INPUT, WORKERS, check_paths, files_of
from tutela.provider.matching import Here, Matcher, There, Waiting, match, of_lead, of_lines
from tutela.provider.processes import hash_files, processors
from tutela.provider.showing import show
from tutela.provider.telling import FOUND, progress, say, stopped_plainly, total_of


@click.command("match")
@click.argument("paths", nargs=-1, type=PATHS)
@PATHS_FROM
@click.option("--lists", "directory", envvar="TUTELA_LISTS", type=click.Path(file_okay=False, path_type=Path),
              help="Where your lists are kept (TUTELA_LISTS).")  # fmt: skip
@click.option("--list", "names", multiple=True, metavar="NAME", help="Only this list; may be said several times.")
@click.option("--radius", type=click.IntRange(0, MAX_RADIUS), default=31, show_default=True, help="Bits, for PDQ.")
@click.option("--kind", type=click.Choice(KINDS), help="What bare hashes on standard input are.")
@click.option("--only-matches", is_flag=True, help="Leave out what was read and matches nothing.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal, too.")
@service_option
@WORKERS
@click.option("--out", type=click.Path(path_type=Path), help="Where the answers to a .parquet file go.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler for a .parquet file, as tcp://192.0.2.1:8786.")
@click.option("--column", "columns", multiple=True, metavar="KIND=NAME", help="Which of its columns is what.")
@click.option("--at-server", is_flag=True, help="Ask a server's indicators instead; the hashes are sent to it.")
@server_options
@click.pass_context
def match_verb(
    context: click.Context,
    *,
    paths: tuple[str, ...],
    paths_from: BinaryIO | None,
    kind: Kind | None,
    only_matches: bool,
    as_json: bool,
    service: str | None,
    workers: int | None,
    out: Path | None,
    scheduler: str | None,
    columns: tuple[str, ...],
    **against: Any,
) -> None:
    """Which files or hashes are near an entry of your lists: one JSON line each, or a table on a terminal.

    PATHS are files and directories; or - for hashes on standard input, one a line ("pdq VALUE", or a bare value), or
    lines of `tutela hash`; or one .parquet file of hashes, whose answers go to --out in Parquet. Nothing leaves this
    machine, unless --at-server or --server asks a server.

    A match is a lead, not a verdict: a person decides.

    Exit 0: nothing matches. 10: something does. 1: something could not be read, or the command failed. 11: something
    matches, and something could not be read. 2: used wrongly. 3: the server was not reached. 4: no law allows this
    --service to compare today.
    """
    check_paths(paths, paths_from)
    table = {"out": out, "scheduler": scheduler, "columns": columns}
    if _is_table(paths, **table):
        sys.exit(_matched_table(context, Path(paths[0]), service=service, workers=workers, **table, **against))
    check_basis(service)
    with _matcher(context, service=service, **against) as matcher:
        total = None
        if paths == (STANDARD_INPUT,):
            waiting: Iterable[Waiting] = of_lines(sys.stdin.buffer, kind=kind)
        else:
            files = files_of(paths, paths_from)
            total = total_of(files)
            waiting = map(of_lead, hash_files(files, workers=workers or processors()))
        as_table = sys.stdout.isatty() and not as_json
        with stopped_plainly(), progress(match(waiting, matcher), total=total, what="matched") as leads:
            counts = show(leads, only_matches=only_matches, as_table=as_table)
    say(counts.sentence())
    sys.exit(counts.exit_code())


def _is_table(paths: tuple[str, ...], *, out: Path | None, scheduler: str | None, columns: tuple[str, ...]) -> bool:
    if not any(path.endswith(".parquet") for path in paths):
        if out or scheduler or columns:
            raise click.UsageError("--out, --scheduler and --column are for a .parquet file of hashes.")
        return False
    if len(paths) > 1:
        raise click.UsageError("A .parquet file is matched alone: one command for each.")
    if out is None:
        raise click.UsageError("Say with --out where the answers go.")
    return True


def _matched_table(context: click.Context, source: Path, *, at_server: bool, **said: Any) -> int:
    """The exit code of `tutela bulk match`, which does it, and of this verb where something matches."""
    from tutela.provider.bulk_cli import match_lists

    if at_server or _was_said(context, "server"):
        raise click.UsageError("A .parquet file is matched against the lists on this machine; leave the server out.")
    known = ("directory", "names", "radius", "columns", "out", "service", "workers", "scheduler")
    how = {name: said[name] for name in known}
    summary: Summary = context.invoke(match_lists, source=source, **how)
    return FOUND if summary.matches else 0


@contextmanager
def _matcher(
    context: click.Context,
    *,
    directory: Path | None,
    names: tuple[str, ...],
    radius: int,
    at_server: bool,
    service: str | None,
    server: str | None,
    username: str | None,
    secret: str | None,
) -> Iterator[Matcher]:
    """A server is asked only where that was said here and now: its address may stand in the environment for reports."""
    if not at_server and not _was_said(context, "server"):
        yield _here(directory, names, radius)
        return
    for name, option in (("directory", "--lists"), ("names", "--list"), ("radius", "--radius")):
        if _was_said(context, name):
            raise click.UsageError(f"{option} is for the lists on this machine; a server decides that itself.")
    address, credential = signed_in(server, username, secret)
    with said_plainly(), Tutela(address, credential) as api:
        yield There(api, service)


def _here(directory: Path | None, names: tuple[str, ...], radius: int) -> Here:
    from tutela.provider.chosen_lists import chosen_lists

    return Here(chosen_lists(directory, names), radius, names or None)


def _was_said(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE
