from django.http import HttpRequest, HttpResponse

from tutela.law.page import page as official_page
from tutela.law.strategy import strategy
from tutela.portal.answers import page
from tutela.portal.numbers import figures_or_none
from tutela.portal.today import today
from tutela.strategy.rules import is_over, standings


def front(request: HttpRequest) -> HttpResponse:
    on = today()
    initiatives = standings(on)
    context = {
        "on": on,
        "standings": initiatives,
        "late_count": sum(len(each.late) for each in initiatives),
        "strategy": strategy(),
        "strategy_is_over": is_over(on),
        "focuses": official_page().focuses,
        "figures": figures_or_none(),
    }
    return page(request, "front", context)


def about(request: HttpRequest) -> HttpResponse:
    return page(request, "about")
