"""What is known of a case's items at this moment: an indicator that was withdrawn or is doubted decides nothing."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tutela.audit.cursor import unread
from tutela.cases import rules
from tutela.cases.models import Case, Unweighed
from tutela.cases.urgency import Matched
from tutela.indicators.models import Indicator
from tutela.reports.actions.matching import KNOWN, NEAR_KNOWN
from tutela.reports.models import Match, News, Report

RECOGNISED_CURSOR: Final = "cases.recognised"


def matches_of(reports: "QuerySet[Report] | Collection[Report]") -> "QuerySet[Match]":
    """All that were found, in order; `stands` says which of them still count."""
    stands = Exists(Indicator.objects.that_count().filter(pk=OuterRef("indicator")))
    found = Match.objects.filter(item__report__in=reports).annotate(stands=stands)
    return found.select_related("item", "indicator").order_by("item__report_id", "item__position", "pk")


def standing_matches() -> "QuerySet[Match]":
    return Match.objects.filter(indicator__in=Indicator.objects.that_count().values("pk"))


def matched(numbers: Collection[int]) -> dict[int, Matched]:
    """Of each report that has any, its standing matches."""
    rows = (
        standing_matches()
        .filter(item__report__in=numbers)
        .values_list("item__report_id")
        .annotate(exact=Count("id", filter=~Q(kind="pdq")), perceptual=Count("id", filter=Q(kind="pdq")))
    )
    return {number: Matched(exact, perceptual) for number, exact, perceptual in rows}


def signals(stated: Iterable[str], found: Matched) -> list[str]:
    """What was stated, and what is known by what stands now, whatever was known when the report was matched."""
    known = [KNOWN] * bool(found.exact) + [NEAR_KNOWN] * bool(found.perceptual)
    return [*(name for name in stated if name not in (KNOWN, NEAR_KNOWN)), *known]


def signals_of(case: Case) -> list[str]:
    found = matched(case.gathered().filter(erased_at=None).values_list("pk", flat=True)).values()
    together = Matched(sum(each.exact for each in found), sum(each.perceptual for each in found))
    return signals(case.signals, together)


def recognised_news() -> "QuerySet[News]":
    return News.objects.filter(what=News.What.RECOGNISED)


def is_to_be_recognised(case: Case) -> bool:
    """Whether an item of this case became known that it was not weighed by yet, so that it does not say so itself."""
    news = unread(RECOGNISED_CURSOR, recognised_news().filter(report__in=case.members.values("report_id")))
    # One that cannot be weighed must not be held for ever: two who read it after that have seen the match.
    aside = Unweighed.objects.filter(case=case, why=Unweighed.Why.RECOGNISED)
    if case.first_at is not None:
        aside = aside.filter(since__gt=case.first_at)
    return news.exists() or aside.exists()


def check_grounds_stand(case: Case) -> None:
    """Of a confirmed case: both its readers' grounds, by what stands now. Raises NotDecidable."""
    stated = signals_of(case)
    for reading in case.readings.order_by("-pk")[:2]:
        rules.check_grounds(reading.decision, reading.grounds, stated)
