"""Erase a report: its key is destroyed, so that every copy of its words is unreadable, in backups too."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.keys import actions as keys
from tutela.reports.actions.writing import blinded, subject
from tutela.reports.models import Report

# Of an item what could be matched or found again; how many there were, and what they matched, stays as a count.
_ITEM = {
    "md5": None,
    "sha1": None,
    "sha256": None,
    "pdq": None,
    "pdq_quality": None,
    "url_key": None,
    "size": None,
    "labels": [],
    "classification": "",
    "viewed_by_provider": None,
    "keep_until": None,
}


@transaction.atomic
def erase(number: int, *, by: Actor, reason: str) -> Report:
    """`reason` is a code, never a sentence about anybody. What is erased already stays as it is."""
    check_may(by, Act.KEY_DESTROY)
    report = Report.objects.select_for_update(of=("self",)).select_related("key").filter(pk=number).first()
    if report is None:
        raise NotYours("no such report")
    if report.erased_at is not None:
        return report
    details = {"reason": reason, "items": report.items.count(), "messages": report.messages.count()}
    audit.record("report.erased", by=by, subject=subject(report), details=details)
    report.messages.all().delete()
    report.receipts.all().delete()
    report.identifiers.all().delete()
    report.items.update(**_ITEM)
    report.sealed_message, report.signals, report.countries = None, [], []
    report.body_sha256, report.reference = blinded(bytes(report.body_sha256), report.reference)
    report.erased_at = datetime.now(UTC)
    report.save(update_fields=["sealed_message", "signals", "countries", "body_sha256", "reference", "erased_at"])
    keys.destroy(report.key_id, by=by, reason=reason)
    return report
