"""How a report is written down: sealed words, open facts, fingerprints, tokens, receipt. Used by every way in."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tutela.accounts.policy import Actor
from tutela.audit import actions as audit
from tutela.exchange import messages
from tutela.exchange.completeness import Completeness, completeness
from tutela.keys import actions as keys
from tutela.law.bases import Basis
from tutela.reports.actions.together import write_together
from tutela.reports.fingerprints import Fingerprints, stated
from tutela.reports.identifiers import identifying
from tutela.reports.models import Identifier, Item, Message, Receipt, Report
from tutela.reports.places import country_hints
from tutela.reports.receipts import legal_basis, write_receipt
from tutela.reports.signals import signals

NO_LEGAL_BASIS = "no_legal_basis"
ERASED = "report:erased"


@dataclass(frozen=True)
class Draft:
    """A report that was read and checked, not yet written."""

    message: messages.Report
    raw: bytes
    sha256: bytes
    by: Actor
    channel: str
    reference: str | None
    items: list[Fingerprints]

    @classmethod
    def of(cls, message: messages.Report, raw: bytes, *, by: Actor, channel: str, reference: str | None) -> "Draft":
        items = [stated(item, where=f"items.{position}") for position, item in enumerate(message.items)]
        return cls(message, raw, hashlib.sha256(raw).digest(), by, channel, reference, items)


def blinded(sha256: bytes, reference: str | None) -> tuple[bytes, str | None]:
    """What is kept of an erased report's body and number: a resend is still known, and nothing is given away."""
    known = keys.blind("erased reference", reference).hex() if reference else None
    return keys.blind("erased body", sha256.hex()), known and f"erased:{known}"


def subject(report: Report) -> str:
    """How the audit names this report: a commitment that only its key can tell; once that is gone, nobody can."""
    if report.erased_at is not None:
        return ERASED
    return keys.commitment(report.key, f"report:{report.number}")


def write_open(draft: Draft, *, number: int, action: str) -> Report:
    """A report that is still being sent piece by piece."""
    report = _report(draft, number=number, state=Report.State.OPEN)
    report.sealed_message = _sealed(report, draft.message)
    leaf = audit.leaf(action, by=draft.by, subject=subject(report), details={"channel": draft.channel})
    write_together([report.key, report, original_row(report, "submit", draft.raw), leaf])
    return report


def write_finished(draft: Draft, *, number: int, action: str) -> tuple[Report, bytes]:
    """A whole report, everything about it in one round trip; returns it with its receipt."""
    report = _report(draft, number=number, state=Report.State.FINISHED)
    found, basis = _state_facts(report, draft.message)
    items = item_rows(report, draft.message, draft.items)
    receipt = receipt_row(report, write_receipt(report, items, found, basis), answers=draft.sha256)
    leaf = audit.leaf(action, by=draft.by, subject=subject(report), details=_details(report, items))
    original = original_row(report, "submit", draft.raw)
    identifiers = identifier_rows(report, draft.message)
    write_together([report.key, report, original, *items, *identifiers, receipt, leaf])
    return report, receipt.statement


def finish_writing(report: Report, message: messages.Report, *, answers: bytes, by: Actor, action: str) -> bytes:
    """Write down what a report whose items are already kept says as a whole; returns the receipt."""
    report.state = Report.State.FINISHED
    found, basis = _state_facts(report, message)
    report.save(force_update=True)
    items = list(report.items.order_by("position"))
    receipt = receipt_row(report, write_receipt(report, items, found, basis), answers=answers)
    leaf = audit.leaf(action, by=by, subject=subject(report), details=_details(report, items))
    write_together([*identifier_rows(report, message), receipt, leaf])
    return receipt.statement


def _state_facts(report: Report, message: messages.Report) -> tuple[Completeness, Basis | None]:
    """Fill the open columns from what is said; the words themselves are sealed."""
    found, basis = completeness(message), legal_basis(message, report.received_at)
    report.finished_at = report.finished_at or datetime.now(UTC)
    report.sealed_message = _sealed(report, message)
    report.completeness = found.points
    report.countries = list(dict.fromkeys(hint.country for hint in country_hints(message)))
    report.signals = signals(message)
    if basis is not None and not basis.allowed:
        report.flags = sorted({*report.flags, NO_LEGAL_BASIS})
    return found, basis


