"""The first page: what this person may do here."""

from django.http import HttpRequest, HttpResponse

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Actor
from tutela.console.access import console_view
from tutela.console.pages import page


@console_view()
def home(request: HttpRequest, by: Actor) -> HttpResponse:
    return page(request, by, "home.html", {"organisation": Organisation.objects.get(pk=by.organisation_id)})
