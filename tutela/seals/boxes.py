"""A sealed box: AES-256-GCM whose associated data names what the box is about, so that a box moved to another row,
field or version does not open."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class BoxRefused(ValueError):
    """The box does not open with this key for this purpose: wrong key, altered bytes, or moved from elsewhere."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, plaintext: bytes, *, about: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, about.encode())


def unseal(key: bytes, box: bytes, *, about: str) -> bytes:
    if not box.startswith(_VERSION):
        raise BoxRefused("this box is of a version that is not known here")
    nonce, sealed = box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, about.encode())
    except (InvalidTag, ValueError) as error:
        raise BoxRefused("the box does not open with this key for this purpose") from error
