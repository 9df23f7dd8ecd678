"""Our own API, version 1. The committed openapi.json is its promise; a test holds it against this code."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBasicAuth, HttpBearer

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Actor, NotYours
from tutela.api import problems
from tutela.api.access import basic, bearer
from tutela.api.lists import router as lists
from tutela.api.match import router as match
from tutela.api.referrals import router as referrals
from tutela.api.reports import router as reports
from tutela.exchange.sniff import MediaRefused
from tutela.keys.actions import KeyDestroyed
from tutela.reports.actions import KeyReused
from tutela.reports.fingerprints import BadDigest


class BadJson(ValueError):
    """What is wrong with the body; the sentence repeats nothing of it."""


class StrictJson(Parser):
    """Bounded depth, no NaN, no key twice: the last of two keys would be read and both would be kept."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(request.body, object_pairs_hook=_once_each, parse_constant=_no_constant)
        except RecursionError:
            raise BadJson("The body is nested too deep.") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("A key stands twice in one object; say it once.")
    return found


def _no_constant(name: str) -> None:
    raise BadJson("NaN and Infinity are not JSON.")


class Bearer(HttpBearer):
    """Declared for the description; what it lets in is decided in `access`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return bearer(request)


class Basic(HttpBasicAuth):
    """The ispws door's credential reads its own reports here too: its receipts have no place on that wire."""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Actor | None:
        return basic(request)


api = NinjaAPI(
    title="Tutela",
    version="1.0.0",
    description=(
        "Report, follow and answer. The server keeps no media: it takes hashes and facts. "
        "Accepted means committed, and is receipted with a signature that verifies offline."
    ),
    docs_url=None,
    openapi_url=None,
    auth=[Bearer(), Basic()],
    parser=StrictJson(),
    urls_namespace="api-v1",
)
api.add_router("/reports", reports)
api.add_router("/lists", lists)
api.add_router("/referrals", referrals)
api.add_router("/match", match)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = problems.faults(error.errors)
    return problems.problem(422, "invalid-report", "The message breaks a rule of the format.", errors=found)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    why = error.__cause__
    said = str(why) if isinstance(why, BadJson) else "The body is not JSON that can be read."
    return problems.problem(error.status_code, "unreadable", said)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problems.problem(413, "too-large", "The body is larger than 1 MiB; a report holds facts, no files.")


@api.exception_handler(AuthenticationError)
def _who(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.problem(401, "unauthenticated", "Send your credential as 'Authorization: Bearer <name>.<secret>'.")


@api.exception_handler(NotYours)
def _not_yours(request: HttpRequest, error: NotYours) -> HttpResponse:
    return problems.not_found()


@api.exception_handler(KeyReused)
def _key_reused(request: HttpRequest, error: KeyReused) -> HttpResponse:
    return problems.problem(422, "reference-reused", str(error))


@api.exception_handler(BadDigest)
def _bad_digest(request: HttpRequest, error: BadDigest) -> HttpResponse:
    fault = {"where": error.where, "rule": error.sentence}
    return problems.problem(422, "invalid-hash", "A stated hash or address cannot be one.", errors=[fault])


@api.exception_handler(MediaRefused)
def _media(request: HttpRequest, error: MediaRefused) -> HttpResponse:
    return problems.problem(422, "media-refused", str(error))


@api.exception_handler(KeyDestroyed)
def _erased(request: HttpRequest, error: KeyDestroyed) -> HttpResponse:
    return problems.problem(410, "erased", "This was erased.")


@api.exception_handler(NotInThisState)
def _state(request: HttpRequest, error: NotInThisState) -> HttpResponse:
    return problems.problem(409, "not-in-this-state", str(error))
