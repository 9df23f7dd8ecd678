"""Find a report, follow it, open its words for a purpose, and see who has opened them."""

import json
import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tutela.accounts.policy import Act, Actor, check_may, may
from tutela.cases.known import matches_of
from tutela.cases.models import CaseReport
from tutela.console.access import console_view, sees_all
from tutela.console.fields import sections
from tutela.console.leaves import Entry, entries
from tutela.console.pages import LIST_KEYS, page, said
from tutela.reports import actions
from tutela.reports.actions import Purpose
from tutela.reports.models import Report
from tutela.safeguards.clock import clock
from tutela.safeguards.models import Hold

SHOWN = 50
# Which column a hash of this many hexadecimal digits can stand in.
_HASHES = {32: ("md5",), 40: ("sha1",), 64: ("sha256", "pdq")}


@console_view(Act.REPORT_FOLLOW)
def reports(request: HttpRequest, by: Actor) -> HttpResponse:
    asked = said(request.GET, "q")
    found = list(_find(asked, by).select_related("organisation").order_by("-number")[:SHOWN])
    return page(request, by, "reports.html", {"asked": asked, "reports": found, "shown": SHOWN, "keys": LIST_KEYS})


@console_view(Act.REPORT_FOLLOW)
def report(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _followed(number, by)
    return page(request, by, "report.html", _facts(found, by))


@console_view(Act.REPORT_READ)
def words(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Report.objects.select_related("organisation").get(pk=number)
    check_may(by, Act.REPORT_READ, owner=found.organisation_id)
    purpose = _purpose(request)
    context: dict[str, Any] = {"report": found, "purpose": purpose, "purposes": list(Purpose)}
    if purpose is not None and found.erased_at is None:
        message = actions.open_message(number, by=by, purpose=purpose)
        context["sections"] = sections(message, _("Report"))
    return page(request, by, "words.html", context)


@console_view(Act.REPORT_READ)
def originals(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Report.objects.select_related("organisation").get(pk=number)
    check_may(by, Act.REPORT_READ, owner=found.organisation_id)
    purpose = _purpose(request)
    context: dict[str, Any] = {"report": found, "purpose": purpose, "purposes": list(Purpose)}
    if purpose is not None and found.erased_at is None:
        kept = actions.open_originals(number, by=by, purpose=purpose)
        context["originals"] = [(one, one.raw.decode("utf-8", "backslashreplace")) for one in kept]
    return page(request, by, "originals.html", context)


@console_view(Act.REPORT_ACCESSES)
def accesses(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Report.objects.select_related("organisation").get(pk=number)
    check_may(by, Act.REPORT_ACCESSES)
    trail: list[Entry] | None
    found_rows = actions.trail(number, by=by)
    trail = None if found_rows is None else entries(found_rows)
    context = {
        "report": found,
        "trail": trail,
        "erasure": None if found.erased_at else clock(found),
        "holds": Hold.objects.filter(report=found).order_by("held_at"),
        "may_hold": may(by, Act.KEY_DESTROY),
    }
    return page(request, by, "accesses.html", context)


@console_view(Act.REPORT_SUBMIT)
def receipt(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The signed receipt as it was answered; it holds the token to complete, so it is the sender's alone."""
    found = Report.objects.get(pk=number)
    check_may(by, Act.REPORT_SUBMIT, owner=found.organisation_id)
    answer = HttpResponse(bytes(found.receipts.latest("id").statement), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{number}.json"'
    return answer


def _purpose(request: HttpRequest) -> Purpose | None:
    try:
        return Purpose(request.GET.get("purpose", ""))
    except ValueError:
        return None


def _followed(number: int, by: Actor) -> Report:
    found = Report.objects.select_related("organisation").get(pk=number)
    check_may(by, Act.REPORT_FOLLOW, owner=found.organisation_id)
    return found


def _find(asked: str, by: Actor) -> "QuerySet[Report]":
    mine = (
        Report.objects.all()
        if sees_all(by, Act.REPORT_FOLLOW)
        else Report.objects.filter(organisation=by.organisation_id)
    )
    if not asked:
        return mine
    wanted = Q(reference=asked)
    if re.fullmatch(r"[0-9]{1,18}", asked):
        wanted |= Q(pk=int(asked))
    if re.fullmatch(r"[0-9A-Fa-f]+", asked) and len(asked) in _HASHES:
        for column in _HASHES[len(asked)]:
            wanted |= Q(**{f"items__{column}": bytes.fromhex(asked)})
    return mine.filter(wanted).distinct()


def _facts(found: Report, by: Actor) -> dict[str, Any]:
    """What may be known of a report without opening its words."""
    last = found.receipts.order_by("id").last()
    told = json.loads(bytes(last.statement))["body"] if last else {}
    may_read = may(by, Act.REPORT_READ, owner=found.organisation_id)
    matches = matches_of([found]) if may_read else []
    case = CaseReport.objects.filter(report=found).first() if may(by, Act.CASE_READ) else None
    return {
        "report": found,
        "case": case.case_id if case else None,
        "steps": actions.happened(found),
        "completeness": told.get("completeness"),
        "legal": told.get("legal"),
        "items": found.items.order_by("position"),
        "matches": matches,
        "outcomes": found.outcomes.order_by("at"),
        "resends": found.resends.count(),
        "is_sender": may(by, Act.REPORT_SUBMIT, owner=found.organisation_id),
        "may_read": may_read,
        "may_see_accesses": may(by, Act.REPORT_ACCESSES),
    }
