"""JSON that is too long to be held: read event by event, with its faults said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from tutela.exchange.packed import BadFile


@contextmanager
def said_plainly() -> Iterator[None]:
    """ijson's own messages quote the input."""
    try:
        yield
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("This is no JSON, or it was cut short.") from None


def items(stream: BinaryIO, prefix: str) -> Iterator[Any]:
    with said_plainly():
        yield from ijson.items(stream, prefix, use_float=True)


def scalar(stream: BinaryIO, *names: str) -> Any:
    """The first value at the top of the document that has one of these names, wherever it stands; None without one."""
    with said_plainly():
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if prefix in names and event in ("string", "number", "boolean", "null"):
                return value
    return None
