"""People of one's own organisation: who they are, adding one, agreeing to another's, letting one go."""

import secrets
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tutela.accounts import actions
from tutela.accounts.models import Organisation, Person
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import ROLES_OF, Act, Actor, AnotherPersonNeeded, Role, RoleNotOpen, may
from tutela.console.access import console_view
from tutela.console.pages import page
from tutela.console.words import code_label


def _choices(kind: str) -> list[tuple[str, str]]:
    return [(role, code_label(role)) for role in Role if role in ROLES_OF[kind]]


class NewPerson(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, by: Actor, *args: object) -> None:
        super().__init__(*args)
        self.ours = Person.objects.in_list(by.organisation_id).filter(ended_at__isnull=True)
        self.fields["roles"].choices = _choices(by.organisation_kind)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        # What other lists hold is not asked: the answer would tell where somebody works.
        if self.ours.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This address is in your list already."))
        return email


@console_view(Act.PEOPLE_MANAGE, Act.PEOPLE_ACTIVATE, methods=("GET", "POST"))
def people(request: HttpRequest, by: Actor) -> HttpResponse:
    form = NewPerson(by, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _shown(request, by, form)
    # Shown once, for the first sign-in; the second factor is set up there.
    first_password = secrets.token_urlsafe(18)
    told = form.cleaned_data
    try:
        actions.add_person(
            name=told["name"],
            email=told["email"],
            organisation=Organisation.objects.get(pk=by.organisation_id),
            roles=[Role(role) for role in told["roles"]],
            by=by,
            password=first_password,
        )
    except RoleNotOpen as refusal:
        return _shown(request, by, form, refusal=str(refusal))
    return _shown(request, by, form, first_password=first_password, whose=told["email"])


@console_view(Act.PEOPLE_ACTIVATE, methods=("POST",))
def activate(request: HttpRequest, by: Actor, person: int) -> HttpResponse:
    return _acted(request, by, lambda: actions.activate_person(person, by=by))


@console_view(Act.PEOPLE_MANAGE, methods=("POST",))
def roles(request: HttpRequest, by: Actor, person: int) -> HttpResponse:
    known = ROLES_OF[by.organisation_kind]
    chosen = [Role(role) for role in request.POST.getlist("roles") if role in known]
    return _acted(request, by, lambda: actions.change_roles(person, roles=chosen, by=by))


@console_view(Act.PEOPLE_MANAGE, methods=("POST",))
def end(request: HttpRequest, by: Actor, person: int) -> HttpResponse:
    return _acted(request, by, lambda: actions.end_person(person, by=by))


@console_view(Act.PEOPLE_MANAGE, methods=("POST",))
def password(request: HttpRequest, by: Actor, person: int) -> HttpResponse:
    new = secrets.token_urlsafe(18)
    try:
        given = actions.give_new_password(person, password=new, by=by)
    except (AnotherPersonNeeded, NotInThisState) as refusal:
        return _shown(request, by, refusal=str(refusal))
    return _shown(request, by, first_password=new, whose=given.email)


def _acted(request: HttpRequest, by: Actor, what: Callable[[], object]) -> HttpResponse:
    """Do one thing, and show the list again or the sentence that refused it."""
    try:
        what()
    except (AnotherPersonNeeded, NotInThisState, RoleNotOpen) as refusal:
        return _shown(request, by, refusal=str(refusal))
    return redirect("console:people")


def _shown(
    request: HttpRequest, by: Actor, form: NewPerson | None = None, refusal: str = "", **new: str
) -> HttpResponse:
    form = form or NewPerson(by)
    context = {
        "people": Person.objects.in_list(by.organisation_id),
        "form": form,
        "refusal": refusal,
        "roles": _choices(by.organisation_kind),
        "may_manage": may(by, Act.PEOPLE_MANAGE, owner=by.organisation_id),
        **new,
    }
    return page(request, by, "people.html", context, status=409 if refusal else 422 if form.errors else 200)
