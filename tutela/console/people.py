"""People of one's own organisation: who they are, and adding one."""

import secrets

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tutela.accounts import actions
from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import ROLES_OF, Act, Actor, Role, check_may
from tutela.console.access import console_view
from tutela.console.pages import page
from tutela.console.words import code_label


class NewPerson(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, kind: str, *args: object) -> None:
        super().__init__(*args)
        self.fields["roles"].choices = [(role, code_label(role)) for role in Role if role in ROLES_OF[kind]]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if Person.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This address cannot be added. Choose another one."))
        return email


@console_view(Act.PEOPLE_MANAGE, methods=("GET", "POST"))
def people(request: HttpRequest, by: Actor) -> HttpResponse:
    check_may(by, Act.PEOPLE_MANAGE, owner=by.organisation_id)
    form, first_password = NewPerson(by.organisation_kind, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        # Shown once, for the first sign-in; the second factor is set up there.
        first_password = secrets.token_urlsafe(18)
        said = form.cleaned_data
        organisation = Organisation.objects.get(pk=by.organisation_id)
        roles = [Role(role) for role in said["roles"]]
        actions.add_person(
            name=said["name"],
            email=said["email"],
            organisation=organisation,
            roles=roles,
            by=by,
            password=first_password,
        )
    known = Person.objects.filter(organisation=by.organisation_id).order_by("name")
    context = {"people": known, "form": form, "first_password": first_password, "added": form.data.get("email")}
    return page(request, by, "people.html", context, status=422 if form.errors else 200)
