"""The queue, a case, its two readings, and its trail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, check_may, may
from tutela.cases import actions, rules
from tutela.cases.known import matches_of, signals_of
from tutela.cases.models import Case
from tutela.console.access import console_view
from tutela.console.leaves import entries
from tutela.console.pages import LIST_KEYS, page, said
from tutela.exchange.words import Kind
from tutela.referrals.models import Referral
from tutela.reports.actions import Purpose
from tutela.safeguards.clock import of_cases

SHOWN = 100


@console_view(Act.CASE_READ)
def queue(request: HttpRequest, by: Actor) -> HttpResponse:
    state, country, kind = (said(request.GET, name) for name in ("state", "country", "kind"))
    state = state if state in Case.State.values else Case.State.WAITING
    found = Case.objects.queue(by=by, state=state, country=country.upper() or None, kind=kind or None)
    shown = list(found[:SHOWN])
    due = of_cases(shown)
    context = {
        "cases": [(each, due.get(each.pk)) for each in shown],
        "total": found.count(),
        "shown": SHOWN,
        "state": state,
        "country": country,
        "kind": kind,
        "states": Case.State.values,
        "recognised": list(Case.objects.recognised(by=by)[:SHOWN]),
        "kinds": list(Kind),
        "keys": [*LIST_KEYS, ("/", _("filter"))],
    }
    return page(request, by, "queue.html", context)


@console_view(Act.CASE_READ)
def case(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    return _case_page(request, by, Case.objects.open_to(by).get(pk=number))


@console_view(Act.CASE_ASSESS, methods=("POST",))
def assess(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Case.objects.get(pk=number)
    check_may(by, Act.CASE_ASSESS)
    decision, grounds = request.POST.get("decision", ""), request.POST.getlist("grounds")
    try:
        actions.assess(number, decision=decision, grounds=grounds, by=by)
    except (rules.NotDecidable, NotInThisState) as refusal:
        return _case_page(request, by, found, refusal=str(refusal))
    messages.success(request, _("Case %(number)s: assessed. Another person reads it next.") % {"number": number})
    return _after(request, by, found, Case.State.WAITING)


@console_view(Act.CASE_CONFIRM, methods=("POST",))
def confirm(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Case.objects.get(pk=number)
    check_may(by, Act.CASE_CONFIRM)
    agree, grounds = request.POST.get("agree"), request.POST.getlist("grounds")
    if agree not in ("yes", "no"):
        return _case_page(request, by, found, refusal=_("Say whether you agree with the first reader."))
    try:
        actions.confirm(number, agree=agree == "yes", grounds=grounds, by=by)
    except (rules.NotDecidable, NotInThisState) as refusal:
        return _case_page(request, by, found, refusal=str(refusal))
    messages.success(request, _("Case %(number)s: your reading is written down.") % {"number": number})
    return _after(request, by, found, Case.State.ASSESSED)


@console_view(Act.CASE_ASSESS, methods=("POST",))
def look_again(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Something became known since this case was decided: somebody has looked at it."""
    found = Case.objects.get(pk=number)
    check_may(by, Act.CASE_ASSESS)
    try:
        actions.look_again(number, anew=request.POST.get("anew") == "yes", by=by)
    except (rules.NotDecidable, NotInThisState) as refusal:
        return _case_page(request, by, found, refusal=str(refusal))
    messages.success(request, _("Case %(number)s: written down that you looked again.") % {"number": number})
    return redirect("console:case", number)


def _after(request: HttpRequest, by: Actor, decided: Case, state: str) -> HttpResponse:
    """The case that was decided, or, where asked for, the next one that waits."""
    if request.POST.get("then") != "next":
        return redirect("console:case", decided.number)
    waiting = Case.objects.queue(by=by, state=state).exclude(pk=decided.number)
    if state == Case.State.ASSESSED:
        waiting = waiting.exclude(first_reader__public_id=by.id)
    following = waiting.first()
    return redirect("console:case", following.number) if following else redirect("console:queue")


def _case_page(request: HttpRequest, by: Actor, found: Case, *, refusal: str = "") -> HttpResponse:
    first_is_me = found.first_reader is not None and str(found.first_reader.public_id) == by.id
    stated = set(signals_of(found))
    grounds = [(name, one) for name, one in rules.GROUNDS.items() if not one.signals or one.signals & stated]
    context: dict[str, Any] = {
        "case": found,
        "refusal": refusal,
        "members": found.members.select_related("report__organisation").order_by("report_id"),
        "links": [_link(link, found) for link in found.linked().select_related("case_a", "case_b")],
        "matches": matches_of(found.gathered()),
        "readings": found.readings.select_related("reader__organisation").order_by("at"),
        "referrals": Referral.objects.filter(case=found).order_by("number"),
        "grounds": grounds,
        "chosen": request.POST.getlist("grounds"),
        "decision": request.POST.get("decision", ""),
        "may_assess": found.state == Case.State.WAITING and may(by, Act.CASE_ASSESS),
        "may_look": may(by, Act.CASE_ASSESS),
        "may_confirm": found.state == Case.State.ASSESSED and may(by, Act.CASE_CONFIRM) and not first_is_me,
        "first_is_me": found.state == Case.State.ASSESSED and first_is_me,
        "may_close": found.state == Case.State.ANSWERED and may(by, Act.CASE_CONFIRM),
        "may_hand_over": found.state == Case.State.CONFIRMED and may(by, Act.REFERRAL_HAND_OVER),
        "purpose": Purpose.SECOND_READING if found.state == Case.State.ASSESSED else Purpose.ASSESSMENT,
        "keys": _keys(found),
    }
    return page(request, by, "case.html", context, status=409 if refusal else 200)


def _link(link: Any, seen_from: Case) -> dict[str, Any]:
    other = link.case_b if link.case_a_id == seen_from.pk else link.case_a
    return {"case": other, "why": link.why}


def _keys(found: Case) -> list[tuple[str, str]]:
    ways = [("s", _("submit")), ("n", _("submit and next"))]
    if found.state == Case.State.WAITING:
        return [("r", _("refer")), ("d", _("dismiss")), *ways]
    return [("a", _("agree")), ("x", _("disagree")), *ways] if found.state == Case.State.ASSESSED else []


@console_view(Act.CASE_TRAIL)
def trail(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = entries(actions.trail(number, by=by))
    return page(
        request, by, "case_trail.html", {"number": number, "trail": found, "may_see_case": may(by, Act.CASE_READ)}
    )


@console_view(Act.CASE_CONFIRM, methods=("POST",))
def close(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Case.objects.open_to(by).get(pk=number)
    try:
        actions.close(number, by=by)
    except NotInThisState as refusal:
        return _case_page(request, by, found, refusal=str(refusal))
    return redirect("console:case", number)
