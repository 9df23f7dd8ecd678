"""Referrals: for their authority to verify, acknowledge and answer; for the desk that hands over to follow."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, check_may, may
from tutela.cases.models import Case
from tutela.console.access import console_view
from tutela.console.pages import LIST_KEYS, page
from tutela.console.words import code_label
from tutela.exchange.messages import Outcome
from tutela.exchange.words import OutcomeCode
from tutela.referrals import actions, rules
from tutela.referrals.models import Referral

SHOWN = 100


class Answer(forms.Form):
    code = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[(code, code_label(code)) for code in OutcomeCode],
        widget=forms.RadioSelect,
    )
    national_reference = forms.CharField(label=gettext_lazy("Your reference"), max_length=256, required=False)
    children_identified = forms.IntegerField(
        label=gettext_lazy("Children identified"), min_value=0, max_value=10_000, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Sealed beside the dossier. The provider reads the code, never these words."),
    )

    def outcome(self) -> Outcome:
        said = self.cleaned_data
        return Outcome(
            code=OutcomeCode(said["code"]),
            reason=said["reason"] or None,
            national_reference=said["national_reference"] or None,
            children_identified=said["children_identified"],
        )


@console_view(Act.REFERRAL_READ)
def referrals(request: HttpRequest, by: Actor) -> HttpResponse:
    found = Referral.objects.open_to(by).select_related("organisation").order_by("-number")
    context = {"referrals": found[:SHOWN], "total": found.count(), "shown": SHOWN, "keys": LIST_KEYS}
    return page(request, by, "referrals.html", context)


@console_view(Act.REFERRAL_READ)
def referral(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    return _referral_page(request, by, _open(number, by), Answer())


@console_view(Act.REFERRAL_HAND_OVER, methods=("POST",))
def hand_over(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Case.objects.get(pk=number)
    check_may(by, Act.REFERRAL_HAND_OVER)
    if "sure" not in request.POST:
        messages.error(request, _("Nothing was handed over: tick that you have read the facts."))
        return redirect("console:case", found.number)
    try:
        actions.hand_over(number, by=by)
    except NotInThisState as refusal:
        messages.error(request, str(refusal))
    return redirect("console:case", found.number)


@console_view(Act.REFERRAL_HAND_OVER, methods=("POST",))
def send_back(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = Case.objects.get(pk=number)
    check_may(by, Act.REFERRAL_HAND_OVER)
    try:
        actions.send_back(number, by=by)
    except NotInThisState as refusal:
        messages.error(request, str(refusal))
    return redirect("console:case", found.number)


@console_view(Act.REFERRAL_ANSWER, methods=("POST",))
def acknowledge(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _addressed(number, by)
    try:
        actions.acknowledge(number, by=by)
    except NotInThisState as refusal:
        return _referral_page(request, by, found, Answer(), refusal=str(refusal))
    return redirect("console:referral", number)


@console_view(Act.REFERRAL_ANSWER, methods=("POST",))
def answer(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found, form = _addressed(number, by), Answer(request.POST)
    if not form.is_valid():
        return _referral_page(request, by, found, form)
    try:
        actions.answer(number, form.outcome(), by=by)
    except NotInThisState as refusal:
        return _referral_page(request, by, found, form, refusal=str(refusal))
    return redirect("console:referral", number)


def _open(number: int, by: Actor) -> Referral:
    return Referral.objects.open_to(by).select_related("organisation", "case").get(pk=number)


def _addressed(number: int, by: Actor) -> Referral:
    found = Referral.objects.select_related("organisation", "case").get(pk=number)
    check_may(by, Act.REFERRAL_ANSWER, addressed=found.addressed)
    return found


def _referral_page(
    request: HttpRequest, by: Actor, found: Referral, form: Answer, *, refusal: str = ""
) -> HttpResponse:
    may_answer = may(by, Act.REFERRAL_ANSWER, addressed=found.addressed)
    context: dict[str, Any] = {
        "referral": found,
        "form": form,
        "refusal": refusal,
        "moves": rules.MOVES[found.state] if may_answer else {},
        "corrections": found.corrections.order_by("told_at"),
        "may_answer": may_answer,
        "may_give_outside": found.state == Referral.State.OUTSIDE
        and found.handed_over_at is None
        and may(by, Act.REFERRAL_HAND_OVER),
        "may_see_case": may(by, Act.CASE_READ),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return page(request, by, "referral.html", context, status=status)


@console_view(Act.REFERRAL_HAND_OVER, methods=("POST",))
def give_outside(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _open(number, by)
    check_may(by, Act.REFERRAL_HAND_OVER)
    try:
        actions.give_outside(number, by=by)
    except NotInThisState as refusal:
        return _referral_page(request, by, found, Answer(), refusal=str(refusal))
    return redirect("console:referral", number)


@console_view(Act.REFERRAL_ANSWER, Act.REFERRAL_HAND_OVER, methods=("POST",))
def acknowledge_correction(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    correction = actions.acknowledge_correction(number, by=by)
    return redirect("console:referral", correction.referral_id)
