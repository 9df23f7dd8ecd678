"""Which door stands at which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tutela.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("console/", include("tutela.console.urls")),
    path("demo/", include("tutela.console.demonstration")),
    path("", include("tutela.portal.urls")),
]
