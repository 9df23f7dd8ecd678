"""Write the scores and the columns a queue sorts by; everything comes from open facts, no report is opened for it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count

from tutela.cases.known import matched, signals
from tutela.cases.models import Case, CaseReport
from tutela.cases.urgency import Matched, Urgency, of_case, urgency
from tutela.reports.models import Item, Report

COLUMNS = (
    "state",
    "first_reader",
    "first_at",
    "first_decision",
    "urgency",
    "hard",
    "hard_reasons",
    "urgency_reasons",
    "completeness",
    "signals",
    "countries",
    "kinds",
    "first_received_at",
    "updated_at",
)


def score(cases: Sequence[Case]) -> None:
    """Score these cases anew from the reports they hold now."""
    held: dict[int, list[Report]] = defaultdict(list)
    members = CaseReport.objects.filter(case__in=cases).select_related("report").order_by("report_id")
    for member in members:
        held[member.case_id].append(member.report)
    numbers = [report.pk for reports in held.values() for report in reports]
    found, items = matched(numbers), _items(numbers)
    now = datetime.now(UTC)
    for case in cases:
        reports = held[case.pk]
        _write(case, reports, of_case([_urgency(each, found, items) for each in reports]))
        case.signals = _together(signals(each.signals, found.get(each.pk, Matched())) for each in reports)
        case.updated_at = now
    # One statement whatever the number of cases; a bulk update would write a condition for each column of each.
    Case.objects.bulk_create(cases, update_conflicts=True, unique_fields=["number"], update_fields=COLUMNS)


def _write(case: Case, reports: list[Report], urgent: Urgency) -> None:
    case.urgency = urgent.points
    case.hard, case.hard_reasons = bool(urgent.hard), list(urgent.hard)
    case.urgency_reasons = [reason.as_json() for reason in urgent.reasons]
    case.completeness = max(report.completeness or 0 for report in reports)
    case.countries = _together(report.countries for report in reports)
    case.kinds = _together([report.kind] for report in reports)
    case.first_received_at = min(report.received_at for report in reports)


def _together(columns: Any) -> list[str]:
    return list(dict.fromkeys(value for column in columns for value in column))


def _urgency(report: Report, found: dict[int, Matched], items: dict[int, int]) -> Urgency:
    days = max((report.received_at - report.incident_at).days, 0)
    mine = found.get(report.pk, Matched())
    return urgency(report.signals, matched=mine, items=items.get(report.pk, 0), days_before_report=days)


def _items(numbers: list[int]) -> dict[int, int]:
    rows = Item.objects.filter(report__in=numbers).values_list("report_id").annotate(count=Count("id"))
    return dict(rows)
