"""What an authority was handed: list it, take the dossier, acknowledge, answer."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field

from tutela.accounts.policy import Actor, NotYours
from tutela.exchange import messages
from tutela.exchange.words import OutcomeCode
from tutela.referrals import actions
from tutela.referrals.models import Correction, Referral
from tutela.referrals.rules import Purpose

router = Router(tags=["referrals"])
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Handed(Schema):
    """One case that was handed to you, with the reason why to you."""

    number: int
    case: int
    authority: str
    state: str
    reason: str
    ground: str
    handed_over_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    outcome: OutcomeCode | None
    dossier_sha256: str | None


class Page(Schema):
    referrals: list[Handed]
    next: int | None = Field(description="pass as `after` for the next page; null at the end")


class Corrected(Schema):
    """Something we told you was wrong: rectify, erase or restrict, and acknowledge."""

    number: int
    referral: int
    why: str
    told_at: datetime
    acknowledged_at: datetime | None


@router.get("", response=Page, summary="What was handed to you, oldest first")
def list_referrals(request: HttpRequest, after: int = 0, limit: Annotated[int, Field(ge=1, le=200)] = 50) -> Page:
    found = Referral.objects.open_to(_actor(request)).filter(number__gt=min(max(after, 0), 2**63 - 1))
    page = list(found.order_by("number")[:limit])
    return Page(referrals=[_handed(one) for one in page], next=page[-1].number if len(page) == limit else None)


@router.get("/corrections", response=list[Corrected], summary="What was corrected after you were told")
def list_corrections(request: HttpRequest) -> list[Corrected]:
    mine = Referral.objects.open_to(_actor(request))
    return [_corrected(one) for one in Correction.objects.filter(referral__in=mine).order_by("pk")[:200]]


@router.post("/corrections/{number}/acknowledgement", response=Corrected, summary="Acknowledge a correction")
def acknowledge_correction(request: HttpRequest, number: Number) -> Corrected:
    return _corrected(actions.acknowledge_correction(number, by=_actor(request)))


@router.get("/{number}", response=Handed, summary="One referral")
def show(request: HttpRequest, number: Number) -> Handed:
    referral = Referral.objects.open_to(_actor(request)).filter(pk=number).first()
    if referral is None:
        raise NotYours("no such referral")
    return _handed(referral)


@router.get(
    "/{number}/dossier",
    summary="The signed dossier",
    description="A zip under one signed manifest; `tutela dossier verify` checks it offline. Taking it leaves a row.",
    openapi_extra={
        "responses": {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def dossier(request: HttpRequest, number: Number, purpose: Purpose) -> HttpResponse:
    bundle = actions.open_dossier(number, by=_actor(request), purpose=purpose)
    answer = HttpResponse(bundle, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="dossier-{number}.zip"'
    return answer


@router.post("/{number}/acknowledgement", response=Handed, summary="Acknowledge")
def acknowledge(request: HttpRequest, number: Number) -> Handed:
    return _handed(actions.acknowledge(number, by=_actor(request)))


@router.post("/{number}/outcome", response=Handed, summary="Answer, in standard codes")
def answer(request: HttpRequest, number: Number, outcome: messages.Outcome) -> Handed:
    return _handed(actions.answer(number, outcome, by=_actor(request)))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _handed(referral: Referral) -> Handed:
    return Handed(
        number=referral.number,
        case=referral.case_id,
        authority=referral.authority,
        state=referral.state,
        reason=referral.reason,
        ground=referral.ground,
        handed_over_at=referral.handed_over_at,
        acknowledged_at=referral.acknowledged_at,
        answered_at=referral.answered_at,
        outcome=referral.outcome or None,
        dossier_sha256=bytes(referral.dossier_sha256).hex() if referral.dossier_sha256 else None,
    )


def _corrected(correction: Correction) -> Corrected:
    return Corrected(
        number=correction.pk,
        referral=correction.referral_id,
        why=correction.why,
        told_at=correction.told_at,
        acknowledged_at=correction.acknowledged_at,
    )
