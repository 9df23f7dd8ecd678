"""Ask what is known of hashes: a match is a lead, and nothing else comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ValidationError

from tutela.accounts.policy import Act, Actor, check_may
from tutela.api import problems
from tutela.exchange.matching import LARGEST_BODY_BYTES, MOST_HASHES, Answer, BadQuestion, Question
from tutela.indicators import actions

router = Router(tags=["matching"])


def _described() -> dict[str, Any]:
    """The question's schema in one piece: the body is read here and not by the framework, which so knows none."""
    schema = Question.model_json_schema()
    parts = schema.pop("$defs")
    schema["properties"]["hashes"]["items"] = parts["Asked"]
    schema["properties"]["service"]["anyOf"][0] = parts["Service"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "",
    response={200: Answer},
    openapi_extra=_described(),
    summary="Ask what is known of hashes",
    description=(
        f"Up to {MOST_HASHES:,} hashes a batch, for providers that may. A match is a lead, not a verdict: a person "
        "decides. An address is asked by the SHA-256 of its canonical form. Where `service` is said, the question is "
        "refused on a day on which no law allows that service to compare."
    ),
)
def ask(request: HttpRequest) -> HttpResponse:
    by: Actor = request.auth  # type: ignore[attr-defined]
    # Before anything is read: to whoever may not ask, this address does not exist.
    check_may(by, Act.INDICATOR_MATCH)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY_BYTES:
        return _too_many()
    try:
        # Not `request.body`, which stops at a mebibyte as it should for every other address.
        answer = actions.ask(Question.model_validate_json(request.read()), by=by)
    except ValidationError as error:
        return _refused(error)
    except BadQuestion as error:
        fault = {"where": error.where, "rule": error.sentence}
        return problems.problem(422, "invalid-hash", "A stated hash cannot be one.", errors=[fault])
    except actions.NoLegalBasis as error:
        return problems.problem(403, "no-legal-basis", str(error))
    except actions.AskedEnough as error:
        return _tomorrow(str(error))
    return HttpResponse(answer.model_dump_json(), content_type="application/json")


def _refused(error: ValidationError) -> HttpResponse:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "too_long" and fault["loc"] == ("hashes",) for fault in faults):
        return _too_many()
    if faults[0]["type"] == "json_invalid":
        return problems.problem(400, "unreadable", "The body is not JSON that can be read.")
    return problems.problem(422, "invalid-question", "The question breaks a rule.", errors=problems.faults(faults))


def _too_many() -> HttpResponse:
    return problems.problem(413, "too-large", f"Ask about {MOST_HASHES:,} hashes at most at a time, within 4 MiB.")


def _tomorrow(sentence: str) -> HttpResponse:
    now = datetime.now(UTC)
    answer = problems.problem(429, "asked-enough", sentence)
    answer["Retry-After"] = str(86_400 - int((now - now.replace(hour=0, minute=0, second=0)) / timedelta(seconds=1)))
    return answer
