"""What is known: an indicator's passport, what bodies say of it, its history, and the two people it takes."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, check_may, may
from tutela.console.access import console_view
from tutela.console.pages import LIST_KEYS, page, said
from tutela.exchange.words import Verdict
from tutela.indicators import actions, rules
from tutela.indicators.models import Indicator
from tutela.indicators.rules import Kind, State

SHOWN = 100


@console_view(Act.INDICATOR_READ)
def indicators(request: HttpRequest, by: Actor) -> HttpResponse:
    state, kind, asked = (said(request.GET, name) for name in ("state", "kind", "q"))
    found = Indicator.objects.select_related("identified_by").order_by("-id")
    if state in list(State):
        found = found.filter(state=state)
    if kind in list(Kind):
        found = found.filter(kind=kind)
    if asked:
        whole = re.fullmatch(r"([0-9A-Fa-f]{2})+", asked)
        found = found.filter(value=bytes.fromhex(asked)) if whole else found.none()
    context = {
        "indicators": found[:SHOWN],
        "total": found.count(),
        "shown": SHOWN,
        "state": state,
        "kind": kind,
        "asked": asked,
        "states": list(State),
        "kinds": list(Kind),
        "keys": LIST_KEYS,
    }
    return page(request, by, "indicators.html", context)


@console_view(Act.INDICATOR_READ)
def indicator(request: HttpRequest, by: Actor, indicator: int) -> HttpResponse:
    check_may(by, Act.INDICATOR_READ)
    return _indicator_page(request, by, Indicator.objects.get(pk=indicator))


def _indicator_page(request: HttpRequest, by: Actor, found: Indicator, *, refusal: str = "") -> HttpResponse:
    first_is_me = str(found.first_reader.public_id) == by.id
    owner = found.identified_by_id
    opinions = list(found.opinions.select_related("organisation").order_by("at"))
    context: dict[str, Any] = {
        "indicator": found,
        "refusal": refusal,
        "outcome": rules.outcome(opinion.verdict for opinion in opinions),
        "opinions": opinions,
        "classifications": found.classifications.select_related("by").order_by("scheme"),
        "events": found.events.order_by("id"),
        "answers": found.answers.order_by("at"),
        "verdicts": list(Verdict),
        "first_is_me": first_is_me,
        "may_confirm": found.state == State.PROPOSED
        and not first_is_me
        and may(by, Act.INDICATOR_CONFIRM, owner=owner),
        "may_release": found.state == State.QUARANTINED and may(by, Act.INDICATOR_CONFIRM, owner=owner),
        "may_withdraw": found.state != State.WITHDRAWN and may(by, Act.INDICATOR_WITHDRAW, owner=owner),
        "may_give_opinion": found.state != State.WITHDRAWN and may(by, Act.INDICATOR_OPINION, owner=by.organisation_id),
    }
    return page(request, by, "indicator.html", context, status=409 if refusal else 200)


def _acted(request: HttpRequest, by: Actor, number: int, act: Act, what: Callable[[Indicator], object]) -> HttpResponse:
    """Do one thing with an indicator, and show the page it leads to or the sentence that refused it."""
    found = Indicator.objects.get(pk=number)
    owner = by.organisation_id if act is Act.INDICATOR_OPINION else found.identified_by_id
    check_may(by, act, owner=owner)
    try:
        what(found)
    except (rules.Refused, NotInThisState) as refusal:
        return _indicator_page(request, by, found, refusal=str(refusal))
    return redirect("console:indicator", number)


@console_view(Act.INDICATOR_CONFIRM, methods=("POST",))
def confirm(request: HttpRequest, by: Actor, indicator: int) -> HttpResponse:
    return _acted(request, by, indicator, Act.INDICATOR_CONFIRM, lambda found: actions.confirm(found, by=by))


@console_view(Act.INDICATOR_CONFIRM, methods=("POST",))
def release(request: HttpRequest, by: Actor, indicator: int) -> HttpResponse:
    reason = said(request.POST, "reason")
    return _acted(
        request,
        by,
        indicator,
        Act.INDICATOR_CONFIRM,
        lambda found: actions.release_from_quarantine(found, reason=reason, by=by),
    )


@console_view(Act.INDICATOR_OPINION, methods=("POST",))
def opinion(request: HttpRequest, by: Actor, indicator: int) -> HttpResponse:
    verdict, reason = said(request.POST, "verdict"), said(request.POST, "reason")
    return _acted(
        request,
        by,
        indicator,
        Act.INDICATOR_OPINION,
        lambda found: actions.give_opinion(found, verdict=verdict, reason=reason, by=by),
    )


@console_view(Act.INDICATOR_WITHDRAW, methods=("POST",))
def withdraw(request: HttpRequest, by: Actor, indicator: int) -> HttpResponse:
    reason = said(request.POST, "reason")
    return _acted(
        request,
        by,
        indicator,
        Act.INDICATOR_WITHDRAW,
        lambda found: actions.withdraw(found, reason=reason, by=by),
    )
