"""A case is weighed again when an indicator it rests on falls or counts again, and when one knows an item only now."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from tutela.accounts.policy import HOUSE, Actor
from tutela.audit.cursor import follow
from tutela.audit.poison import AGAIN_AFTER, apart
from tutela.cases import rules
from tutela.cases.actions.gathering import gather_again
from tutela.cases.actions.recognising import link_again, recognised
from tutela.cases.actions.scoring import score
from tutela.cases.known import RECOGNISED_CURSOR, recognised_news
from tutela.cases.models import Case, CaseReport, Unweighed
from tutela.indicators.models import Change
from tutela.reports.models import Match

FOLLOWED = (Change.What.WITHDRAWN, Change.What.DOUBTED, Change.What.CLEARED)
# What was handed over stays as it was told; the room of referrals corrects it.
OPEN = (*rules.GATHERING, rules.CONFIRMED)
_BECAUSE = {
    Unweighed.Why.CHANGED: "an indicator changed",
    Unweighed.Why.RECOGNISED: "an item became known",
}
log = logging.getLogger(__name__)


def weigh_again(*, limit: int = 200, by: Actor = HOUSE) -> int:
    """Score the cases these changes touch, and have an assessed one read anew; returns how many changes there were."""
    with follow("cases.known", Change.objects.filter(what__in=FOLLOWED), limit=limit) as changes:
        reports = Match.objects.filter(indicator__in={each.indicator_id for each in changes}).values("item__report")
        _weigh_each(_cases_of(reports), Unweighed.Why.CHANGED, by=by)
        return len(changes)


def weigh_recognised(*, limit: int = 200, by: Actor = HOUSE) -> int:
    """Weigh the cases of which an item became known after it came in; returns of how many reports there was news."""
    with follow(RECOGNISED_CURSOR, recognised_news(), limit=limit) as news:
        _weigh_each(_cases_of({each.report_id for each in news}), Unweighed.Why.RECOGNISED, by=by)
        return len(news)


def weigh_unweighed(*, now: datetime | None = None, limit: int = 200, by: Actor = HOUSE) -> int:
    """Try again those that could not be weighed, each after a while; returns how many still cannot."""
    now = now or datetime.now(UTC)
    for why in Unweighed.Why:
        with transaction.atomic():
            due = Unweighed.objects.select_for_update(skip_locked=True).filter(why=why, tried_at__lte=now - AGAIN_AFTER)
            _weigh_each(list(due.order_by("tried_at").values_list("case_id", flat=True)[:limit]), why, now=now, by=by)
    return Unweighed.objects.count()


def _cases_of(reports: Any) -> list[int]:
    """`reports`: numbers, or a question for them."""
    return sorted(CaseReport.objects.filter(report__in=reports).values_list("case", flat=True).distinct())


def _weigh_each(numbers: Sequence[int], why: Unweighed.Why, *, now: datetime | None = None, by: Actor) -> None:
    """One that cannot be weighed is set aside and stops nobody behind it."""

    def work(some: Sequence[int]) -> None:
        _weigh(some, why, by)
        Unweighed.objects.filter(case__in=some, why=why).delete()

    def aside(number: int, error: str) -> None:
        kept = {"tried_at": now or datetime.now(UTC), "error": error}
        Unweighed.objects.update_or_create(case_id=number, why=why, defaults=kept)
        log.error("a case could not be weighed again: %s; %d are unweighed", error, Unweighed.objects.count())

    apart(numbers, work, aside=aside)


def _weigh(numbers: Sequence[int], why: Unweighed.Why, by: Actor) -> None:
    cases = list(Case.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    # What became known changes nothing that was decided, a confirmed case neither.
    opened = [case for case in cases if case.state in (OPEN if why == Unweighed.Why.CHANGED else rules.GATHERING)]
    for case in opened:
        if case.state in rules.GATHERING:
            gather_again(case, because=_BECAUSE[why], by=by)
    if opened:
        score(opened)
    if why == Unweighed.Why.RECOGNISED:
        recognised([case for case in cases if case.state not in (*rules.GATHERING, rules.MERGED)], by=by)
        link_again(cases)
