"""Receive a whole report at once, and complete one later."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.exchange import messages
from tutela.exchange.sniff import check_no_media
from tutela.keys import actions as keys
from tutela.reports import tokens
from tutela.reports.actions.writing import (
    Draft,
    blinded,
    finish_writing,
    item_rows,
    original_row,
    subject,
    write_finished,
)
from tutela.reports.fingerprints import FILE_KINDS, Fingerprints
from tutela.reports.models import Item, News, Report, Resend
from tutela.reports.rules import check_move


class KeyReused(ValueError):
    """The same reference came with another body; nothing was changed."""


@dataclass(frozen=True)
class Received:
    report: Report
    receipt: bytes
    linked: bool


def receive(message: messages.Report, raw: bytes, *, by: Actor, channel: str, key: str | None = None) -> Received:
    """Accepted means committed: report, items, receipt and audit leaf are one transaction that ends before we answer.

    `key` is the sender's own number where the message holds none. Raises KeyReused, MediaRefused, BadDigest, NotYours.
    """
    check_may(by, Act.REPORT_SUBMIT, owner=by.organisation_id)
    check_no_media(message)
    draft = Draft.of(message, raw, by=by, channel=channel, reference=message.reference or key)
    number, already = next_number(draft)
    if already is None:
        try:
            with transaction.atomic():
                report, receipt = write_finished(draft, number=number, action="report.received")
            return Received(report, receipt, linked=False)
        except IntegrityError:
            # Another thread of the same sender was first with this very report: ours is the resend.
            _, already = next_number(draft)
            if already is None:
                raise
    return link_resend(already, draft)


_NUMBER = """
SELECT nextval('reports_report_number_seq'), COALESCE(
  (SELECT min(number) FROM reports_report WHERE organisation_id = %(by)s AND reference = ANY(%(references)s)),
  (SELECT min(number) FROM reports_report
   WHERE organisation_id = %(by)s AND body_sha256 = ANY(%(bodies)s) AND state IN ('open', 'finished')))
"""


def next_number(draft: Draft) -> tuple[int, int | None]:
    """A number for this report, and the number of the one it repeats, in one round trip; unused numbers are lost.

    The number is taken before the row is written, because the signed receipt names it.
    """
    body, reference = blinded(draft.sha256, draft.reference)
    said = {
        "by": draft.by.organisation_id,
        "references": [one for one in (draft.reference, reference) if one],
        "bodies": [draft.sha256, body],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, said)
        number, already = cursor.fetchone()
    return number, already


def link_resend(number: int, draft: Draft) -> Received:
    report = Report.objects.select_related("key").get(pk=number)
    if bytes(report.body_sha256) not in (draft.sha256, blinded(draft.sha256, None)[0]):
        raise KeyReused("this reference already names another report of yours; send the new report under a new one")
    return _linked(report, draft)


@transaction.atomic
def _linked(report: Report, draft: Draft) -> Received:
    """The answer to the same message; empty while the report is still open, and once it is erased."""
    Resend.objects.create(report=report)
    audit.record("report.resent", by=draft.by, subject=subject(report))
    receipt = report.receipts.filter(body_sha256=draft.sha256).order_by("id").first()
    return Received(report, bytes(receipt.statement) if receipt else b"", linked=True)


@transaction.atomic
def complete(number: int, message: messages.Report, raw: bytes, *, token: str, by: Actor) -> Received:
    """Put a fuller account in place of the first; what was first said stays, verbatim, beside it."""
    check_no_media(message)
    report = Report.objects.select_for_update().filter(pk=number).first()
    if report is None or not tokens.completes(number, token):
        raise NotYours("no such report")
    check_may(by, Act.REPORT_SUBMIT, owner=report.organisation_id)
    check_move(report.state, "complete")
    if report.erased_at is not None:
        raise keys.KeyDestroyed("this report was erased")
    draft = Draft.of(message, raw, by=by, channel=report.channel, reference=report.reference)
    if report.messages.filter(sha256=draft.sha256).exists():
        return _linked(report, draft)
    original_row(report, "complete", raw).save()
    fuller = _replace_items(report, draft)
    report.identifiers.all().delete()
    report.matched_at = None
    receipt = finish_writing(report, fuller, answers=draft.sha256, by=by, action="report.completed")
    News.objects.create(report=report, what=News.What.COMPLETED)
    return Received(report, receipt, linked=False)


def _replace_items(report: Report, draft: Draft) -> messages.Report:
    """The fuller account's items; what was hashed here from a stream stays, whether or not it is named again."""
    items, fingerprints = list(draft.message.items), list(draft.items)
    for old in report.items.filter(hashed_here=True).order_by("position"):
        same = next((new for new in fingerprints if new.values.get("sha256") == bytes(old.sha256)), None)
        if same is not None:
            same.hashed_here, same.size = True, old.size
            continue
        values = {kind: bytes(value) for kind in FILE_KINDS if (value := getattr(old, kind)) is not None}
        fingerprints.append(Fingerprints(values, old.pdq_quality, hashed_here=True, size=old.size))
        digests = [messages.Digest(algorithm=kind, value=value.hex()) for kind, value in values.items()]
        items.append(messages.Item(reference=old.file_id, digests=digests))
    report.items.all().delete()
    fuller = draft.message.model_copy(update={"items": items})
    Item.objects.bulk_create(item_rows(report, fuller, fingerprints))
    return fuller
