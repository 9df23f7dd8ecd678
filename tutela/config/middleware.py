"""What wraps every request: a database that went away is said as 503, and every answer carries the same headers."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tutela.api.problems import RETRY_AFTER_SECONDS, database_away, not_found, problem

Answer = Callable[[HttpRequest], HttpResponse]


class DatabaseAway:
    """Accepted means committed: without the database nothing is accepted, and the sender is told to come again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        connections.close_all()
        if request.path.startswith("/api/"):
            return database_away()
        answer = HttpResponse(render_to_string("503.html", {"demonstration": settings.DEMO}), status=503)
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer


class Problems:
    """Whatever our own API refuses is a problem document, also where no operation was reached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not request.path.startswith("/api/") or "json" in answer.get("Content-Type", "json"):
            return answer
        if answer.status_code == 404:
            return not_found()
        if answer.status_code == 405:
            said = problem(405, "not-allowed", "This address does not take this method.")
            said["Allow"] = answer["Allow"]
            return said
        return answer


class Headers:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith("/static/") and "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        return answer
