"""Credentials of one's own organisation: give, rotate with overlap, revoke. A secret is shown once."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tutela.accounts import actions
from tutela.accounts.models import Credential, Organisation
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, check_may
from tutela.console.access import console_view
from tutela.console.pages import page


class NewCredential(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Credential.Kind.BASIC, _("user name and password, for the CyberTipline wire")),
            (Credential.Kind.BEARER, _("bearer token, for Tutela's own interface")),
        ],
        widget=forms.RadioSelect,
    )


@console_view(Act.CREDENTIAL_MANAGE, methods=("GET", "POST"))
def credentials(request: HttpRequest, by: Actor) -> HttpResponse:
    check_may(by, Act.CREDENTIAL_MANAGE, owner=by.organisation_id)
    form = NewCredential(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = Organisation.objects.get(pk=by.organisation_id)
        # A machine never gets more than the person who gives it has.
        given = actions.give_credential(
            organisation=organisation, kind=form.cleaned_data["kind"], roles=sorted(by.roles), by=by
        )
        return _shown(request, by, form, given)
    return _shown(request, by, form)


@console_view(Act.CREDENTIAL_MANAGE, methods=("POST",))
def rotate(request: HttpRequest, by: Actor, credential: int) -> HttpResponse:
    try:
        given = actions.rotate_credential(credential, by=by)
    except NotInThisState as refusal:
        return _shown(request, by, NewCredential(), refusal=str(refusal))
    return _shown(request, by, NewCredential(), given)


@console_view(Act.CREDENTIAL_MANAGE, methods=("POST",))
def revoke(request: HttpRequest, by: Actor, credential: int) -> HttpResponse:
    actions.revoke_credential(credential, by=by)
    return redirect("console:credentials")


def _shown(
    request: HttpRequest, by: Actor, form: NewCredential, given: actions.Given | None = None, refusal: str = ""
) -> HttpResponse:
    held = Credential.objects.filter(organisation=by.organisation_id).order_by("-created_at")
    context = {"credentials": held, "form": form, "given": given, "refusal": refusal}
    return page(request, by, "credentials.html", context, status=409 if refusal else 422 if form.errors else 200)
