"""The way out: one person is enough, because a wrong entry harms for as long as it stands."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit.rules import actor_text
from tutela.indicators.actions.writing import locked, reason_of, written
from tutela.indicators.models import Change, Indicator, Tombstone
from tutela.indicators.rules import State, check_move


def withdraw(indicator: Indicator, *, reason: str, by: Actor) -> Indicator:
    """Nothing matches by it from this moment on, in any process, and its value cannot be added again.

    What was never active leaves no tombstone: otherwise one person alone could shut a value out for ever.
    """
    with transaction.atomic():
        indicator = locked(indicator)
        check_may(by, Act.INDICATOR_WITHDRAW, owner=indicator.identified_by_id)
        to, why, was = check_move(indicator.state, "withdraw"), reason_of(reason), indicator.state
        indicator.state = to
        indicator.withdrawn_by, indicator.withdrawn_at = actor_text(by), datetime.now(UTC)
        indicator.withdrawn_reason = why
        indicator.save()
        if was == State.ACTIVE:
            Tombstone.objects.create(kind=indicator.kind, value=indicator.value, reason=why)
            Change.objects.create(indicator=indicator, what=Change.What.WITHDRAWN)
        written(indicator, "withdrawn", by=by, why=why, was=was)
    return indicator
