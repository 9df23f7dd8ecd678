"""A table of hashes with a severity, as members of the Internet Watch Foundation receive it.

The foundation's own layout is not public: columns are found by their names, and only what is documented of the content
is understood (PhotoDNA, MD5, SHA-1, SHA-256 and the severity A, B or C), certainty: secondary.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from tutela.exchange.hash_lists import Refused, Row, Told
from tutela.exchange.tables import HASHES, Line, columns, hash_rows, table

ABOUT = "a table with a column for each kind of hash, and the IWF's severity A, B or C"

_SEVERITY: Final = ("severity", "category", "iwfcategory", "iwfseverity")
_REFERENCE: Final = ("reference", "id", "imageid", "hashid", "reportid")
_LETTERS: Final = {letter: letter[-1] for letter in ("A", "B", "C", "CATEGORY A", "CATEGORY B", "CATEGORY C")}


def looks_like(head: str) -> bool:
    return bool(HASHES.keys() & set(columns(head)))


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    for line in table(stream):
        yield from [line] if isinstance(line, Refused) else _entries(line)


def _entries(line: Line) -> Iterator[Row]:
    said = _first(line, _SEVERITY)
    if said and said.upper() not in _LETTERS:
        yield Refused(line.row, "The severity is A, B or C.")
        return
    classification = f"iwf:{_LETTERS[said.upper()]}" if said else ""
    yield from hash_rows(line, reference=_first(line, _REFERENCE), tier="", classification=classification)


def _first(line: Line, names: tuple[str, ...]) -> str:
    return next((line.cells[name] for name in names if name in line.cells), "")
