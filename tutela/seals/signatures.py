"""Ed25519 signatures over canonical JSON. A signed statement says what kind of statement it is, inside the signature,
so that a receipt can never be passed off as an audit head."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tutela.seals.canonical import canonical

ALGORITHM = "Ed25519"


class BadSignature(ValueError):
    """The statement is not what the named key signed."""


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class PublicKey:
    raw: bytes

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def text(self) -> str:
        return _b64(self.raw)

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        try:
            raw = base64.b64decode(text.strip(), validate=True)
        except ValueError as error:
            raise BadSignature("a public key is 32 bytes in base64") from error
        if len(raw) != 32:
            raise BadSignature("a public key is 32 bytes in base64")
        return cls(raw)

    def check(self, signature: bytes, data: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise BadSignature("the signature does not fit the statement") from error


class Signer:
    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def new(cls) -> "Signer":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def kept_at(cls, path: Path) -> "Signer":
        """The key kept in this file, made on first use; readable by its owner alone from its first byte."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            write_secret_once(path, raw)
        return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)

    def statement(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        signature = self.sign(canonical({"kind": kind, "body": body}))
        return {
            "kind": kind,
            "body": body,
            "signature": {"algorithm": ALGORITHM, "key_id": self.public.key_id, "value": _b64(signature)},
        }


def write_secret_once(path: Path, raw: bytes) -> None:
    """Processes and threads may start at once: the first complete file wins, and no half-written key is ever read."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def verify_statement(statement: Any, kind: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The body of a signed statement of this kind; raises BadSignature with the reason."""
    try:
        body, said, signature = statement["body"], statement["kind"], statement["signature"]
        key_id, value, algorithm = signature["key_id"], signature["value"], signature["algorithm"]
        raw = base64.b64decode(value, validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise BadSignature("a signed statement has kind, body and signature {algorithm, key_id, value}") from error
    if said != kind or algorithm != ALGORITHM or not isinstance(body, dict):
        raise BadSignature(f"this is not a statement of kind {kind!r} signed with {ALGORITHM}")
    key = next((key for key in keys if key.key_id == key_id), None)
    if key is None:
        raise BadSignature("the statement names a signing key that is not among the trusted ones")
    try:
        data = canonical({"kind": said, "body": body})
    except ValueError as error:
        raise BadSignature("the statement is not canonical JSON") from error
    key.check(raw, data)
    return body
