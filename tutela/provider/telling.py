"""What the commands around files say to a person beside their results: progress, endings, exit codes."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tutela.provider.files import is_terminal
from tutela.provider.leads import Lead

FAILED, FOUND, FOUND_AND_FAILED, STOPPED = 1, 10, 11, 130
"""Beside click's 2 for wrong use and 3 for a server that was not reached."""


@contextmanager
def stopped_plainly() -> Iterator[None]:
    """Ctrl-C is a person's decision and no error; what was written before it is whole."""
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped. Every line written so far is complete; the rest was not looked at.")
        sys.exit(STOPPED)


def say(sentence: str) -> None:
    click.echo(sentence, err=True)


def counted(paths: Iterable[Path]) -> Iterable[Path]:
    """Where somebody watches, all are counted first, so that the bar has an end."""
    return list(paths) if is_terminal() else paths


@contextmanager
def progress(leads: Iterable[Lead], *, total: int | None, what: str) -> Iterator[Iterable[Lead]]:
    """A bar on the terminal's error stream; without a terminal, nothing."""
    if not is_terminal():
        yield leads
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Results that go into a file must not be caught by the bar; those on the same terminal must.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty(), transient=True) as bar:
        yield bar.track(leads, total=total)


def total_of(paths: Iterable[Path]) -> int | None:
    return len(paths) if isinstance(paths, list) else None
