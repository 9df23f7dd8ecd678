"""Open what a report says. No purpose, no read; and the reading is written down before anything is shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit import actions as audit
from tutela.audit.models import Leaf
from tutela.exchange import messages
from tutela.reports.actions.writing import ERASED, original, subject, unsealed
from tutela.reports.models import Report


class Purpose(StrEnum):
    """Why somebody opens a report (Directive (EU) 2016/680, Article 25(1))."""

    ASSESSMENT = "assessment"
    SECOND_READING = "second_reading"
    REFERRAL = "referral"
    SUPERVISION = "supervision"
    RIGHTS_REQUEST = "rights_request"


@dataclass(frozen=True)
class Original:
    kind: str
    sha256: str
    received_at: datetime
    raw: bytes


@transaction.atomic
def open_message(number: int, *, by: Actor, purpose: Purpose) -> messages.Report:
    report = _for_reading(number, by)
    audit.record("report.read", by=by, subject=subject(report), purpose=Purpose(purpose))
    return unsealed(report)


@transaction.atomic
def open_originals(number: int, *, by: Actor, purpose: Purpose, recipient: str = "") -> list[Original]:
    """The verbatim messages, in the order they came."""
    report = _for_reading(number, by)
    audit.record("report.originals_read", by=by, subject=subject(report), purpose=Purpose(purpose), recipient=recipient)
    return [
        Original(kept.kind, bytes(kept.sha256).hex(), kept.received_at, original(report, kept))
        for kept in report.messages.order_by("id")
    ]


def _for_reading(number: int, by: Actor) -> Report:
    report = Report.objects.select_related("key").get(pk=number)
    check_may(by, Act.REPORT_READ, owner=report.organisation_id)
    return report


@transaction.atomic
def trail(number: int, *, by: Actor) -> list[Leaf] | None:
    """Everything that was ever done with this report, oldest first; looking is itself written down.

    None once it is erased: with its key nobody can tell its rows from another's any more.
    """
    report = Report.objects.select_related("key").get(pk=number)
    check_may(by, Act.REPORT_ACCESSES)
    named = subject(report)
    audit.record("report.trail_read", by=by, subject=named, purpose=Purpose.SUPERVISION)
    return None if named == ERASED else list(Leaf.objects.filter(subject=named).order_by("id"))
