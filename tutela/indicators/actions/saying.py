"""What bodies say of an indicator, and what authorities answered about what rested on it."""

from django.db import transaction

from tutela.accounts.policy import Act, Actor, check_may
from tutela.exchange.words import OutcomeCode, Verdict
from tutela.indicators.actions.writing import has_said, locked, reason_of, written
from tutela.indicators.models import Answer, Change, Indicator
from tutela.indicators.rules import Refused, State


def give_opinion(indicator: Indicator, *, verdict: str, reason: str, by: Actor) -> Indicator:
    """One organisation's verdict, which replaces its earlier one. A single "negative" stops all matching at once."""
    check_may(by, Act.INDICATOR_OPINION, owner=by.organisation_id)
    if verdict not in set(Verdict):
        raise Refused(f"A verdict is one of: {', '.join(Verdict)}.")
    with transaction.atomic():
        indicator = locked(indicator)
        if indicator.state == State.WITHDRAWN:
            raise Refused("This indicator was withdrawn: there is nothing left to have an opinion on.")
        _say(indicator, _organisation(by), verdict, reason_of(reason))
        written(indicator, f"opinion_{verdict}", by=by, why=reason_of(reason))
    return indicator


def record_outcome_precision(indicator: Indicator, *, code: str, about: str, by: Actor) -> None:
    """What an authority answered about one hand-over; `about` names it ("referral:41"), a new answer replaces the old.

    "Wrong, delete" is also that authority's negative opinion: nothing matches by this indicator until people have
    looked, since one needless pause harms less than one more innocent person reported.
    """
    check_may(by, Act.REFERRAL_ANSWER, addressed=[_organisation(by)])
    answered = OutcomeCode(code)
    with transaction.atomic():
        indicator = locked(indicator)
        Answer.objects.update_or_create(indicator=indicator, about=about, defaults={"code": answered})
        if answered is OutcomeCode.WRONG_DELETE and indicator.state != State.WITHDRAWN:
            _say(indicator, _organisation(by), Verdict.NEGATIVE, f"answered wrong, delete on {about}")
        written(indicator, "answered", by=by, why=f"{answered} on {about}", code=str(answered))


def _say(indicator: Indicator, organisation_id: int, verdict: str, reason: str) -> None:
    """Write it down, and tell those who rest on this indicator where it begins or ceases to count by it."""
    itself = Indicator.objects.that_count().filter(pk=indicator.pk)
    counted = itself.exists()
    has_said(indicator, organisation_id, verdict, reason)
    if counted != itself.exists():
        Change.objects.create(indicator=indicator, what=Change.What.DOUBTED if counted else Change.What.CLEARED)


def _organisation(by: Actor) -> int:
    if by.organisation_id is None:
        raise Refused("An organisation must say this: the house itself has no opinion.")
    return by.organisation_id
