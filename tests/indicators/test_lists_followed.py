"""Readers that come and go by chance hold, after every sync, exactly what the house last gave away."""

import json
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests import cast
from tests.indicators.stories import active, passport, pdq, sha256
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Actor, Role
from tutela.indicators import actions
from tutela.indicators.actions import publishing
from tutela.indicators.models import Indicator
from tutela.indicators.rules import Refused
from tutela.keys.keeper import house_signer
from tutela.provider.lists import Lists

BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)
SERVER = "https://house.example"


class House:
    """The room itself, asked as the door asks it."""

    def __init__(self, by: Actor) -> None:
        self.by = by

    def offered(self):
        return actions.offered_lists(by=self.by)

    def head(self, name):
        return json.loads(actions.list_head(name, by=self.by))

    def part(self, name, sequence, number, *, most_bytes):
        return actions.list_part(name, sequence, number, by=self.by)

    def change(self, name, sequence, *, most_bytes):
        return actions.list_change(name, sequence, by=self.by)


def given_away():
    rows = Indicator.objects.that_count().filter(is_positive=True).values_list("category", "pk", "value")
    return {(category, f"indicator:{pk}", bytes(value)) for category, pk, value in rows}


def held(lists, now):
    catalogue = lists.catalogue(now.date())
    return {(e.label.list, e.reference, e.value) for e in map(catalogue.entry, range(len(catalogue)))}


def something_happens(dice, ana, boris):
    everything = list(Indicator.objects.all())
    match dice.choice(["active", "active", "national", "withdrawn", "said", "said", "proposed"]):
        case "active":
            active(dice.choice([pdq, sha256])(), ana, boris)
        case "national":
            one = actions.propose(pdq(), passport=passport(category="national"), by=ana)
            actions.confirm(one, by=boris)
        case "proposed":
            actions.propose(pdq(), passport=passport(), by=ana)
        case "withdrawn" if everything:
            actions.withdraw(dice.choice(everything), reason="text-3", by=ana)
        case "said" if everything:
            verdict = dice.choice(["negative", "positive", "seed"])
            actions.give_opinion(
                dice.choice(everything), verdict=verdict, reason="text-3", by=dice.choice([ana, boris])
            )


def followed(seed, steps, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "settled_before", lambda: 0)
    monkeypatch.setattr(publishing, "CHANGES_BETWEEN_SNAPSHOTS", 3)
    monkeypatch.setattr(publishing, "MOST_LINES", 2)
    dice, now = random.Random(seed), BEGIN
    ana, boris = cast.ana().actor, cast.boris().actor
    credential = cast.credential(cast.organisation("provider"), "bearer", role=Role.PROVIDER_MATCHER).credential
    machine = Actor(
        "credential", str(credential.pk), credential.organisation_id, roles=frozenset({Role.PROVIDER_MATCHER})
    )
    house, readers = House(machine), [Lists(tmp_path / str(number)) for number in range(2)]
    for reader in readers:
        reader.trust(SERVER, [house_signer().public])
    actions.publish(now=now)
    given = given_away()
    for _ in range(steps):
        match dice.choice(["happens", "happens", "happens", "publish", "sync"]):
            case "happens":
                with suppress(Refused, NotInThisState):
                    something_happens(dice, ana, boris)
            case "publish":
                now += timedelta(minutes=11)
                actions.publish(now=now)
                given = given_away()
            case "sync":
                reader = dice.choice(readers)
                list(reader.sync(house, server=SERVER, now=now))
                assert held(reader, now) == given
    actions.publish(now=now + timedelta(minutes=11))
    for reader in readers:
        list(reader.sync(house, server=SERVER, now=now + timedelta(minutes=11)))
        assert held(reader, now) == given_away()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_every_reader_holds_what_was_last_given_away(seed, tmp_path, monkeypatch):
    followed(seed, 60, tmp_path, monkeypatch)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(100, 120))
def test_the_same_through_long_histories(seed, tmp_path, monkeypatch):
    followed(seed, 500, tmp_path, monkeypatch)
