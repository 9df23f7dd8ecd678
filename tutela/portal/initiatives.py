from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tutela.law.dates import today
from tutela.law.page import page as official_page
from tutela.law.strategy import initiatives, strategy
from tutela.portal.answers import page
from tutela.strategy import kept
from tutela.strategy.models import PriorityAction
from tutela.strategy.rules import is_over, standing, standings

IDENTIFIES_GAPS = 3


def overview(request: HttpRequest) -> HttpResponse:
    on = today()
    context = {"standings": standings(on), "on": on, "strategy": strategy(), "strategy_is_over": is_over(on)}
    return page(request, "initiatives", context)


def initiative(request: HttpRequest, number: int) -> HttpResponse:
    numbered = {each.number: each for each in initiatives()}
    if number not in numbered:
        raise Http404
    on = today()
    context = {
        "on": on,
        "standing": standing(numbered[number], on),
        "promises": [each for each in official_page().promises if number in each.initiatives],
        "page_source": official_page().source,
        **_monitored(number, on),
        "before": numbered.get(number - 1),
        "after": numbered.get(number + 1),
    }
    return page(request, "initiative", context)


def _monitored(number: int, on: date) -> dict[str, object]:
    """Initiative 3 is the monitor itself: it is measured by everything that was found."""
    narrow = None if number == IDENTIFIES_GAPS else number
    asked = f"?initiative={narrow}" if narrow else ""
    newest = kept.newest()
    late = PriorityAction.objects.late(on)
    return {
        "as_of": newest.as_of if newest else None,
        "found": newest.narrowed(initiative=narrow).found if newest else None,
        "late_actions": (late.filter(initiative=narrow) if narrow else late).count(),
        "gaps_address": reverse("portal:gaps") + asked,
        "actions_address": reverse("portal:actions") + asked,
    }
