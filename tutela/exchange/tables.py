"""Hash lists as tables: columns found by their names, however they are spelled, in the order of the file."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple

from tutela.exchange.hash_lines import NAMES
from tutela.exchange.hash_lists import Refused, Row, hash_row
from tutela.exchange.lines import all_lines, first_line
from tutela.exchange.packed import BadFile
from tutela.matching.hashes import Kind

# An address in a table tells where something was found, and is no entry of a list of hashes.
HASHES: Final[dict[str, Kind]] = {name: kind for name, kind in NAMES.items() if kind != "url"}
_SEPARATORS: Final = ";,\t|"
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
_ABSENT: Final = frozenset({"", "null", "none", "n/a", "-"})


class Line(NamedTuple):
    """Cells by the plain names of their columns; absent ones are not there."""

    row: int
    cells: Mapping[str, str]


def plain(name: str) -> str:
    """A column's name without case and punctuation."""
    return _NOT_IN_A_NAME.sub("", name.lower())


def columns(head: str) -> list[str]:
    """The plain names in a file's first line; none where it is no table."""
    line = first_line(head)
    return [plain(name) for name in next(csv.reader([line], delimiter=_separator(line)), [])]


def table(stream: BinaryIO) -> Iterator[Line | Refused]:
    """Raises BadFile where no column is named after a kind of hash, or two have one name."""
    numbered = all_lines(stream)
    _, first = next(((number, line) for number, line in numbered if line.strip()), (0, ""))
    names = columns(first)
    if not HASHES.keys() & set(names):
        raise BadFile("The first line must name the columns, one of them MD5, SHA1, SHA256, PDQ or PhotoDNA.")
    if doubled := {name for name in names if name and names.count(name) > 1}:
        raise BadFile(f"{len(doubled)} columns have the name of another.")
    separator = _separator(first)
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            cells = next(csv.reader([line], delimiter=separator, strict=True), [])
        except csv.Error:
            yield Refused(number, "This row opens a quotation that does not end on its line.")
            continue
        if len(cells) != len(names):
            yield Refused(number, f"This row has {len(cells)} cells; the first line names {len(names)} columns.")
            continue
        said = zip(names, (cell.strip() for cell in cells), strict=True)
        yield Line(number, {name: cell for name, cell in said if cell.lower() not in _ABSENT})


def hash_rows(line: Line, *, reference: str, tier: str, classification: str) -> Iterator[Row]:
    """One entry for each hash in the row."""
    found = [(HASHES[name], cell) for name, cell in line.cells.items() if name in HASHES]
    if not found:
        yield Refused(line.row, "This row holds no hash.")
    for kind, text in found:
        yield hash_row(line.row, kind, text, reference=reference, tier=tier, classification=classification)


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)
