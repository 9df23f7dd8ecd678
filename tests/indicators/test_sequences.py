"""Whatever several people do in whatever order, one person alone never makes an indicator count."""

import random
from collections import Counter

import pytest
from django.db import transaction

from tests import cast
from tests.indicators.stories import passport, pdq, sha256
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, NotYours, Role
from tutela.exchange.words import Verdict
from tutela.indicators import actions
from tutela.indicators.matching import Fingerprint, match
from tutela.indicators.models import Event, Indicator
from tutela.indicators.rules import Refused, State, Tier

SEQUENCES, STEPS = 120, 7


class Undone(Exception):
    pass


def people():
    home = cast.organisation("hotline", country="IE")
    return [
        cast.ana(home).actor,
        cast.boris(home).actor,
        cast.boris().actor,
        cast.officer().actor,
        cast.stranger().actor,
        cast.credential(home, role=Role.ANALYST).credential.actor(),
        HOUSE,
    ]


def step(dice, indicator, fingerprint, by):
    """The indicator after one act, or as it was where the act was refused."""
    act = dice.choice(("propose", "confirm", "confirm", "release", "doubt", "trust", "withdraw"))
    try:
        if indicator is None or act == "propose":
            return actions.propose(fingerprint, passport=passport(), by=by)
        if act == "confirm":
            return actions.confirm(indicator, by=by)
        if act == "release":
            return actions.release_from_quarantine(indicator, reason="text-1", by=by)
        if act == "withdraw":
            return actions.withdraw(indicator, reason="text-1", by=by)
        verdict = Verdict.NEGATIVE if act == "doubt" else Verdict.POSITIVE
        return actions.give_opinion(indicator, verdict=verdict, reason="text-1", by=by)
    except (Refused, NotInThisState, NotYours):
        return indicator


def check(indicator, fingerprint):
    counts = bool(match([[Fingerprint(fingerprint.kind, fingerprint.value, 90)]])[0])
    row = Indicator.objects.exclude(state=State.WITHDRAWN).filter(value=fingerprint.value).first()
    if counts:
        assert row.state == State.ACTIVE
        assert row.second_reader_id not in (None, row.first_reader_id)
        assert not row.holds or row.release_second_reader_id not in (None, row.release_first_reader_id)
        assert (row.tier == Tier.C) is (row.second_organisation_id != row.identified_by_id)
        confirmed = Event.objects.filter(indicator=row, what="confirmed").get()
        proposed = Event.objects.filter(indicator=row, what__in=("proposed", "quarantined")).get()
        assert confirmed.by != proposed.by
    return row.state if row else "none"


@pytest.mark.django_db
def test_of_120_sequences_none_reaches_a_match_by_one_person():
    everybody, dice, ends = people(), random.Random(5), Counter()
    for _ in range(SEQUENCES):
        try:
            with transaction.atomic():
                fingerprint, indicator = dice.choice((pdq, sha256, lambda: pdq(112)))(), None
                for _ in range(STEPS):
                    indicator = step(dice, indicator, fingerprint, dice.choice(everybody[: dice.choice((1, 4, 7))]))
                ends[check(indicator, fingerprint)] += 1
                raise Undone
        except Undone:
            continue
    # Every end was met, so that the zero above says something.
    assert sum(ends.values()) == SEQUENCES
    assert {State.PROPOSED, State.QUARANTINED, State.ACTIVE, "none"} <= set(ends)
