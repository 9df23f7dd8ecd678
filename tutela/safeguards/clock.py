"""The clock of one report: when it is erased, and why."""

from tutela.exchange.words import OutcomeCode
from tutela.reports.models import Report
from tutela.safeguards.models import Hold
from tutela.safeguards.rules import Due, Facts, erase_by


def clock(report: Report) -> Due:
    wrong = report.outcomes.filter(code=OutcomeCode.WRONG_DELETE).order_by("at").first()
    hold = Hold.objects.filter(report=report, released_at=None).order_by("-until").first()
    return erase_by(
        Facts(
            state=report.state,
            received_on=report.received_at.date(),
            changed_on=report.modified_at.date(),
            wrong_since=wrong.at.date() if wrong else None,
            held_until=hold.until if hold else None,
        )
    )