def _report(draft: Draft, *, number: int, state: str) -> Report:
    message, at = draft.message, datetime.now(UTC)
    return Report(
        number=number,
        organisation_id=draft.by.organisation_id,
        channel=draft.channel,
        state=state,
        reference=draft.reference,
        body_sha256=draft.sha256,
        kind=message.kind,
        service=message.service,
        incident_type=message.incident.type,
        incident_at=_in_utc(message.incident.at),
        key=keys.new("report"),
        received_at=at,
        modified_at=at,
    )


def _in_utc(at: datetime) -> datetime:
    """A sender may state any offset; PostgreSQL takes none beyond 16 hours. What was said stays in the message."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def _about(report: Report, what: str) -> str:
    return f"report:{report.key_id}:{what}"


def _sealed(report: Report, message: messages.Report) -> bytes:
    return keys.seal(report.key, message.model_dump_json(exclude_none=True).encode(), about=_about(report, "message"))


def sealed_again(report: Report, message: messages.Report) -> None:
    report.sealed_message = _sealed(report, message)
    report.modified_at = datetime.now(UTC)
    report.save(update_fields=["sealed_message", "modified_at", "flags"])


def unsealed(report: Report) -> messages.Report:
    box = bytes(report.sealed_message) if report.sealed_message is not None else b""
    return messages.Report.model_validate_json(keys.unseal(report.key, box, about=_about(report, "message")))


def original_row(report: Report, kind: str, raw: bytes) -> Message:
    digest = hashlib.sha256(raw).digest()
    sealed = keys.seal(report.key, raw, about=_about(report, f"original:{digest.hex()}"))
    return Message(report=report, kind=kind, sha256=digest, size=len(raw), sealed=sealed, received_at=datetime.now(UTC))


def receipt_row(report: Report, statement: bytes, *, answers: bytes) -> Receipt:
    """`answers` is the hash of the message that this receipt answers."""
    return Receipt(report=report, statement=statement, body_sha256=answers, issued_at=datetime.now(UTC))


def original(report: Report, kept: Message) -> bytes:
    return keys.unseal(report.key, kept.sealed, about=_about(report, f"original:{bytes(kept.sha256).hex()}"))


def item_rows(report: Report, message: messages.Report, items: list[Fingerprints]) -> list[Item]:
    return [
        item_row(report, position, said, fingerprints)
        for position, (said, fingerprints) in enumerate(zip(message.items, items, strict=True))
    ]


def item_row(report: Report, position: int, said: messages.Item, fingerprints: Fingerprints, file_id: str = "") -> Item:
    return Item(
        report=report,
        position=position,
        file_id=file_id or uuid.uuid4().hex,
        **item_facts(said),
        **fingerprints.columns(),
    )


def item_facts(said: messages.Item) -> dict[str, Any]:
    return {
        "labels": [str(annotation) for annotation in said.annotations],
        "classification": said.classification or "",
        "viewed_by_provider": said.viewed_by_provider,
        "keep_until": said.original.until if said.original else None,
    }


def identifier_rows(report: Report, message: messages.Report) -> list[Identifier]:
    return [
        Identifier(
            report=report, role=one.role, kind=one.kind, token=keys.blind(one.kind, one.value), strong=one.strong
        )
        for one in identifying(message, organisation_id=report.organisation_id)
    ]


def _details(report: Report, rows: list[Item]) -> dict[str, Any]:
    return {
        "channel": report.channel,
        "kind": report.kind,
        "items": len(rows),
        # A hash in the clear would tell, after erasure, which rows of the record were this report's.
        "body": keys.commitment(report.key, f"body:{bytes(report.body_sha256).hex()}"),
        "completeness": report.completeness,
        "flags": report.flags,
    }
