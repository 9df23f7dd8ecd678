"""Lines that a stranger wrote: numbered from 1, bounded in length, empty ones and comments left out."""

from collections.abc import Iterator
from typing import BinaryIO

from tutela.exchange.packed import BadFile

# A TMK hash in base64 is the longest thing that stands on a line.
LONGEST_BYTES = 1024 * 1024


def lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Raises BadFile for what is no text in lines."""
    for number, text in all_lines(stream):
        line = text.strip()
        if line and not line.startswith("#"):
            yield number, line


def all_lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := stream.readline(LONGEST_BYTES + 1):
        number += 1
        if len(line) > LONGEST_BYTES:
            raise BadFile(f"Line {number} is longer than {LONGEST_BYTES} bytes: this is no list of hashes in lines.")
        try:
            yield number, line.decode("utf-8")
        except UnicodeDecodeError:
            raise BadFile(f"Line {number} is not UTF-8; save the file as UTF-8.") from None


def first_line(head: str) -> str:
    """The first that says something, to tell formats apart by."""
    return next((line.strip() for line in head.splitlines() if line.strip() and not line.startswith("#")), "")
