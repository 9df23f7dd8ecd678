"""Send a report, complete it, follow it."""

import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Router, Schema
from pydantic import Field

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.exchange import messages
from tutela.exchange.words import OutcomeCode
from tutela.reports import actions
from tutela.reports.models import Report

router = Router(tags=["reports"])
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128, pattern=r"^[\x21-\x7e]+$")]
Token = Annotated[str, Header(alias="Completion-Token", max_length=64, pattern=r"^[0-9a-f]+$")]


class Signature(Schema):
    algorithm: str
    key_id: str
    value: str


class SignedReceipt(Schema):
    """A signed receipt. `tutela receipt verify` checks it offline against the house's public key."""

    kind: str
    body: dict[str, Any]
    signature: Signature


class Happened(Schema):
    at: datetime
    what: str


class Answered(Schema):
    authority: str
    code: OutcomeCode
    at: datetime


class Followed(Schema):
    """What became of a report; no word of what it says."""

    number: int
    reference: str | None
    state: str
    kind: str
    received_at: datetime
    completeness: int | None
    steps: list[Happened]
    outcomes: list[Answered]


class Page(Schema):
    reports: list[Followed]
    next: int | None = Field(description="pass as `after` for the next page; null at the end")


@router.post(
    "",
    response={201: SignedReceipt, 200: SignedReceipt},
    summary="Send a report",
    description="201: received and committed. 200: a byte-identical resend, linked to the report it repeats.",
)
def send(request: HttpRequest, message: messages.Report, key: Key = None) -> HttpResponse:
    return _receipt(actions.receive(message, request.body, by=_actor(request), channel="api", key=key))


@router.post("/{number}/completion", response={201: SignedReceipt, 200: SignedReceipt}, summary="Complete a report")
def complete(request: HttpRequest, number: Number, message: messages.Report, token: Token) -> HttpResponse:
    return _receipt(actions.complete(number, message, request.body, token=token, by=_actor(request)))


@router.get("", response=Page, summary="Your reports, oldest first")
def list_reports(request: HttpRequest, after: int = 0, limit: Annotated[int, Field(ge=1, le=200)] = 50) -> Page:
    actor = _actor(request)
    check_may(actor, Act.REPORT_FOLLOW, owner=actor.organisation_id)
    mine = Report.objects.filter(organisation_id=actor.organisation_id, number__gt=min(max(after, 0), 2**63 - 1))
    found = list(mine.prefetch_related("steps", "outcomes").order_by("number")[:limit])
    return Page(reports=[_followed(one) for one in found], next=found[-1].number if len(found) == limit else None)


@router.get("/{number}", response=Followed, summary="What became of a report")
def follow(request: HttpRequest, number: Number) -> Followed:
    return _followed(_mine(request, number))


@router.get("/{number}/receipt", response=SignedReceipt, summary="The latest receipt of a report")
def receipt(request: HttpRequest, number: Number) -> HttpResponse:
    latest = _mine(request, number).receipts.order_by("-id").first()
    if latest is None:
        raise NotYours("this report is not finished")
    return HttpResponse(bytes(latest.statement), content_type="application/json")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _mine(request: HttpRequest, number: int) -> Report:
    report = Report.objects.filter(pk=number).prefetch_related("steps", "outcomes").first()
    if report is None:
        raise NotYours("no such report")
    check_may(_actor(request), Act.REPORT_FOLLOW, owner=report.organisation_id)
    return report


def _followed(report: Report) -> Followed:
    return Followed(
        number=report.number,
        reference=report.reference,
        state=report.state,
        kind=report.kind,
        received_at=report.received_at,
        completeness=report.completeness,
        steps=[Happened(at=step.at, what=step.what) for step in actions.happened(report)],
        outcomes=[Answered(authority=one.authority, code=one.code, at=one.at) for one in report.outcomes.all()],
    )


def _receipt(received: actions.Received) -> HttpResponse:
    answer = HttpResponse(
        received.receipt or json.dumps({"report": received.report.number}).encode(),
        status=200 if received.linked else 201,
        content_type="application/json",
    )
    if received.linked:
        answer["Tutela-Resend"] = "linked"
    return answer
