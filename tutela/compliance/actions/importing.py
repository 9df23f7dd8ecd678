"""Take over a file: whole, or not at all. A file of the same kind that came before is replaced, and only that one."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text
from tutela.compliance import nim, register
from tutela.compliance.models import Batch, Decision, Measure
from tutela.compliance.rows import Remarks
from tutela.compliance.rules import Refused
from tutela.law.dates import today

_ROWS: dict[str, type[Measure] | type[Decision]] = {Batch.Kind.NIM: Measure, Batch.Kind.REGISTER: Decision}


def import_measures(file: BinaryIO, *, name: str, source: str, skip_other_acts: bool = False, by: Actor) -> Batch:
    """The list of national implementing measures, SPARQL JSON. Raises NotYours, ImportRefused with every problem."""
    check_may(by, Act.COMPLIANCE_IMPORT)
    content, measures, remarks = nim.read(file, today=today(), skip_other_acts=skip_other_acts)
    return _take_over(Batch.Kind.NIM, content, measures, remarks, name=name, source=source, by=by)


def import_decisions(file: BinaryIO, *, name: str, source: str, by: Actor) -> Batch:
    """The register of infringement decisions, CSV. Raises NotYours, ImportRefused with every problem."""
    check_may(by, Act.COMPLIANCE_IMPORT)
    content, decisions, remarks = register.read(file, today=today())
    return _take_over(Batch.Kind.REGISTER, content, decisions, remarks, name=name, source=source, by=by)


def _take_over(
    kind: Batch.Kind,
    content: bytes,
    rows: Sequence[nim.Notified] | Sequence[register.Decision],
    remarks: Remarks,
    *,
    name: str,
    source: str,
    by: Actor,
) -> Batch:
    if not source.strip():
        raise Refused("Say where the file was got: an address, or the name of the register and the day.")
    try:
        with transaction.atomic():
            return _replace(kind, content, rows, remarks, name=name, source=source.strip(), by=by)
    except IntegrityError as error:
        if "one_batch_of_a_kind_in_force" not in str(error):
            raise
        raise Refused("Somebody else imported such a file at the same moment: look at it, then repeat.") from None


def _replace(
    kind: Batch.Kind,
    content: bytes,
    rows: Sequence[nim.Notified] | Sequence[register.Decision],
    remarks: Remarks,
    *,
    name: str,
    source: str,
    by: Actor,
) -> Batch:
    digest = hashlib.sha256(content).digest()
    earlier = Batch.objects.in_force().select_for_update().filter(kind=kind).first()
    if earlier is not None and bytes(earlier.sha256) == digest:
        return earlier
    if earlier is not None:
        earlier.replaced_at = datetime.now(UTC)
        earlier.save(update_fields=["replaced_at"])
    batch = Batch.objects.create(
        kind=kind,
        source=source,
        name=name,
        sha256=digest,
        rows=len(rows),
        notes=[each.as_row() for each in remarks.notes],
        imported_by=actor_text(by),
        replaces=earlier,
    )
    model = _ROWS[kind]
    model.objects.bulk_create([model(batch=batch, **_columns(each)) for each in rows], batch_size=500)
    details = {"kind": str(kind), "sha256": digest.hex(), "rows": len(rows), "notes": len(remarks.notes)}
    replaced = {"replaces": earlier.pk} if earlier else {}
    audit.record("compliance.imported", by=by, subject=f"batch:{batch.pk}", details=details | replaced)
    return batch


def _columns(row: nim.Notified | register.Decision) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(row).items()}
