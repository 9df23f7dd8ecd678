"""Count what is published, in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from tutela.accounts.policy import HOUSE, Actor, NotYours
from tutela.audit import actions as audit
from tutela.cases.models import Case
from tutela.referrals.models import Referral
from tutela.reports.models import Report
from tutela.statistics import rules
from tutela.statistics.models import Figure

# What is counted, and the column that says when it happened.
COUNTED: dict[str, Callable[[], tuple[QuerySet[Any], str]]] = {
    rules.REPORTS_RECEIVED.id: lambda: (Report.objects.filter(state=Report.State.FINISHED), "finished_at"),
    rules.CASES_DECIDED.id: lambda: (Case.objects.filter(second_reader__isnull=False), "second_at"),
    rules.REFERRALS_ACKNOWLEDGED.id: lambda: (
        Referral.objects.filter(acknowledged_at__isnull=False),
        "acknowledged_at",
    ),
}


@transaction.atomic
def refresh(*, by: Actor) -> list[Figure]:
    """Count every defined figure anew. Raises NotYours for anybody but the house itself."""
    if by is not HOUSE:
        raise NotYours("figures are counted by the house itself")
    as_of = datetime.now(UTC)
    figures = [_count(definition, as_of) for definition in rules.DEFINITIONS.values()]
    audit.record("statistics.refreshed", by=by, details={each.definition: each.value for each in figures})
    return figures


def _count(definition: rules.Definition, as_of: datetime) -> Figure:
    rows, happened_at = COUNTED[definition.id]()
    found = rows.aggregate(value=Count("pk"), first=Min(happened_at))
    counted = {
        "value": found["value"],
        "unit": definition.unit,
        "period_from": found["first"].astimezone(UTC).date() if found["first"] else None,
        "as_of": as_of,
    }
    figure, _ = Figure.objects.update_or_create(definition=definition.id, defaults=counted)
    return figure
