"""The machines' addresses."""

from django.urls import path

from tutela.api import ispws
from tutela.api.v1 import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("ispws/status", ispws.status),
    path("ispws/xsd", ispws.xsd),
    path("ispws/submit", ispws.submit),
    path("ispws/upload", ispws.upload),
    path("ispws/fileinfo", ispws.fileinfo),
    path("ispws/finish", ispws.finish),
    path("ispws/retract", ispws.retract),
]
