"""Credentials of one's own organisation: give, rotate with overlap, revoke. A secret is shown once."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tutela.accounts import actions
from tutela.accounts.models import Credential, Organisation
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, RoleNotOpen, machine_roles, may_give_to_machine
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
    form = NewCredential(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation, kind = Organisation.objects.get(pk=by.organisation_id), form.cleaned_data["kind"]
        roles = sorted(machine_roles(by))
        return _acted(
            request,
            by,
            lambda: actions.give_credential(organisation=organisation, kind=kind, roles=roles, by=by),
        )
    return _shown(request, by, form)


@console_view(Act.CREDENTIAL_MANAGE, methods=("POST",))
def rotate(request: HttpRequest, by: Actor, credential: int) -> HttpResponse:
    return _acted(request, by, lambda: actions.rotate_credential(credential, by=by))


@console_view(Act.CREDENTIAL_MANAGE, methods=("POST",))
def revoke(request: HttpRequest, by: Actor, credential: int) -> HttpResponse:
    actions.revoke_credential(credential, by=by)
    return redirect("console:credentials")


def _acted(request: HttpRequest, by: Actor, what: Callable[[], actions.Given]) -> HttpResponse:
    """Show the new secret once, or the sentence that refused it."""
    try:
        given = what()
    except (NotInThisState, RoleNotOpen) as refusal:
        return _shown(request, by, NewCredential(), refusal=str(refusal))
    return _shown(request, by, NewCredential(), given)


def _shown(
    request: HttpRequest, by: Actor, form: NewCredential, given: actions.Given | None = None, refusal: str = ""
) -> HttpResponse:
    held = Credential.objects.filter(organisation=by.organisation_id).order_by("-created_at")
    rows = [
        (each, each.is_open() and each.replaced_by_id is None and may_give_to_machine(by, each.roles)) for each in held
    ]
    context = {"rows": rows, "form": form, "given": given, "refusal": refusal, "may_give": bool(machine_roles(by))}
    return page(request, by, "credentials.html", context, status=409 if refusal else 422 if form.errors else 200)
