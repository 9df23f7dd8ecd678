"""Which files a command is about: those named, those in the directories named, those on a list of paths."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO


def walked(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they were named; directories from top to bottom in the order of their names.

    Below a directory no link is followed, so that no file comes twice and no walk goes round in a ring, and what is no
    regular file (a pipe, a device) is passed over. A directory that cannot be opened comes as its own path, so that
    whoever reads it says why.
    """
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(directory: Path) -> Iterator[Path]:
    """Without recursion: directories may be nested deeper than calls may."""
    waiting = [(directory, True)]
    while waiting:
        path, is_directory = waiting.pop()
        if not is_directory:
            yield path
            continue
        try:
            with os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: entry.name, reverse=True)
        except OSError:
            yield path
            continue
        kinds = ((Path(entry.path), entry.is_dir(follow_symlinks=False), entry) for entry in entries)
        waiting += [(path, is_dir) for path, is_dir, entry in kinds if is_dir or entry.is_file(follow_symlinks=False)]


def listed(stream: BinaryIO) -> Iterator[Path]:
    """One path on each line, or between zero bytes as `find -print0` writes them."""
    written = stream.read()
    between = b"\0" if b"\0" in written else b"\n"
    for path in written.split(between):
        if path.strip():
            yield Path(os.fsdecode(path.rstrip(b"\r") if between == b"\n" else path))


def shown(path: Path) -> str:
    """A name that can be written as UTF-8, whatever bytes the file system holds."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")
