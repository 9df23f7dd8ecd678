"""Keep a report beyond its time for an authority that needs it, or let it go; for the data-protection officer."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tutela.accounts.policy import Act, Actor, check_may
from tutela.console.access import console_view
from tutela.console.pages import page
from tutela.console.words import code_label
from tutela.law.authorities import EUROPOL, all_authorities
from tutela.reports.models import Report
from tutela.safeguards import actions
from tutela.safeguards.models import Hold
from tutela.safeguards.rules import HoldRefused


def _authorities() -> list[tuple[str, str]]:
    return [
        (each.id, f"{each.country_name}: {each.name}" if each.name else each.country_name)
        for each in (*all_authorities(), EUROPOL)
    ]


class NewHold(forms.Form):
    authority = forms.ChoiceField(label=_("Authority that needs it"), choices=_authorities)
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}))
    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, code_label(one)) for one in Hold.Reason.values])


@console_view(Act.KEY_DESTROY, methods=("GET", "POST"))
def hold(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Report.objects.select_related("organisation").get(pk=number)
    check_may(by, Act.KEY_DESTROY)
    form = NewHold(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _shown(request, by, found, form, status=422 if form.errors else 200)
    try:
        actions.hold(number, **form.cleaned_data, by=by)
    except HoldRefused as refusal:
        return _shown(request, by, found, form, refusal=str(refusal), status=409)
    return redirect("console:accesses", number)


@console_view(Act.KEY_DESTROY, methods=("POST",))
def release(request: HttpRequest, by: Actor, hold: int) -> HttpResponse:
    return redirect("console:accesses", actions.release(hold, by=by).report_id)


def _shown(
    request: HttpRequest, by: Actor, found: Report, form: NewHold, *, refusal: str = "", status: int
) -> HttpResponse:
    return page(request, by, "hold.html", {"report": found, "form": form, "refusal": refusal}, status=status)
