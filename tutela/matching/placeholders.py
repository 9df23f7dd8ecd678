"""Values that stand for nothing: a list that holds one would match every empty file or every flat picture."""

from hashlib import new
from typing import Final

from tutela.matching.hashes import popcount

# Solid colours were measured at 0 to 80 bits; a picture and its negative are mirror images in this.
DEGENERATE_AT_MOST: Final = 80
DEGENERATE_AT_LEAST: Final = 256 - DEGENERATE_AT_MOST
_OF_NOTHING: Final = frozenset(new(kind, usedforsecurity=False).digest() for kind in ("md5", "sha1", "sha256"))


def is_placeholder(kind: str, value: bytes) -> bool:
    """The digest of an empty file, one byte repeated, or a PDQ hash as an empty picture has it."""
    if kind == "pdq":
        return not DEGENERATE_AT_MOST < popcount(value) < DEGENERATE_AT_LEAST
    return value in _OF_NOTHING or len(set(value)) == 1
