"""Sign in as somebody invented: only in a demonstration, and only as people of invented organisations."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from tutela.accounts.actions import record_sign_in
from tutela.accounts.models import Person
from tutela.accounts.policy import Role

# Two readers decide a case, so two of each role can be tried.
OF_EACH_ROLE = 2


def _only_in_a_demonstration(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def through(request: HttpRequest, **named: object) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, **named)

    return through


def _invented() -> "list[Person]":
    people = Person.objects.filter(organisation__invented=True, is_active=True)
    return list(people.select_related("organisation").order_by("pk"))


@_only_in_a_demonstration
@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    people = _invented()
    roles = [(role, [person for person in people if role in person.roles][:OF_EACH_ROLE]) for role in Role]
    context = {"roles": [(role, few) for role, few in roles if few], "next": request.GET.get("next", "")}
    return render(request, "console/demonstration.html", context)


@_only_in_a_demonstration
@require_POST
def sign_in(request: HttpRequest, person: UUID) -> HttpResponse:
    invented = Person.objects.filter(organisation__invented=True, is_active=True)
    somebody = get_object_or_404(invented, public_id=person)
    login(request, somebody, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_sign_in(by=somebody.actor())
    after = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if after and is_ours else "console:home")


urlpatterns = [
    path("", doors, name="doors"),
    path("<uuid:person>/", sign_in, name="sign_in"),
]
app_name = "demonstration"
