from django.http import Http404, HttpRequest, HttpResponse

from tutela.law.page import page as official_page
from tutela.law.strategy import initiatives, strategy
from tutela.portal.answers import page
from tutela.portal.today import today
from tutela.strategy.rules import is_over, standing, standings


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
        "before": numbered.get(number - 1),
        "after": numbered.get(number + 1),
    }
    return page(request, "initiative", context)
