"""The clock of a report: when it is erased, and why; as many questions for a hundred reports as for one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tutela.cases.models import Case, CaseReport
from tutela.exchange.words import OutcomeCode
from tutela.referrals.models import Referral
from tutela.reports.models import Report
from tutela.safeguards.models import Hold
from tutela.safeguards.rules import Due, Facts, erase_by


def clock(report: Report) -> Due:
    return clocks([report])[report.pk]


def of_cases(cases: Sequence[Case]) -> dict[int, Due]:
    """For each case the clock of the report that goes first; none where every report is gone."""
    held: dict[int, list[Report]] = defaultdict(list)
    members = CaseReport.objects.filter(case__in=[case.pk for case in cases], report__erased_at=None)
    for member in members.select_related("report"):
        held[member.case_id].append(member.report)
    due = clocks([report for reports in held.values() for report in reports])
    return {
        case: min((due[report.pk] for report in reports), key=lambda each: each.on) for case, reports in held.items()
    }


def clocks(reports: Sequence[Report]) -> dict[int, Due]:
    numbers = [report.pk for report in reports]
    case_of = dict(CaseReport.objects.filter(report__in=numbers).values_list("report", "case"))
    wrong_since, others = _answers(set(case_of.values()))
    held: dict[int, date] = {}
    for number, until in Hold.objects.filter(report__in=numbers, released_at=None).values_list("report", "until"):
        held[number] = max(until, held.get(number, until))
    return {
        report.pk: erase_by(
            Facts(
                state=report.state,
                received_on=report.received_at.date(),
                changed_on=report.modified_at.date(),
                wrong_since=wrong_since.get(case_of.get(report.pk, 0)),
                others_may_need_it=case_of.get(report.pk) in others,
                held_until=held.get(report.pk),
            )
        )
        for report in reports
    }


def _answers(cases: set[int]) -> tuple[dict[int, date], set[int]]:
    """Since when a case is called wrong, and which cases an authority has that does not say so."""
    wrong_since: dict[int, date] = {}
    others: set[int] = set()
    told = Referral.objects.filter(case__in=cases, handed_over_at__isnull=False)
    for case, outcome, answered_at in told.values_list("case", "outcome", "answered_at"):
        if outcome == OutcomeCode.WRONG_DELETE and answered_at is not None:
            wrong_since[case] = min(answered_at.date(), wrong_since.get(case, answered_at.date()))
        else:
            others.add(case)
    return wrong_since, others
