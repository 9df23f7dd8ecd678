"""How a public page is sent: no cookie, and kept by nobody where having read it could betray the reader."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CACHED = "public, max-age=60"
PRIVATE = "no-store"


def page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    caching: str = CACHED,
    status: int = 200,
) -> HttpResponse:
    answer = render(request, f"portal/{name}.html", dict(context or {}), status=status)
    answer["Cache-Control"] = caching
    # No page here is sent a form, so none needs to tell even this house where its reader came from.
    answer["Referrer-Policy"] = "no-referrer"
    return answer
