"""Correction travels: whoever was told what turned out wrong is told so, and says that it has acted."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.cursor import follow
from tutela.audit.poison import AGAIN_AFTER, apart
from tutela.audit.rules import actor_text
from tutela.exchange.words import OutcomeCode
from tutela.indicators.models import Change
from tutela.referrals.models import Correction, Referral, Uncorrected

log = logging.getLogger(__name__)
WHY = {
    Change.What.WITHDRAWN: Correction.Why.INDICATOR_WITHDRAWN,
    Change.What.DOUBTED: Correction.Why.INDICATOR_DOUBTED,
}


class Fall(NamedTuple):
    """An indicator ceased to count; `change` is the row that says so."""

    change: int
    indicator: int
    why: Correction.Why


def correct_wrong(wrong: Referral, *, by: Actor) -> None:
    """One authority answered "wrong, delete": everyone else who was told of the case is told."""
    told = Referral.objects.filter(case=wrong.case_id, handed_over_at__isnull=False).exclude(pk=wrong.pk)
    for referral in told:
        _open(referral, Correction.Why.WRONG_DELETE, because=wrong.subject, by=by)


def correct_withdrawn(*, limit: int = 200, by: Actor = HOUSE) -> int:
    """Tell the authorities whose dossier named an indicator that counts no longer; returns how many changes."""
    with follow("referrals.corrections", Change.objects.filter(what__in=WHY), limit=limit) as changes:
        _correct_each([Fall(change.pk, change.indicator_id, WHY[change.what]) for change in changes], by=by)
        return len(changes)


def correct_uncorrected(*, now: datetime | None = None, limit: int = 200, by: Actor = HOUSE) -> int:
    """Try again what could not be corrected, each after a while; returns how many still cannot."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        due = Uncorrected.objects.select_for_update(skip_locked=True).filter(tried_at__lte=now - AGAIN_AFTER)
        again = list(due.order_by("tried_at").values_list("fall_id", "indicator_id", "why")[:limit])
        _correct_each([Fall(change, number, Correction.Why(why)) for change, number, why in again], now=now, by=by)
    return Uncorrected.objects.count()


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


def _correct_each(fallen: Sequence[Fall], *, now: datetime | None = None, by: Actor) -> None:
    """Whoever can be told is told; an indicator of which somebody could not be is set aside and stops nobody."""
    failed: dict[Fall, str] = {}

    def work(some: Sequence[tuple[Fall, Referral]]) -> None:
        for fall, referral in some:
            _open(referral, fall.why, because=f"indicator:{fall.indicator}", by=by, fall=fall)

    told = [(fall, referral) for fall in fallen for referral in _told(fall.indicator)]
    apart(told, work, aside=lambda one, error: failed.update({one[0]: error}))
    for fall in fallen:
        if (error := failed.get(fall)) is None:
            Uncorrected.objects.filter(indicator=fall.indicator, why=fall.why).delete()
            continue
        kept = {"fall_id": fall.change, "tried_at": now or datetime.now(UTC), "error": error}
        Uncorrected.objects.update_or_create(indicator_id=fall.indicator, why=fall.why, defaults=kept)
        log.error("who was told could not be corrected: %s; %d wait", error, Uncorrected.objects.count())


def _told(indicator: int) -> "QuerySet[Referral]":
    """A sealed dossier that still waits may yet be carried out: its correction waits with it. Who answered "wrong,
    delete" knows already."""
    named = Referral.objects.filter(dossier__indicators__contains=[indicator])
    return named.exclude(outcome=OutcomeCode.WRONG_DELETE).order_by("pk")


def _open(referral: Referral, why: Correction.Why, *, because: str, by: Actor, fall: Fall | None = None) -> None:
    indicator, change = (fall.indicator, fall.change) if fall else (None, None)
    # Locked: whoever acknowledges at this moment acknowledges what was told before this fall.
    told = Correction.objects.select_for_update().filter(referral=referral, why=why, indicator_id=indicator)
    if any(each.acknowledged_at is None or change is None or (each.fall_id or 0) >= change for each in told):
        return
    _, new = Correction.objects.get_or_create(referral=referral, why=why, indicator_id=indicator, fall_id=change)
    if new:
        details = {"because": because, "why": str(why)}
        audit.record(
            "referral.corrected", by=by, subject=referral.subject, recipient=referral.authority, details=details
        )
