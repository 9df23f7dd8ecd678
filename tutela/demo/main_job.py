"""The house's main job, played by invented people and machines, one step after the other."""

import random
from collections.abc import Iterable
from datetime import datetime

from django.db import connections

from tutela.demo import desk, tally, world
from tutela.demo.authorities import Desk, Done
from tutela.demo.desk import Decided
from tutela.demo.followed import follow, opens
from tutela.demo.house import House
from tutela.demo.ledger import Ledger, add_up
from tutela.demo.senders import Senders
from tutela.demo.stories import Planned, Telling, the_one
from tutela.demo.tally import Tally
from tutela.demo.telling import Bar, Teller
from tutela.demo.visitors import Visitors
from tutela.demo.world import PROVIDERS


class MainJob:
    def __init__(self, house: House, teller: Teller, reports: int, *, seed: int, now: datetime) -> None:
        self._house, self._teller = house, teller
        self._pictures = world.known_pictures(reports)
        telling = Telling(seed=seed, known=self._pictures, providers=len(PROVIDERS), now=now)
        self._one: Planned = the_one(telling)
        self._others: list[Planned] = telling.reports(reports - 1)
        self._decided, self._done = Decided(), Done()
        self._closed: list[str] = []
        self._crashes = 0
        self._acknowledged = 0

    def build_world(self) -> None:
        self._teller.say("Inventing organisations, people, credentials and indicators.")
        self._world = world.build(self._pictures)
        self._ledger = Ledger(self._house.ledger)
        self._senders = Senders(self._house.server, self._world.providers, self._ledger)
        self._desks = [Desk(self._house.server, authority) for authority in self._world.authorities.values()]
        self._teller.say(
            f"{len(self._world.providers)} providers, {len(self._world.authorities)} authorities, "
            f"{self._world.people} people, {self._world.confirmed_indicators} indicators confirmed by two; "
            f"{self._world.held_back} harmless pictures were held back."
        )

    def follow_one(self) -> None:
        sights = follow(
            self._one,
            world=self._world,
            senders=self._senders,
            desks=self._desks,
            decided=self._decided,
            done=self._done,
        )
        self._teller.say("One invented report, followed from end to end:")
        self._teller.addresses([(each.who, each.what, self._house.server + each.address) for each in sights])
        self._closed = [each.who for each in sights if not opens(self._house.server, each)]

    def send(self, *, crashes_at: Iterable[float]) -> None:
        total = len(self._others)
        waiting = [int(total * share) for share in crashes_at]
        with self._teller.bar("sending", total) as bar:

            def after_each() -> None:
                bar.step()
                if waiting and bar.done >= waiting[0]:
                    waiting.pop(0)
                    self._crash(bar)

            self._senders.send_all(self._others, after_each=after_each)
        if self._crashes:
            self._teller.say(f"Killed {self._crashes} times, the last with {self._acknowledged} reports acknowledged.")
        with self._teller.bar("matching and linking", total + 1) as bar:
            desk.wait_until_linked(after_look=bar.reach)

    def _crash(self, bar: Bar) -> None:
        self._house.crash()
        self._crashes += 1
        self._acknowledged = sum(1 for one in add_up(self._house.ledger).values() if one.answers)
        self._teller.say(f"kill -9 to all of them after {bar.done} reports; starting again.")
        self._house.rise()
        # What this process held of the killed server is dead.
        connections.close_all()

    def decide(self, count: int) -> None:
        with self._teller.bar("two people decide", count) as bar:
            desk.decide_first(self._world, count, self._decided, after_each=bar.step)

    def answer(self, rng: random.Random) -> None:
        with self._teller.bar("authorities answer", self._waiting()) as bar:
            for each in self._desks:
                each.work(self._done, rng, after_each=bar.step)

    def visitors(self, rng: random.Random) -> Visitors:
        return Visitors(self._world, self._desks, self._teller, rng)

    def _waiting(self) -> int:
        return sum(each.waiting() for each in self._desks)

    def count(self) -> Tally:
        self._ledger.close()
        counted = tally.count(
            [self._one, *self._others],
            ledger=self._house.ledger,
            decided=self._decided,
            done=self._done,
            retries=self._senders.retries.count,
        )
        if self._crashes:
            counted.figures |= {"crashes": self._crashes, "acknowledged_before_last_crash": self._acknowledged}
        counted.must(not self._closed, f"The pages of the followed report do not open for: {', '.join(self._closed)}.")
        return counted
