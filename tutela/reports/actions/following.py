"""What the rooms above tell this one, and what the sender may then read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import Actor
from tutela.audit import actions as audit
from tutela.exchange.words import OutcomeCode
from tutela.reports import tokens
from tutela.reports.actions.writing import subject
from tutela.reports.models import Report, ReportOutcome, Step


@dataclass(frozen=True)
class Happened:
    at: datetime
    what: str


@transaction.atomic
def record_step(report: Report, what: Step.What, *, by: Actor) -> None:
    """Told once; a second authority's acknowledgement does not move the first one's date."""
    _, new = Step.objects.get_or_create(report=report, what=what)
    if new:
        audit.record(f"report.{what}", by=by, subject=subject(report))


@transaction.atomic
def record_outcome(report: Report, *, authority: str, code: OutcomeCode, by: Actor) -> None:
    ReportOutcome.objects.update_or_create(
        report=report, authority=authority, defaults={"code": code, "at": datetime.now(UTC)}
    )
    record_step(report, Step.What.ANSWERED, by=by)


def happened(report: Report) -> list[Happened]:
    """The dated steps of a report; they hold no personal data and no word of what it says."""
    own = [("received", report.received_at), ("finished", report.finished_at), ("matched", report.matched_at)]
    steps = [Happened(at, what) for what, at in own if at is not None]
    steps += [Happened(step.at, step.what) for step in report.steps.all()]
    if report.erased_at:
        steps.append(Happened(report.erased_at, "erased"))
    return sorted(steps, key=lambda step: step.at)


def steps_for_token(token: str) -> list[Happened] | None:
    """What became of the report this token names; None for a token that names none."""
    number = tokens.followed(token)
    report = Report.objects.filter(pk=number).first() if number is not None else None
    return happened(report) if report else None
