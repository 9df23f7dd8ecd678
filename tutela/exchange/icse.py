"""INTERPOL's ICSE database as a table, in the columns that forensic tools read.

The header was read in the open source of IPED (`HashDBTool`), certainty: secondary; INTERPOL publishes no format.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from tutela.exchange.hash_lists import Refused, Row, Told
from tutela.exchange.tables import Line, columns, hash_rows, table

ABOUT = "INTERPOL's ICSE table: MD5;SHA1;PhotoDNA;Image ID;…;Baseline"

_OWN: Final = {"md5", "imageid", "baseline"}
_YES: Final = frozenset({"true", "yes", "y", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})


def looks_like(head: str) -> bool:
    return set(columns(head)) >= _OWN


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    for line in table(stream):
        yield from [line] if isinstance(line, Refused) else _entries(line)


def _entries(line: Line) -> Iterator[Row]:
    """Names of series and what is said of victims and offenders stay behind: matching needs none of it."""
    said = line.cells.get("baseline", "").lower()
    if said and said not in _YES | _NO:
        yield Refused(line.row, "Baseline is true or false.")
        return
    is_baseline = said in _YES
    yield from hash_rows(
        line,
        reference=line.cells.get("imageid", ""),
        tier="baseline" if is_baseline else "",
        classification="icse:baseline" if is_baseline else "icse",
    )
