"""A report that comes in pieces, as on the CyberTipline wire: open, add files and details, finish or retract."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.exchange import messages
from tutela.exchange.cybertip import kind_of
from tutela.exchange.sniff import check_no_media
from tutela.reports.actions.receiving import Received, link_resend, next_number
from tutela.reports.actions.writing import (
    Draft,
    finish_writing,
    item_facts,
    item_row,
    original_row,
    sealed_again,
    subject,
    unsealed,
    write_open,
)
from tutela.reports.fingerprints import Fingerprints, stated
from tutela.reports.models import Item, Report
from tutela.reports.rules import OPEN, OPEN_FOR, QUIET_FOR, check_move

HASHES_DIFFER = "hashes_differ"


class NoSuchFile(LookupError):
    """This report holds no file of that id."""


def open_report(message: messages.Report, raw: bytes, *, by: Actor, channel: str) -> Received:
    check_may(by, Act.REPORT_SUBMIT, owner=by.organisation_id)
    check_no_media(message)
    draft = Draft.of(message, raw, by=by, channel=channel, reference=None)
    number, already = next_number(draft)
    if already is None:
        try:
            with transaction.atomic():
                report = write_open(draft, number=number, action="report.opened")
            return Received(report, b"", linked=False)
        except IntegrityError:
            _, already = next_number(draft)
            if already is None:
                raise
    return link_resend(already, draft)


@transaction.atomic
def add_file(number: int, found: Fingerprints, *, by: Actor) -> Item:
    """A file that was hashed from its stream and dropped. The same bytes again are the same file: a retry."""
    report = _locked(number, by)
    check_move(report.state, "add")
    same = report.items.filter(sha256=found.values["sha256"], hashed_here=True).first()
    if same is not None:
        return same
    message = unsealed(report)
    said = messages.Item(pdq_quality=found.pdq_quality)
    item = item_row(report, len(message.items), said, found)
    item.save()
    _say_items(report, message, [*message.items, said.model_copy(update={"reference": item.file_id})])
    audit.record("report.file_hashed", by=by, subject=subject(report), details={"position": item.position})
    return item


@transaction.atomic
def add_details(number: int, file_id: str | None, said: messages.Item, raw: bytes, *, by: Actor) -> Item:
    """Details of a file sent before, or, without a file id, of one that is known by its hashes alone."""
    check_no_media(said)
    found = stated(said, where="fileDetails")
    report = _locked(number, by)
    check_move(report.state, "add")
    message = unsealed(report)
    item = report.items.filter(file_id=file_id).first() if file_id else _by_hashes_alone(report, found)
    if item is None and file_id:
        raise NoSuchFile("this report holds no file of that id")
    original_row(report, "fileinfo", raw).save()
    if item is None:
        item = item_row(report, len(message.items), said, found)
        item.save()
    else:
        _amend(report, item, said, found)
    kept = said.model_copy(update={"reference": item.file_id})
    items = [*message.items[: item.position], kept, *message.items[item.position + 1 :]]
    _say_items(report, message, items)
    audit.record("report.details_added", by=by, subject=subject(report), details={"position": item.position})
    return item


@transaction.atomic
def finish(number: int, *, by: Actor) -> tuple[Received, list[str]]:
    """The finished report and the ids of its files, in order."""
    report = _locked(number, by)
    check_move(report.state, "finish")
    message = unsealed(report)
    # This wire has no word for the kind: it follows from the incident and from whether files came.
    message = message.model_copy(update={"kind": kind_of(message.incident, message.items)})
    report.kind = message.kind
    receipt = finish_writing(report, message, answers=bytes(report.body_sha256), by=by, action="report.received")
    ids = list(report.items.order_by("position").values_list("file_id", flat=True))
    return Received(report, receipt, linked=False), ids


@transaction.atomic
def retract(number: int, *, by: Actor) -> Report:
    report = _locked(number, by)
    report.state = check_move(report.state, "retract")
    report.modified_at = datetime.now(UTC)
    report.save(update_fields=["state", "modified_at"])
    audit.record("report.retracted", by=by, subject=subject(report))
    return report


def expire_unfinished(*, now: datetime | None = None, limit: int = 500) -> int:
    """Give up reports that were never finished, as their senders know it; returns how many."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        waiting = Report.objects.select_for_update(skip_locked=True, of=("self",)).select_related("key")
        due = waiting.filter(state=OPEN, received_at__lte=now - OPEN_FOR, modified_at__lte=now - QUIET_FOR)[:limit]
        for report in due:
            report.state = check_move(report.state, "expire")
            report.save(update_fields=["state"])
            audit.record("report.expired", by=HOUSE, subject=subject(report))
    return len(due)


def _locked(number: int, by: Actor) -> Report:
    report = Report.objects.select_for_update(of=("self",)).select_related("key").filter(pk=number).first()
    if report is None:
        raise NotYours("no such report")
    check_may(by, Act.REPORT_SUBMIT, owner=report.organisation_id)
    return report


def _by_hashes_alone(report: Report, found: Fingerprints) -> Item | None:
    values = found.values
    return report.items.filter(**values).first() if values else None


def _amend(report: Report, item: Item, said: messages.Item, found: Fingerprints) -> None:
    for name, value in item_facts(said).items():
        setattr(item, name, value)
    for kind, value in found.values.items():
        held = getattr(item, kind)
        if held is None:
            setattr(item, kind, value)
        elif bytes(held) != value:
            # What we hashed ourselves stays; that the sender says otherwise is for a person to weigh.
            report.flags = sorted({*report.flags, HASHES_DIFFER})
    if item.pdq_quality is None:
        item.pdq_quality = found.pdq_quality
    item.save()


def _say_items(report: Report, message: messages.Report, items: Iterable[messages.Item]) -> None:
    sealed_again(report, message.model_copy(update={"items": list(items)}))
