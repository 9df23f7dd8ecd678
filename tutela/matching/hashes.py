"""Hashes as values: every spelling the field uses goes in, one canonical form comes out.

A hash is sensitive (a list of them helps those who evade it), so no error repeats what it was given.
"""

import re
from base64 import b32decode, b32encode, b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from tutela.matching.urls import BadUrl, url_key

Kind: TypeAlias = Literal["pdq", "md5", "sha1", "sha256", "url", "photodna", "tmk"]
Pdq: TypeAlias = bytes
"""32 bytes, the most significant bit of PDQ's published hexadecimal form first."""

KINDS: tuple[Kind, ...] = get_args(Kind)
SIZE_BYTES: dict[str, int] = {
    "pdq": 32,
    "md5": 16,
    "sha1": 20,
    "sha256": 32,
    "url": 32,
    "photodna": 144,
    "tmk": 263_344,
}
_LABELS = {
    "pdq": "A PDQ hash",
    "md5": "An MD5",
    "sha1": "A SHA-1",
    "sha256": "A SHA-256",
    "photodna": "A PhotoDNA hash",
    "tmk": "A TMK hash",
}
# Licensed or bulky formats that Tutela carries and never computes; the field writes them in base64.
_OPAQUE = frozenset({"photodna", "tmk"})
_TMK_MAGIC = b"TMK1"

_HEX = re.compile(r"[0-9a-fA-F]*")
_BASE64 = re.compile(r"[0-9a-zA-Z+/]*")
_BASE32 = re.compile(r"[2-7a-zA-Z]*")


class BadHash(ValueError):
    """What was given is no such hash; the message says what to change and never repeats the value."""


def parse_hash(kind: str, text: str) -> bytes:
    """The value behind any spelling: hexadecimal in either case, base64 (also URL-safe), base32, padded or not.

    For "url" the text is the address itself and the value is the SHA-256 of its canonical form; that value in
    hexadecimal is read too. No address is written so: a name in it has at most 63 characters between two dots.
    """
    if kind == "url":
        if len(key := text.strip()) == 2 * SIZE_BYTES["url"] and _HEX.fullmatch(key):
            return bytes.fromhex(key)
        try:
            return url_key(text)
        except BadUrl as refusal:
            raise BadHash(str(refusal)) from None
    if kind not in SIZE_BYTES:
        raise BadHash(f"This kind of hash is not known. Use one of: {', '.join(KINDS)}.")
    value = _decode(text.strip(), SIZE_BYTES[kind])
    if value is None:
        raise BadHash(_advice(kind, text.strip()))
    if kind == "tmk" and not value.startswith(_TMK_MAGIC):
        raise BadHash("A TMK hash begins with the four bytes TMK1. Send the .tmk file unchanged, in base64.")
    return value


def parse_pdq(text: str) -> Pdq:
    return parse_hash("pdq", text)


def hash_text(kind: str, value: bytes) -> str:
    """The one canonical spelling: lower-case hexadecimal, or base64 for the opaque kinds. Inverse of `parse_hash`."""
    return b64encode(value).decode("ascii") if kind in _OPAQUE else value.hex()


def pdq_hex(value: Pdq) -> str:
    if len(value) != SIZE_BYTES["pdq"]:
        raise BadHash("A PDQ hash is 32 bytes.")
    return value.hex()


def popcount(value: bytes) -> int:
    """How many bits are set. A PDQ hash of an ordinary picture has 128 of 256."""
    return int.from_bytes(value, "big").bit_count()


def distance_bits(one: bytes, other: bytes) -> int:
    """Hamming distance of two hashes of equal length."""
    if len(one) != len(other):
        raise BadHash("Only hashes of the same length can be compared.")
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _decode(text: str, size: int) -> bytes | None:
    """Tries the spelling whose length fits, without padding: a padded base32 MD5 is as long as a hexadecimal one."""
    bare = text.rstrip("=")
    if len(text) - len(bare) > 6:
        return None
    if len(text) == 2 * size and text == bare:
        return bytes.fromhex(text) if _HEX.fullmatch(text) else None
    if len(bare) == _length(size, 6):
        return _strict(bare.translate(_URL_SAFE), _BASE64, 4, b64decode, b64encode)
    if len(bare) == _length(size, 5):
        return _strict(bare.upper(), _BASE32, 8, b32decode, b32encode)
    return None


_URL_SAFE = str.maketrans("-_", "+/")


def _length(size: int, bits_per_character: int) -> int:
    return -(-8 * size // bits_per_character)


def _strict(
    bare: str,
    alphabet: re.Pattern[str],
    group: int,
    decode: Callable[[str], bytes],
    encode: Callable[[bytes], bytes],
) -> bytes | None:
    if not alphabet.fullmatch(bare):
        return None
    padded = bare + "=" * (-len(bare) % group)
    try:
        value = decode(padded)
    except (Base64Error, ValueError):
        return None
    # Left-over bits that are not zero mean a damaged text: two spellings must never share one value by accident.
    return value if encode(value).decode("ascii") == padded else None


def _advice(kind: str, text: str) -> str:
    size = SIZE_BYTES[kind]
    wanted = f"{_LABELS[kind]} is {2 * size} hexadecimal characters, or the same {size} bytes in base64 or base32"
    if len(text) == 2 * size:
        return f"{wanted}. This one has the right length but other characters than 0-9 and a-f."
    return f"{wanted}. This one has {len(text)} characters, or characters that belong to none of these."
