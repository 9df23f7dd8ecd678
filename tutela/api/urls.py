"""The machines' addresses."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tutela.api import ispws
from tutela.api.openapi import COMMITTED
from tutela.api.v1 import api


def description(request: HttpRequest) -> HttpResponse:
    """The committed description itself: what is promised, whatever the code does."""
    return HttpResponse(COMMITTED.read_bytes(), content_type="application/json")


urlpatterns = [
    path("api/v1/openapi.json", description),
    path("api/v1/", api.urls),
    path("ispws/status", ispws.status),
    path("ispws/xsd", ispws.xsd),
    path("ispws/submit", ispws.submit),
    path("ispws/upload", ispws.upload),
    path("ispws/fileinfo", ispws.fileinfo),
    path("ispws/finish", ispws.finish),
    path("ispws/retract", ispws.retract),
]
