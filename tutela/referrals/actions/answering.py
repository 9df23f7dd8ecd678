"""What an authority does with a referral: its answer goes down to reports and indicators, a correction to the rest."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text
from tutela.cases import actions as cases
from tutela.exchange.messages import Outcome
from tutela.exchange.words import OutcomeCode
from tutela.indicators import actions as indicators
from tutela.indicators.models import Indicator
from tutela.keys import actions as keys
from tutela.referrals import rules
from tutela.referrals.actions.correcting import correct_wrong
from tutela.referrals.actions.handing import about, locked_after_its_case
from tutela.referrals.actions.opening import ANSWER
from tutela.referrals.models import Dossier, Referral
from tutela.reports import actions as reports
from tutela.reports.models import Report, Step
from tutela.seals.canonical import canonical


@transaction.atomic
def acknowledge(number: int, *, by: Actor) -> Referral:
    """Raises NotYours for everybody but the addressed authority, and NotInThisState."""
    referral = _addressed(number, by)
    referral.state = rules.check_move(referral.state, "acknowledge")
    referral.acknowledged_at, referral.acknowledged_by = datetime.now(UTC), actor_text(by)
    referral.save()
    audit.record("referral.acknowledged", by=by, subject=referral.subject)
    for report in _reports(referral):
        reports.record_step(report, Step.What.ACKNOWLEDGED, by=by)
    return referral


@transaction.atomic
def answer(number: int, outcome: Outcome, *, by: Actor) -> Referral:
    """The outcome in a standard code; a later answer takes the place of the first, which the audit keeps.

    "Wrong, delete" marks the reports for erasure and goes to everyone else who was told (dir-2016-680:art-7-3).
    """
    referral = _addressed(number, by)
    referral.state = rules.check_move(referral.state, "answer")
    referral.outcome, referral.answered_at, referral.answered_by = outcome.code, datetime.now(UTC), actor_text(by)
    referral.save()
    details = {"code": outcome.code, "children_identified": outcome.children_identified}
    audit.record("referral.answered", by=by, subject=referral.subject, details=details)
    for report in _reports(referral):
        reports.record_outcome(report, authority=referral.authority, code=outcome.code, by=by)
    # After the reports, as erasing does, so that neither waits for the other.
    _seal_answer(referral, outcome)
    for indicator in _indicators(referral):
        indicators.record_outcome_precision(indicator, code=outcome.code, about=referral.subject, by=by)
    if outcome.code is OutcomeCode.WRONG_DELETE:
        correct_wrong(referral, by=by)
    cases.tell_answered(referral.case_id, by=by, addressed=referral.addressed)
    return referral


def remind(*, now: datetime | None = None, limit: int = 200) -> int:
    """Ask for the acknowledgements that are overdue, each again after the same number of days; returns how many."""
    now = now or datetime.now(UTC)
    quiet = Q(reminded_at=None) | Q(reminded_at__lte=now - timedelta(days=rules.ACKNOWLEDGED_WITHIN_DAYS))
    with transaction.atomic():
        overdue = Referral.objects.select_for_update(skip_locked=True).overdue(now=now).filter(quiet)[:limit]
        for referral in overdue:
            referral.reminded_at = now
            referral.save(update_fields=["reminded_at"])
            audit.record("referral.reminded", by=HOUSE, subject=referral.subject, recipient=referral.authority)
    return len(overdue)


def _addressed(number: int, by: Actor) -> Referral:
    referral = locked_after_its_case(number)
    if referral is None or not referral.addressed:
        raise NotYours("no such referral")
    check_may(by, Act.REFERRAL_ANSWER, addressed=referral.addressed)
    return referral


def _reports(referral: Referral) -> "Iterable[Report]":
    return referral.case.gathered().filter(erased_at=None)


def _indicators(referral: Referral) -> "Iterable[Indicator]":
    matched = Report.objects.filter(pk__in=referral.case.members.values("report")).values("items__matches__indicator")
    return Indicator.objects.filter(pk__in=matched).order_by("pk")


def _seal_answer(referral: Referral, outcome: Outcome) -> None:
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("key").get(referral=referral)
    if dossier.erased_at is None:
        words = canonical(outcome.model_dump(mode="json"))
        dossier.sealed_answer = keys.seal(dossier.key, words, about=about(dossier, ANSWER))
        dossier.save(update_fields=["sealed_answer"])
