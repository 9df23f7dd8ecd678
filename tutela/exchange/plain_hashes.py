"""Bare hashes, one on each line: the smallest hand-over there is."""

from collections.abc import Iterator
from typing import BinaryIO

from tutela.exchange.hash_lines import kinds_of
from tutela.exchange.hash_lists import Refused, Row, Told, hash_row
from tutela.exchange.lines import first_line, lines

ABOUT = "one MD5, SHA-1, SHA-256, PDQ or PhotoDNA hash on each line"


def looks_like(head: str) -> bool:
    line = first_line(head)
    return bool(line) and " " not in line and bool(kinds_of(line))


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    for number, line in lines(stream):
        if " " in line:
            yield Refused(number, "A line holds one hash and nothing else; KIND VALUE is the format threatexchange.")
            continue
        kinds = (told.kind,) if told.kind else kinds_of(line)
        if len(kinds) != 1:
            yield Refused(number, _SAY_WHICH if kinds else "This is no hash by its length and letters.")
            continue
        yield hash_row(number, kinds[0], line)


_SAY_WHICH = "64 hexadecimal characters are a PDQ hash or a SHA-256: say which, with --kind."
