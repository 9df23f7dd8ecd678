"""One hash on one line, with or without its kind: what people paste and hand-over files hold."""

import re
from typing import Final

from tutela.matching.hashes import KINDS, SIZE_BYTES, BadHash, Kind, parse_hash

# How the field writes the kinds, without case and punctuation. `video_md5` is the MD5 of a file like any other.
NAMES: Final[dict[str, Kind]] = {
    **{kind: kind for kind in KINDS},
    "pdqhash": "pdq",
    "imagepdq": "pdq",
    "videomd5": "md5",
    "sha": "sha1",
    "pdna": "photodna",
    "tmkpdqf": "tmk",
    "videotmk": "tmk",
    "videotmkpdqf": "tmk",
}
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]")
_HEX = re.compile(r"[0-9a-fA-F]+")
_BASE32 = re.compile(r"[2-7a-zA-Z]+=*")
# PDQ and SHA-256 have the same length, and no look at a value tells them apart.
_BY_HEX_LENGTH: Final[dict[int, tuple[Kind, ...]]] = {
    2 * SIZE_BYTES["md5"]: ("md5",),
    2 * SIZE_BYTES["sha1"]: ("sha1",),
    2 * SIZE_BYTES["sha256"]: ("pdq", "sha256"),
    2 * SIZE_BYTES["photodna"]: ("photodna",),
}
_BASE32_SHA1 = 32


def kind_named(name: str) -> Kind | None:
    """The kind behind a spelling of its name: SHA-1, sha_1 and SHA1 are one."""
    return NAMES.get(_NOT_IN_A_NAME.sub("", name.lower()))


def kinds_of(value: str) -> tuple[Kind, ...]:
    """What a bare hash may be; more than one for 64 hexadecimal characters, none for what is no hash."""
    if _HEX.fullmatch(value):
        return _BY_HEX_LENGTH.get(len(value), ())
    # As long as an MD5 in hexadecimal, but in other letters.
    return ("sha1",) if len(value) == _BASE32_SHA1 and _BASE32.fullmatch(value) else ()


def read_line(line: str, kind: Kind | None = None) -> list[tuple[Kind, bytes]]:
    """`KIND VALUE`, or a bare value, of `kind` where that is said; raises BadHash, which never repeats the line."""
    name, _, value = line.strip().partition(" ")
    if value.strip():
        named = kind_named(name)
        if named is None:
            raise BadHash(f"The first word is no kind of hash. Use one of: {', '.join(KINDS)}.")
        return [(named, parse_hash(named, value.strip()))]
    kinds = (kind,) if kind else kinds_of(name)
    if not kinds:
        raise BadHash("This is no hash by its length and letters; write its kind before it, as in: pdq VALUE.")
    return [(each, parse_hash(each, name)) for each in kinds]
