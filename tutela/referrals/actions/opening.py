"""Open a dossier or an answer, never without a purpose; erase them when a report in them is erased."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.cases.models import CaseReport
from tutela.exchange.messages import Outcome
from tutela.keys import actions as keys
from tutela.referrals.actions.handing import BUNDLE, about
from tutela.referrals.models import Dossier, Referral
from tutela.referrals.rules import Purpose

ANSWER = "answer"


@transaction.atomic
def open_dossier(number: int, *, by: Actor, purpose: Purpose) -> bytes:
    """The signed bundle, for the authority it was handed to and the desk that wrote it.

    Raises NotYours for everybody else, and KeyDestroyed where the dossier was erased.
    """
    dossier = _dossier(number, by)
    audit.record("referral.dossier_read", by=by, subject=dossier.referral.subject, purpose=Purpose(purpose))
    return keys.unseal(dossier.key, _box(dossier.sealed), about=about(dossier, BUNDLE))


@transaction.atomic
def open_answer(number: int, *, by: Actor, purpose: Purpose) -> Outcome | None:
    """What the authority answered in words; None where it has not answered."""
    dossier = _dossier(number, by)
    audit.record("referral.answer_read", by=by, subject=dossier.referral.subject, purpose=Purpose(purpose))
    if dossier.sealed_answer is None and dossier.erased_at is None:
        return None
    return Outcome.model_validate_json(
        keys.unseal(dossier.key, _box(dossier.sealed_answer), about=about(dossier, ANSWER))
    )


@transaction.atomic
def erase(number: int, *, by: Actor, reason: str) -> int:
    """Destroy every dossier that holds this report; returns how many. Codes and dates stay as counters."""
    check_may(by, Act.KEY_DESTROY)
    cases = CaseReport.objects.filter(report_id=number).values("case")
    dossiers = Dossier.objects.select_for_update(of=("self",)).select_related("referral")
    found = list(dossiers.filter(referral__case__in=cases, erased_at=None))
    for dossier in found:
        dossier.sealed = dossier.sealed_answer = None
        dossier.erased_at = datetime.now(UTC)
        dossier.save(update_fields=["sealed", "sealed_answer", "erased_at"])
        keys.destroy(dossier.key_id, by=by, reason=reason)
        audit.record("referral.dossier_erased", by=by, subject=dossier.referral.subject, details={"reason": reason})
    return len(found)


def _dossier(number: int, by: Actor) -> Dossier:
    referral = Referral.objects.open_to(by).filter(pk=number).first()
    if referral is None:
        raise NotYours("no such referral")
    check_may(by, Act.REFERRAL_READ, addressed=referral.addressed)
    dossier = Dossier.objects.select_related("key", "referral").filter(referral=referral).first()
    if dossier is None:
        raise NotYours("no dossier was written yet")
    return dossier


def _box(sealed: bytes | None) -> bytes:
    return b"" if sealed is None else bytes(sealed)
