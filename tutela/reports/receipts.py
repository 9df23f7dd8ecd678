"""The receipt: what was accepted, what is missing and what follows from it, signed, so that it verifies offline."""

import json
from datetime import UTC, datetime
from typing import Any

from tutela.exchange.completeness import Completeness
from tutela.exchange.messages import Report as Message
from tutela.keys.keeper import house_signer
from tutela.law.bases import Basis, basis_on
from tutela.law.dates import day_of
from tutela.reports import tokens
from tutela.reports.fingerprints import FILE_KINDS
from tutela.reports.models import Item, Report
from tutela.seals.signatures import PublicKey

KIND = "receipt"
NOT_STORED = "hashed, not stored: keep the original"


def signing_key() -> PublicKey:
    """What a receipt is verified with; published, so that nobody has to ask us."""
    return house_signer().public


def legal_basis(message: Message, received_at: datetime) -> Basis | None:
    """On which basis the sender could have detected this; None where the kind of service was not said.

    A report is received whatever the answer: it is kept and flagged, never refused for a date.
    """
    if message.service == "other":
        return None
    on, encrypted = day_of(received_at), message.end_to_end_encrypted
    return basis_on(on, message.service, "detection", end_to_end_encrypted=encrypted)


def write_receipt(report: Report, items: list[Item], completeness: Completeness, basis: Basis | None) -> bytes:
    body: dict[str, Any] = {
        "report": report.number,
        "reference": report.reference,
        "received_at": _at(report.received_at),
        "finished_at": _at(report.finished_at),
        "issued_at": _at(datetime.now(UTC)),
        "body_sha256": bytes(report.body_sha256).hex(),
        "kind": report.kind,
        "items": [_item(item) for item in items],
        "original": NOT_STORED,
        "completeness": completeness.as_json(),
        "legal": _legal(basis),
        "complete_with": tokens.completing(report.number),
        "follow": f"/follow/{tokens.following(report.number)}",
    }
    # Signed over its canonical form; written in any form, since whoever verifies makes the canonical one again.
    statement = house_signer().statement(KIND, body)
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _item(item: Item) -> dict[str, Any]:
    hashes = {kind: bytes(value).hex() for kind in FILE_KINDS if (value := getattr(item, kind)) is not None}
    return {"position": item.position, "file_id": item.file_id, "hashes": hashes, "hashed_here": item.hashed_here}


def _legal(basis: Basis | None) -> dict[str, Any]:
    if basis is None:
        return {"checked": False, "sentence": "The kind of service was not stated, so no legal basis was looked up."}
    return {
        "checked": True,
        "allowed": basis.allowed,
        "basis": basis.basis_id,
        "sentence": basis.sentence,
        "certainty": str(basis.certainty),
    }


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
