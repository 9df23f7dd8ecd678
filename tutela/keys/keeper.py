"""The house's own keys: files of this installation, never rows of the database."""

import os
from functools import cache

from django.conf import settings

from tutela.seals import boxes
from tutela.seals.signatures import Signer, write_secret_once


@cache
def _secret(name: str) -> bytes:
    path = settings.KEYS_HOME / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret_once(path, os.urandom(boxes.KEY_BYTES))
    return path.read_bytes()


def wrapping_key() -> bytes:
    return _secret("wrapping")


def blinding_key() -> bytes:
    """For keyed tokens of identifiers: without this file a stolen database does not tell whose they are."""
    return _secret("blinding")


@cache
def house_signer() -> Signer:
    """Signs receipts, dossiers and audit heads; its public key is published."""
    return Signer.kept_at(settings.KEYS_HOME / "signing")
