"""What became of one report: dated steps, without a word of what it says."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.portal.answers import PRIVATE, page
from tutela.reports import actions as reports

SENTENCES: dict[str, Promise] = {
    "received": _("The report arrived and was kept."),
    "finished": _("The sender finished it."),
    "matched": _("It was compared with what is already known. A match is a lead, not a verdict."),
    "retracted": _("The sender withdrew it."),
    "decided": _("Two people decided on it, one after the other."),
    "referred": _("It was handed to a competent authority."),
    "acknowledged": _("The authority said that it has it."),
    "answered": _("The authority said what came of it."),
    "closed": _("The case was closed."),
    "erased": _("What the report said about people was erased."),
}
# In the order of a report's life; what is not reached yet is shown as still to come.
WAY = ("received", "finished", "matched", "decided", "referred", "acknowledged", "answered")
ENDS = frozenset({"retracted", "closed", "erased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    sentence: Promise
    at: datetime | None


def ask(request: HttpRequest) -> HttpResponse:
    """The form without JavaScript: the token typed in leads to its own address."""
    token = request.GET.get("token", "").strip()
    if token.isascii() and token.replace("-", "").isalnum():
        return HttpResponseRedirect(reverse("portal:follow", args=[token]))
    return page(request, "follow_ask", {"refused": bool(token)}, caching=PRIVATE)


def follow(request: HttpRequest, token: str) -> HttpResponse:
    happened = reports.steps_for_token(token)
    if happened is None:
        raise Http404
    lines = [Line(sentence=SENTENCES[step.what], at=step.at) for step in happened]
    reached = {step.what for step in happened}
    ahead = [] if reached & ENDS else [Line(sentence=SENTENCES[what], at=None) for what in WAY if what not in reached]
    answer = page(request, "follow", {"lines": lines, "ahead": ahead}, caching=PRIVATE)
    answer["X-Robots-Tag"] = "noindex"
    return answer
