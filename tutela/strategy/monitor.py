"""Asks the rooms below what they know and computes what is missing, for one reader on one day."""

from collections.abc import Collection
from datetime import date

from tutela.accounts.policy import Actor
from tutela.compliance import tables
from tutela.cooperation.models import Assessed, Assessment
from tutela.cooperation.rules import check_word
from tutela.law.authorities import MEMBER_STATES
from tutela.strategy import gaps
from tutela.strategy.models import Delivery


def found(
    *, on: date, by: Actor | None = None, states: Collection[str] = (), initiative: int | None = None
) -> gaps.Found:
    """`by` None is the public: a state's private assessment makes no gap that anybody else could read.

    Raises Refused for a state that is none.
    """
    asked = tuple(check_word(each, MEMBER_STATES, name="state") for each in states) or MEMBER_STATES
    told = gaps.gaps(records(by=by, states=asked), on=on, states=asked)
    return told if initiative is None else told.of_initiative(initiative)


def records(*, by: Actor | None = None, states: Collection[str] = MEMBER_STATES) -> gaps.Records:
    """Prevention is not a room yet: its needs stay None, which is said as "not measured"."""
    return gaps.Records(
        matrix=tables.matrix(states=states),
        capabilities=_capabilities(by),
        deliveries=tuple(each.record() for each in Delivery.objects.all()),
    )


def _capabilities(by: Actor | None) -> tuple[gaps.Assessed, ...]:
    open_ones = Assessment.objects.published() if by is None else Assessment.objects.open_to(by)
    newest = open_ones.order_by("state", "-as_of", "-pk").distinct("state").values("pk")
    rows = Assessed.objects.filter(assessment__in=newest).select_related("assessment").order_by("assessment", "number")
    return tuple(
        gaps.Assessed(
            record=f"assessment:{row.assessment_id}#{row.number}",
            state=row.assessment.state,
            number=row.number,
            phase=row.phase,
            as_of=row.assessment.as_of,
        )
        for row in rows
    )
