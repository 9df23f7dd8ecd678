"""A dossier opened for a purpose: its signature first, then facts apart from assessments, then the custody trail."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tutela.accounts.policy import Act, Actor, may
from tutela.console.access import console_view
from tutela.console.fields import Section, sections
from tutela.console.pages import page
from tutela.exchange import messages
from tutela.keys.actions import KeyDestroyed
from tutela.keys.keeper import house_signer
from tutela.referrals import actions
from tutela.referrals.dossier import KIND
from tutela.referrals.models import Referral
from tutela.referrals.rules import Purpose
from tutela.seals.bundle import BadBundle, read_bundle
from tutela.seals.signatures import BadSignature


@console_view(Act.REFERRAL_READ)
def dossier(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    referral = Referral.objects.open_to(by).select_related("dossier").get(pk=number)
    purpose = _purpose(request)
    context: dict[str, Any] = {"referral": referral, "purpose": purpose, "purposes": _purposes(by, referral)}
    if purpose is not None:
        try:
            bundle = actions.open_dossier(number, by=by, purpose=purpose)
            context |= _read(bundle)
            context["answer"] = actions.open_answer(number, by=by, purpose=purpose) if referral.answered_at else None
        except KeyDestroyed:
            context["erased"] = True
    return page(request, by, "dossier.html", context)


@console_view(Act.REFERRAL_READ)
def dossier_file(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The signed bundle itself, to keep and to verify without us."""
    referral, purpose = Referral.objects.open_to(by).get(pk=number), _purpose(request)
    if purpose is None:
        return page(request, by, "dossier.html", {"referral": referral, "purposes": _purposes(by, referral)})
    try:
        bundle = actions.open_dossier(number, by=by, purpose=purpose)
    except KeyDestroyed:
        return page(request, by, "dossier.html", {"referral": referral, "erased": True}, status=410)
    answer = HttpResponse(bundle, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="dossier-{number}.zip"'
    return answer


def _purpose(request: HttpRequest) -> Purpose | None:
    try:
        return Purpose(request.GET.get("purpose", ""))
    except ValueError:
        return None


def _purposes(by: Actor, referral: Referral) -> list[Purpose]:
    if may(by, Act.REFERRAL_HAND_OVER):
        return [Purpose.HAND_OVER, Purpose.SUPERVISION]
    return [Purpose.INVESTIGATION, Purpose.SUPERVISION]


def _read(data: bytes) -> dict[str, Any]:
    """The signature's state is part of the answer: a bundle that does not verify is never shown as one that does."""
    signer = house_signer().public
    try:
        bundle = read_bundle(data, KIND, keys=[signer])
    except (BadBundle, BadSignature) as error:
        return {"fault": str(error)}
    said = json.loads(bundle.files["dossier.json"])
    return {
        "key_id": signer.key_id,
        "files": sorted((name, len(content)) for name, content in bundle.files.items()),
        "said": said,
        "stated": [(each, _stated(each)) for each in said["reports"]],
        "custody": json.loads(bundle.files["custody.json"]),
    }


def _stated(report: dict[str, Any]) -> list[Section]:
    message = messages.Report.model_validate_json(json.dumps(report["stated"]["message"]))
    return sections(message, _("Report"))
