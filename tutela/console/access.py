"""The one gate of the console: signed in, with a second factor, and open by the policy table.

What one may not see answers exactly like what does not exist: both are the same 404, whatever raised it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from tutela.accounts.policy import Act, Actor, NotYours, Relation, relations

View = Callable[..., HttpResponse]


def console_view(*acts: Act, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Open a page to whoever may do at least one of these acts; the page itself checks the thing it shows.

    The page is called with the actor: `view(request, by, **named)`. Without acts it is for everybody who is signed in.
    """

    def gate(view: View) -> View:
        @wraps(view)
        def through(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            step = second_factor_step(request)
            if step is not None:
                return step
            by: Actor = request.user.actor()
            if acts and not any(relations(by, act) for act in acts):
                raise Http404
            try:
                return view(request, by, **named)
            except (NotYours, ObjectDoesNotExist):
                raise Http404 from None

        through.acts = acts  # type: ignore[attr-defined]
        return require_http_methods(list(methods))(through)

    return gate


def sees_all(by: Actor, act: Act) -> bool:
    """Whether a list for this act holds everything, or only what is the actor's organisation's own or sent to it."""
    return Relation.ANY in relations(by, act)


def second_factor_step(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where to send a session that no second factor has opened; None where one has.

    A session counts by what was shown in it, not by what its owner has set up since: a stolen password session
    does not become a full one on the day its owner enrols a passkey.
    """
    person = request.user
    if settings.DEMO and person.organisation.invented:
        return None
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, person)):
        return None
    back = urlencode({"next": request.get_full_path()})
    if is_mfa_enabled(person, [Authenticator.Type.TOTP]):
        return redirect(f"{reverse('mfa_reauthenticate')}?{back}")
    if is_mfa_enabled(person, [Authenticator.Type.WEBAUTHN]):
        return redirect(f"{reverse('mfa_reauthenticate_webauthn')}?{back}")
    return redirect("mfa_index")
