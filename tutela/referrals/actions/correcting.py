"""Correction travels: whoever was told what turned out wrong is told so, and says that it has acted."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.cursor import follow
from tutela.audit.rules import actor_text
from tutela.exchange.words import OutcomeCode
from tutela.indicators.models import Change
from tutela.referrals.models import Correction, Referral

WHY = {
    Change.What.WITHDRAWN: Correction.Why.INDICATOR_WITHDRAWN,
    Change.What.DOUBTED: Correction.Why.INDICATOR_DOUBTED,
}


def correct_wrong(wrong: Referral, *, by: Actor) -> None:
    """One authority answered "wrong, delete": everyone else who was told of the case is told."""
    told = Referral.objects.filter(case=wrong.case_id, handed_over_at__isnull=False).exclude(pk=wrong.pk)
    for referral in told:
        _open(referral, Correction.Why.WRONG_DELETE, because=wrong.subject, by=by)


def correct_withdrawn(*, limit: int = 200, by: Actor = HOUSE) -> int:
    """Tell the authorities whose dossier named an indicator that counts no longer; returns how many changes."""
    with follow("referrals.corrections", Change.objects.filter(what__in=WHY), limit=limit) as changes:
        for change in changes:
            # A sealed dossier that still waits may yet be carried out: its correction waits with it. Who answered
            # "wrong, delete" knows already.
            named = Referral.objects.filter(dossier__indicators__contains=[change.indicator_id])
            because = f"indicator:{change.indicator_id}"
            for referral in named.exclude(outcome=OutcomeCode.WRONG_DELETE).order_by("pk"):
                _open(referral, WHY[change.what], because=because, by=by, indicator=change.indicator_id)
        return len(changes)


@transaction.atomic
def acknowledge_correction(number: int, *, by: Actor) -> Correction:
    """`number` is the correction's own. The recipient says that it rectified, erased or restricted."""
    correction = Correction.objects.select_for_update(of=("self",)).select_related("referral").filter(pk=number).first()
    if correction is None:
        raise NotYours("no such correction")
    # What was carried outside is acknowledged outside; whoever carried it writes that down.
    act = Act.REFERRAL_ANSWER if correction.referral.addressed else Act.REFERRAL_HAND_OVER
    check_may(by, act, addressed=correction.referral.addressed)
    if correction.acknowledged_at is None:
        correction.acknowledged_at, correction.acknowledged_by = datetime.now(UTC), actor_text(by)
        correction.save()
        audit.record("referral.correction_acknowledged", by=by, subject=correction.referral.subject)
    return correction


def _open(referral: Referral, why: Correction.Why, *, because: str, by: Actor, indicator: int | None = None) -> None:
    _, new = Correction.objects.get_or_create(referral=referral, why=why, indicator_id=indicator)
    if new:
        details = {"because": because, "why": str(why)}
        audit.record(
            "referral.corrected", by=by, subject=referral.subject, recipient=referral.authority, details=details
        )
