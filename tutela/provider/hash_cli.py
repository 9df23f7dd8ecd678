"""`tutela hash`: digests and PDQ of files, one JSON line each."""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from tutela.provider.files import listed, walked
from tutela.provider.hashing import hash_stream, was_read
from tutela.provider.processes import hash_files, processors
from tutela.provider.telling import FAILED, counted, progress, say, stopped_plainly, total_of, write

# As text: a path would make ./- and - the same.
PATHS = click.Path(exists=True, allow_dash=True)
STANDARD_INPUT = "-"
PATHS_FROM = click.option(
    "--paths-from",
    type=click.File("rb"),
    help="Read paths here, one a line or as find -print0; - is stdin.",
)
WORKERS = click.option("--workers", type=click.IntRange(1, 256), help="Processes; as many as there are processors.")


@click.command("hash")
@click.argument("paths", nargs=-1, type=PATHS)
@PATHS_FROM
@WORKERS
def hash_(paths: tuple[str, ...], paths_from: BinaryIO | None, workers: int | None) -> None:
    """MD5, SHA-1, SHA-256 and, of pictures, PDQ with its quality: one JSON line for each file.

    PATHS are files and directories, which are gone through to the bottom; - is one file's bytes on standard input.
    Nothing is sent anywhere and nothing is kept. A file of which no PDQ hash can be made says why in "refused".

    Exit 0: every file was read. 1: at least one could not be; its line says why. 2: used wrongly.
    """
    check_paths(paths, paths_from)
    if paths == (STANDARD_INPUT,):
        click.echo(hash_stream(STANDARD_INPUT, sys.stdin.buffer).line(), nl=False)
        return
    unread = 0
    files = files_of(paths, paths_from)
    hashed = hash_files(files, workers=workers or processors())
    with stopped_plainly(), progress(hashed, total=total_of(files), what="hashed") as leads:
        for lead in leads:
            write(lead.line())
            unread += not was_read(lead)
    if unread:
        say(f"{unread} could not be read; each line says why.")
        sys.exit(FAILED)


def check_paths(paths: tuple[str, ...], paths_from: BinaryIO | None) -> None:
    if not paths and paths_from is None:
        raise click.UsageError("Name files or directories, or - for standard input.")
    if STANDARD_INPUT in paths and (len(paths) > 1 or paths_from is not None):
        raise click.UsageError("- stands alone: standard input is one thing.")


def files_of(paths: tuple[str, ...], paths_from: BinaryIO | None) -> Iterable[Path]:
    return counted(walked(chain(map(Path, paths), listed(paths_from) if paths_from else ())))
