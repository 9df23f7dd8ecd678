"""Hold, release, erase."""

import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tutela.accounts.models import Person
from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.exchange.words import OutcomeCode
from tutela.law.authorities import EUROPOL, all_authorities
from tutela.referrals import actions as referrals
from tutela.reports import actions as reports
from tutela.reports.actions.writing import subject
from tutela.reports.models import Report
from tutela.safeguards import rules
from tutela.safeguards.clock import clock
from tutela.safeguards.models import Hold

log = logging.getLogger(__name__)


@transaction.atomic
def hold(number: int, *, authority: str, until: date, reason: Hold.Reason, by: Actor) -> Hold:
    """Keep a report beyond its time for a named authority until a set day. Raises NotYours, HoldRefused."""
    report = _locked(number, by)
    if authority not in {each.id for each in (*all_authorities(), EUROPOL)}:
        raise rules.HoldRefused("name the authority by its id in the law's data, such as authority:fr")
    rules.check_hold(authority=authority, until=until, on=datetime.now(UTC).date())
    if report.erased_at is not None:
        raise rules.HoldRefused("this report was erased; nothing is left to hold")
    held = Hold.objects.create(
        report=report, authority=authority, until=until, reason=Hold.Reason(reason), held_by=_person(by)
    )
    details = {"authority": authority, "until": until.isoformat(), "reason": str(held.reason)}
    audit.record("report.held", by=by, subject=subject(report), details=details)
    return held


@transaction.atomic
def release(hold_id: int, *, by: Actor) -> Hold:
    held = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if held is None:
        raise NotYours("no such hold")
    report = _locked(held.report_id, by)
    if held.released_at is None:
        held.released_at, held.released_by = datetime.now(UTC), _person(by)
        held.save()
        audit.record("report.released", by=by, subject=subject(report), details={"authority": held.authority})
    return held


def erase_due(*, now: datetime | None = None, limit: int = 200, by: Actor = HOUSE) -> int:
    """Erase what may not be kept any longer, with every dossier that holds it; returns how many reports.

    One that cannot be erased stays due and is counted in the log; it keeps nobody else's words here.
    """
    now = now or datetime.now(UTC)
    erased, stuck = 0, Counter[str]()
    for number in list(_perhaps_due(now)):
        if erased == limit:
            break
        try:
            erased += _erased_if_due(number, now, by)
        except Exception as error:
            # Only the kind: what an error says may hold what the report says.
            stuck[type(error).__name__] += 1
    if stuck:
        log.error("%d reports are due and could not be erased: %s", stuck.total(), dict(stuck))
    return erased


@transaction.atomic
def _erased_if_due(number: int, now: datetime, by: Actor) -> bool:
    report = Report.objects.select_for_update(of=("self",)).get(pk=number)
    due = clock(report)
    # Between the question and the lock somebody may have held it.
    if report.erased_at is not None or due.on > now.date():
        return False
    referrals.erase(number, by=by, reason=due.reason)
    reports.erase(number, by=by, reason=due.reason)
    return True


def _perhaps_due(now: datetime) -> "QuerySet[Report, int]":
    """A day wider than the rules, which then decide of each: the 29th of February must not stay a day too long."""
    abandoned = now - timedelta(days=rules.ABANDONED_DAYS - 1)
    oldest = rules.months_after(now.date(), -rules.KEPT_MONTHS) + timedelta(days=2)
    over = (
        Q(received_at__lt=datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC))
        | Q(state__in=rules.RETRACTED_OR_EXPIRED, modified_at__lt=abandoned)
        | Q(outcomes__code=OutcomeCode.WRONG_DELETE)
    )
    found = Report.objects.filter(over, erased_at=None)
    return found.order_by("number").values_list("number", flat=True).distinct()


def _locked(number: int, by: Actor) -> Report:
    check_may(by, Act.KEY_DESTROY)
    report = Report.objects.select_for_update(of=("self",)).select_related("key").filter(pk=number).first()
    if report is None:
        raise NotYours("no such report")
    return report


def _person(by: Actor) -> Person:
    person = Person.objects.filter(public_id=by.id).first() if by.kind == "person" else None
    if person is None:
        raise rules.HoldRefused("a person holds and releases; sign in as yourself")
    return person
