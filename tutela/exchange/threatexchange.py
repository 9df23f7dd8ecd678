"""`<signal_type> <signal>` lines, as python-threatexchange reads and writes them in local files.

Read from its source (`exchanges/impl/file_api.py`, baefb4e, July 2026, BSD licence), certainty: verified there.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from tutela.exchange.hash_lines import kind_named
from tutela.exchange.hash_lists import Refused, Row, SetAside, Told, hash_row
from tutela.exchange.lines import first_line, lines

ABOUT = "lines of `<signal_type> <signal>`, as python-threatexchange's local files"

# Known signal types that no hash list of ours can answer for.
_NOT_MATCHED: Final = {
    "raw_text": "text is not matched here",
    "trend_query": "text is not matched here",
    # Made from an address spelled otherwise than ours: the same page would have another value.
    "url_md5": "an MD5 of an address in another canonical form",
    "tlsh_pdf": "a kind of hash that is not matched here",
    "pdq_ocr": "a kind of hash that is not matched here",
}


def looks_like(head: str) -> bool:
    name, _, value = first_line(head).partition(" ")
    return bool(value.strip()) and (name in _NOT_MATCHED or kind_named(name) is not None)


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    for number, line in lines(stream):
        name, _, value = line.partition(" ")
        kind = kind_named(name)
        if name in _NOT_MATCHED:
            yield SetAside(number, _NOT_MATCHED[name])
        elif kind is None or not value.strip():
            yield Refused(number, "A line is a signal type, a space and the signal, as in: pdq VALUE.")
        else:
            yield hash_row(number, kind, value)
