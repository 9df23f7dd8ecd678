from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse

from tutela.law.dates import today
from tutela.law.page import page as official_page
from tutela.law.strategy import Step, strategy
from tutela.portal.answers import page
from tutela.portal.numbers import read_or_none
from tutela.statistics.models import Published, published
from tutela.strategy import kept
from tutela.strategy.models import PriorityAction, practices
from tutela.strategy.rules import Standing, is_over, standings

NEWEST_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the database adds to the page; `as_of` is None until gaps were computed for the first time."""

    figures: tuple[Published, ...]
    as_of: datetime | None
    gaps: int
    practices: int
    actions: int
    late_actions: int


def front(request: HttpRequest) -> HttpResponse:
    on = today()
    initiatives = standings(on)
    context = {
        "on": on,
        "standings": initiatives,
        "late": [(each, standing.initiative) for standing in initiatives for each in standing.late],
        "newest": _newest(initiatives),
        "strategy": strategy(),
        "strategy_is_over": is_over(on),
        "focuses": official_page().focuses,
        "counted": read_or_none(partial(_counted, on)),
    }
    return page(request, "front", context)


def about(request: HttpRequest) -> HttpResponse:
    return page(request, "about")


def _newest(initiatives: Iterable[Standing]) -> list[tuple[Step, int]]:
    """The newest dated steps with the number of their initiative; one that serves several is told once."""
    found = {step.text: (step, standing.initiative.number) for standing in initiatives for step in standing.steps}
    return sorted(found.values(), key=lambda each: each[0].on.last, reverse=True)[:NEWEST_STEPS]


def _counted(on: date) -> Counted:
    newest = kept.newest()
    return Counted(
        figures=tuple(published()),
        as_of=newest.as_of if newest else None,
        gaps=len(newest.found.gaps) if newest else 0,
        practices=len(practices()),
        actions=PriorityAction.objects.count(),
        late_actions=PriorityAction.objects.late(on).count(),
    )
