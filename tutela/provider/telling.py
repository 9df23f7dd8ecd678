"""What the commands around files say to a person beside their results: progress, endings, exit codes."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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


def write(line: str) -> None:
    """Ctrl-C waits for the end of the line; pressed again, where the reader does not read, it does not."""
    pressed: list[int] = []

    def wait(*_: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(1)

    before = signal.signal(signal.SIGINT, wait)
    try:
        click.echo(line, nl=False)
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def say(sentence: str) -> None:
    click.echo(sentence, err=True)


def counted(paths: Iterable[Path]) -> Iterable[Path]:
    """Where somebody watches, all are counted first, so that the bar has an end."""
    return list(paths) if sys.stderr.isatty() else paths


@contextmanager
def progress(leads: Iterable[Lead], *, total: int | None, what: str) -> Iterator[Iterable[Lead]]:
    """A bar on the terminal's error stream; without a terminal, nothing."""
    if not sys.stderr.isatty():
        yield leads
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Results that go into a file must not be caught by the bar; those on the same terminal must.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty(), transient=True) as bar:
        yield bar.track(leads, total=total)


def total_of(paths: Iterable[Path]) -> int | None:
    return len(paths) if isinstance(paths, list) else None
