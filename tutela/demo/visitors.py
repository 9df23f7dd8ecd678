"""While the demonstration stays up its desk goes on: what a visitor sends is decided, handed over and answered."""

import random
import time
from collections.abc import Sequence

from django.db.models import Max

from tutela.accounts.moves import NotInThisState
from tutela.cases.models import Case, CaseReport
from tutela.cases.rules import WAITING, NotDecidable
from tutela.demo import desk
from tutela.demo.authorities import Desk, Done
from tutela.demo.desk import Decided
from tutela.demo.telling import Teller
from tutela.demo.world import World
from tutela.referrals.models import Referral
from tutela.reports.models import Report

SECONDS_BETWEEN_LOOKS = 2.0


class Visitors:
    """What stood in the queue when the summary was made stays there for the visitor to decide herself."""

    def __init__(self, world: World, desks: Sequence[Desk], teller: Teller, rng: random.Random) -> None:
        self._world, self._desks, self._teller, self._rng = world, desks, teller, rng
        self._decided, self._done = Decided(), Done()
        self._before: int = Report.objects.aggregate(last=Max("number"))["last"] or 0
        self._left: set[int] = set()
        self._next_look = 0.0

    def say_how(self, server: str) -> None:
        credential = self._world.providers[0].visitor
        self._teller.say(
            "Be a provider, in another terminal (docs/guides/provider.md, 'A provider's day'):\n"
            f"  export TUTELA_SERVER={server} TUTELA_USERNAME={credential.username} TUTELA_SECRET={credential.secret}\n"
            "What you send is decided by two invented analysts and answered by invented authorities within seconds."
        )

    def serve(self) -> None:
        """Called again and again; looks every two seconds."""
        if time.monotonic() < self._next_look:
            return
        for number in self._new_cases():
            self._decide(number)
        # What a visitor hands over herself is hers to answer, too.
        handed = set(Referral.objects.filter(case__in=self._decided.confirmed).values_list("number", flat=True))
        if handed - set(self._done.answered):
            for each in self._desks:
                each.work(self._done, self._rng, after_each=lambda: None, only=handed)
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def _new_cases(self) -> list[int]:
        joined = CaseReport.objects.filter(report__number__gt=self._before, report__matched_at__isnull=False)
        waiting = joined.filter(case__state=WAITING).exclude(case__in=self._left)
        return sorted(waiting.values_list("case", flat=True).distinct())

    def _decide(self, number: int) -> None:
        reports = [each.number for each in Case.objects.get(pk=number).gathered() if each.number > self._before]
        try:
            desk.decide(number, self._world, self._decided)
        except (NotDecidable, NotInThisState) as reason:
            # A visitor at the console was faster, or the analysts have nothing to rest a decision on.
            self._left.add(number)
            self._teller.say(f"Case {number} is left to you: {reason}.")
            return
        what = "dismissed" if number in self._decided.dismissed else "confirmed by two and handed over"
        self._teller.say(f"What you sent ({', '.join(map(str, reports))}) is case {number}: {what}.")
