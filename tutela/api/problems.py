"""Every error of our own API is a problem document (RFC 9457): what to change, never what was sent."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

RETRY_AFTER_SECONDS = 5
_PLACE_LIMIT = 80


def problem(status: int, code: str, title: str, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    body: dict[str, Any] = {
        "type": f"urn:tutela:problem:{code}",
        "title": title,
        "status": status,
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    if errors:
        body["errors"] = errors
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Tutela"'
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def database_away() -> HttpResponse:
    return problem(503, "database-away", "The database is not reachable; nothing was accepted. Send it again.")


def not_found(request: HttpRequest | None = None) -> HttpResponse:
    """The one answer for what does not exist and for what is not yours."""
    return problem(404, "not-found", "There is nothing here for you.")


def faults(errors: list[Any]) -> list[dict[str, str]]:
    """Where each fault is and which rule it breaks. Values are left out; of names, only their beginning."""
    return [{"where": _where(error.get("loc", ())), "rule": str(error.get("msg", ""))} for error in errors[:50]]


def _where(place: Any) -> str:
    parts = [str(part) for part in place if part not in ("body", "message")]
    return "".join(ch if ch.isprintable() else "?" for ch in ".".join(parts))[:_PLACE_LIMIT]
