"""Make, use and destroy keys."""

import hmac
import unicodedata
import uuid
from datetime import UTC, datetime

from django.db import transaction

from tutela.audit import actions as audit
from tutela.audit.rules import Acting
from tutela.keys.keeper import blinding_key, wrapping_key
from tutela.keys.models import Key
from tutela.seals import boxes


class KeyDestroyed(LookupError):
    """What this key closed was erased."""


def create(purpose: str) -> Key:
    key = new(purpose)
    key.save(force_insert=True)
    return key


def new(purpose: str) -> Key:
    """A new key with its secret at hand; its caller writes it together with what it closes."""
    key_id, secret = uuid.uuid4(), boxes.new_key()
    key = Key(id=key_id, purpose=purpose, wrapped=boxes.seal(wrapping_key(), secret, about=f"key:{key_id}"))
    key._secret = secret
    return key


def _secret(key: Key) -> bytes:
    held: bytes | None = getattr(key, "_secret", None)
    if held is None:
        if key.wrapped is None:
            raise KeyDestroyed(f"the key of this {key.purpose} was destroyed")
        held = key._secret = boxes.unseal(wrapping_key(), bytes(key.wrapped), about=f"key:{key.pk}")
    return held


def seal(key: Key, plaintext: bytes, *, about: str) -> bytes:
    return boxes.seal(_secret(key), plaintext, about=about)


def unseal(key: Key, box: bytes, *, about: str) -> bytes:
    return boxes.unseal(_secret(key), bytes(box), about=about)


def commitment(key: Key, subject: str) -> str:
    """What the audit writes in place of a subject: only the holder of the key can tell whom it means."""
    return hmac.digest(_secret(key), b"audit subject:" + subject.encode(), "sha256").hex()


def blind(kind: str, value: str) -> bytes:
    """The same identifier always gives the same token, and the token does not give the identifier back."""
    plain = unicodedata.normalize("NFKC", value).strip().casefold()
    return hmac.digest(blinding_key(), f"{kind}:{plain}".encode(), "sha256")


@transaction.atomic
def destroy(key_id: uuid.UUID, *, by: Acting, reason: str) -> None:
    key = Key.objects.select_for_update().get(pk=key_id)
    if key.wrapped is None:
        return
    subject = commitment(key, f"key:{key.pk}")
    key.wrapped, key.destroyed_at = None, datetime.now(UTC)
    key.save(update_fields=["wrapped", "destroyed_at"])
    audit.record("key.destroyed", by=by, subject=subject, details={"purpose": key.purpose, "reason": reason})
