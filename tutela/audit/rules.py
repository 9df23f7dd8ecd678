"""How a leaf is written down and how the chain is computed; pure, so that a court can recompute it with this file."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Protocol

from tutela.seals.canonical import canonical

GENESIS = hashlib.sha256(b"tutela audit chain").digest()


class Acting(Protocol):
    kind: str
    id: str
    organisation_id: int | None


def leaf_content(
    *,
    at: datetime,
    by: Acting,
    action: str,
    subject: str,
    purpose: str = "",
    recipient: str = "",
    details: dict[str, Any] | None = None,
) -> bytes:
    """Directive (EU) 2016/680, Article 25: what was done, when, by whom, why, and to whom it was given."""
    return canonical(
        {
            "version": 1,
            "at": at.astimezone(UTC).isoformat(),
            "actor": {"kind": by.kind, "id": by.id, "organisation": by.organisation_id},
            "action": action,
            "subject": subject,
            "purpose": purpose,
            "recipient": recipient,
            "details": details or {},
        }
    )


def actor_text(by: Acting) -> str:
    return f"{by.kind}:{by.id}"


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def link_hash(before: bytes, *, seq: int, leaf_id: int, leaf: bytes) -> bytes:
    """The place and the number of the leaf are inside the hash, so that two leaves cannot change places."""
    return hashlib.sha256(b"\x01" + before + seq.to_bytes(8, "big") + leaf_id.to_bytes(8, "big") + leaf).digest()
