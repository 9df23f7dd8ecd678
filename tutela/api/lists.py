"""The signed lists, for providers and partners that may have them: what is sent is what was signed, byte for byte."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from tutela.accounts.policy import Actor
from tutela.exchange.lists import Offered
from tutela.indicators import actions

router = Router(tags=["lists"])
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,63}$")]
Sequence = Annotated[int, Path(ge=0, le=2**63 - 1)]
Number = Annotated[int, Path(ge=0, le=4_095)]


@router.get("", response=Offered, summary="Which lists there are for you")
def offered(request: HttpRequest) -> HttpResponse:
    return HttpResponse(actions.offered_lists(by=_actor(request)).model_dump_json(), content_type="application/json")


@router.get(
    "/{name}/head",
    summary="The newest signed head of a list",
    description="A signed statement of kind list-head: sequence, chain, size and digest of each file, its last moment.",
)
def head(request: HttpRequest, name: Name) -> HttpResponse:
    return HttpResponse(actions.list_head(name, by=_actor(request)), content_type="application/json")


@router.get("/{name}/snapshots/{sequence}/{number}", summary="A file of a snapshot: gzip of JSON Lines")
def part(request: HttpRequest, name: Name, sequence: Sequence, number: Number) -> HttpResponse:
    return HttpResponse(actions.list_part(name, sequence, number, by=_actor(request)), content_type="application/gzip")


@router.get("/{name}/changes/{sequence}", summary="One change: gzip of JSON Lines")
def change(request: HttpRequest, name: Name, sequence: Sequence) -> HttpResponse:
    return HttpResponse(actions.list_change(name, sequence, by=_actor(request)), content_type="application/gzip")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
