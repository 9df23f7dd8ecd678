"""The second reader, and the two who let something out of quarantine."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, check_may
from tutela.exchange.words import Verdict
from tutela.indicators.actions.writing import has_said, locked, reader, reason_of, written
from tutela.indicators.models import Change, Indicator
from tutela.indicators.rules import Refused, check_move, tier


def confirm(indicator: Indicator, *, by: Actor) -> Indicator:
    """Active from this moment on: the second of two different people has read it."""
    return confirm_many([indicator], by=by)[0]


def confirm_many(indicators: Iterable[Indicator], *, by: Actor) -> list[Indicator]:
    """All or none. Each is read on its own: the record has one leaf for each."""
    with transaction.atomic():
        # One order for everybody, so that two who confirm the same list wait for each other and never lock up.
        ordered = sorted(indicators, key=lambda each: each.pk)
        return [_confirm(locked(each), by) for each in ordered]


def _confirm(indicator: Indicator, by: Actor) -> Indicator:
    check_may(by, Act.INDICATOR_CONFIRM, owner=indicator.identified_by_id)
    second = reader(by)
    to = check_move(indicator.state, "confirm")
    if second.pk == indicator.first_reader_id:
        raise Refused("You read this indicator first: somebody else must confirm it.")
    indicator.state, indicator.tier = to, tier(indicator.identified_by_id, second.organisation_id)
    indicator.second_reader, indicator.second_organisation_id = second, second.organisation_id
    indicator.second_at = datetime.now(UTC)
    indicator.save()
    has_said(indicator, second.organisation_id, Verdict.POSITIVE, "read second")
    Change.objects.create(indicator=indicator, what=Change.What.ACTIVE)
    written(indicator, "confirmed", by=by)
    return indicator


def release_from_quarantine(indicator: Indicator, *, reason: str, by: Actor) -> Indicator:
    """Called by two different people; after the second it is a proposal like any other, still to be confirmed."""
    with transaction.atomic():
        indicator = locked(indicator)
        check_may(by, Act.INDICATOR_CONFIRM, owner=indicator.identified_by_id)
        person, why = reader(by), reason_of(reason)
        to = check_move(indicator.state, "release")
        if indicator.release_first_reader_id is None:
            indicator.release_first_reader, indicator.release_first_at = person, datetime.now(UTC)
            what = "release_asked"
        else:
            _second_release(indicator, person)
            indicator.state, what = to, "released"
        indicator.save()
        written(indicator, what, by=by, why=why)
    return indicator


def _second_release(indicator: Indicator, person: Person) -> None:
    if person.pk == indicator.release_first_reader_id:
        raise Refused("You asked for this release: somebody else must agree to it.")
    indicator.release_second_reader, indicator.release_second_at = person, datetime.now(UTC)
