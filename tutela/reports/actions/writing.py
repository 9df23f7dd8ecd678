"""How a report is written down: sealed words, open facts, fingerprints, tokens, receipt. Used by every way in."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tutela.accounts.policy import Actor
from tutela.audit import actions as audit
from tutela.exchange import messages
from tutela.keys import actions as keys
from tutela.reports.completeness import completeness
from tutela.reports.fingerprints import Fingerprints, stated
from tutela.reports.identifiers import identifying
from tutela.reports.models import Identifier, Item, Message, Receipt, Report
from tutela.reports.places import country_hints
from tutela.reports.receipts import legal_basis, write_receipt
from tutela.reports.signals import signals

NO_LEGAL_BASIS = "no_legal_basis"


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


def subject(report: Report) -> str:
    """How the audit names this report: a commitment that only its key can tell."""
    return keys.commitment(report.key, f"report:{report.number}")


def write_open(draft: Draft) -> Report:
    """A report that is still being sent piece by piece."""
    report = _report(draft, state=Report.State.OPEN)
    report.sealed_message = _sealed(report, draft.message)
    report.save(force_insert=True)
    keep_original(report, "submit", draft.raw)
    return report


def write_finished(draft: Draft) -> tuple[Report, bytes]:
    report = _report(draft, state=Report.State.FINISHED)
    receipt = finish_writing(
        report, draft.message, by=draft.by, action="report.received", items=draft.items, raw=draft.raw
    )
    return report, receipt


def finish_writing(
    report: Report,
    message: messages.Report,
    *,
    by: Actor,
    action: str,
    items: list[Fingerprints] | None = None,
    raw: bytes | None = None,
) -> bytes:
    """Write the report's open facts, its items (where they are not yet), its identifiers, receipt and audit leaf.

    Returns the receipt.
    """
    found, basis = completeness(message), legal_basis(message, report.received_at)
    report.state = Report.State.FINISHED
    report.finished_at = report.finished_at or datetime.now(UTC)
    report.sealed_message = _sealed(report, message)
    report.completeness = found.points
    report.countries = list(dict.fromkeys(hint.country for hint in country_hints(message)))
    report.signals = signals(message)
    if basis is not None and not basis.allowed:
        report.flags = sorted({*report.flags, NO_LEGAL_BASIS})
    report.save(force_insert=report.pk is None, force_update=report.pk is not None)
    if raw is not None:
        keep_original(report, "submit", raw)
    rows = list(report.items.order_by("position")) if items is None else write_items(report, message, items)
    write_identifiers(report, message)
    receipt = write_receipt(report, rows, found, basis)
    Receipt.objects.create(report=report, statement=receipt)
    audit.record(action, by=by, subject=subject(report), details=_leaf(report, rows))
    return receipt


def _report(draft: Draft, *, state: str) -> Report:
    message, at = draft.message, datetime.now(UTC)
    return Report(
        organisation_id=draft.by.organisation_id,
        channel=draft.channel,
        state=state,
        reference=draft.reference,
        body_sha256=draft.sha256,
        kind=message.kind,
        service=message.service,
        incident_type=message.incident.type,
        incident_at=message.incident.at,
        key=keys.create("report"),
        received_at=at,
        modified_at=at,
    )


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


def keep_original(report: Report, kind: str, raw: bytes) -> None:
    digest = hashlib.sha256(raw).digest()
    sealed = keys.seal(report.key, raw, about=_about(report, f"original:{digest.hex()}"))
    Message.objects.create(report=report, kind=kind, sha256=digest, size=len(raw), sealed=sealed)


def original(report: Report, kept: Message) -> bytes:
    return keys.unseal(report.key, kept.sealed, about=_about(report, f"original:{bytes(kept.sha256).hex()}"))


def write_items(report: Report, message: messages.Report, items: list[Fingerprints]) -> list[Item]:
    rows = [
        item_row(report, position, said, fingerprints)
        for position, (said, fingerprints) in enumerate(zip(message.items, items, strict=True))
    ]
    return Item.objects.bulk_create(rows)


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


def write_identifiers(report: Report, message: messages.Report) -> None:
    Identifier.objects.bulk_create(
        Identifier(
            report=report, role=one.role, kind=one.kind, token=keys.blind(one.kind, one.value), strong=one.strong
        )
        for one in identifying(message, organisation_id=report.organisation_id)
    )


def _leaf(report: Report, rows: list[Item]) -> dict[str, Any]:
    return {
        "channel": report.channel,
        "kind": report.kind,
        "items": len(rows),
        "body_sha256": bytes(report.body_sha256).hex(),
        "completeness": report.completeness,
        "flags": report.flags,
    }
