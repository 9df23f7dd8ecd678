"""Which door stands at which address."""

from django.conf.urls.i18n import i18n_patterns
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

# Nobody signs up, no address is changed and no password is reset by mail: an administrator does that.
CLOSED = r"^accounts/(?:signup|email|confirm-email|password/reset|password/set|login/code|inactive|phone)"


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tutela.api.urls")),
    re_path(CLOSED, closed),
    path("accounts/", include("allauth.urls")),
    path("console/", include("tutela.console.urls")),
    path("demo/", include("tutela.console.demonstration")),
    # A language is part of a public address, so that it can be shared and no cookie is needed; English has no prefix.
    *i18n_patterns(path("", include("tutela.portal.urls")), prefix_default_language=False),
]
