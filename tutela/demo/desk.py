"""Two invented analysts at work: they open, decide, disagree now and then, and hand over what both confirm."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tutela.cases import actions as cases
from tutela.cases.models import Case, CaseReport
from tutela.cases.rules import DISMISS, REFER
from tutela.demo.house import CannotStand
from tutela.demo.world import World
from tutela.referrals import actions as referrals
from tutela.reports import actions as reports
from tutela.reports.actions import Purpose
from tutela.reports.models import Report

SECONDS_TO_LINK = 300
DISAGREE_EVERY = 12


@dataclass
class Decided:
    """What the two remember of their own work; the house is asked separately."""

    confirmed: list[int] = field(default_factory=list)
    dismissed: list[int] = field(default_factory=list)
    disputed: list[int] = field(default_factory=list)


def wait_until_linked(*, after_look: Callable[[int], None]) -> int:
    """Until every finished report stands in a case; returns how many do."""
    deadline = time.monotonic() + SECONDS_TO_LINK
    while True:
        finished = Report.objects.filter(state=Report.State.FINISHED).count()
        linked = CaseReport.objects.filter(report__matched_at__isnull=False).count()
        after_look(linked)
        if linked == finished:
            return linked
        if time.monotonic() > deadline:
            raise CannotStand(f"After {SECONDS_TO_LINK} seconds {finished - linked} reports are still in no case.")
        time.sleep(0.3)


def decide_first(world: World, count: int, decided: Decided, *, after_each: Callable[[], None]) -> None:
    """The most urgent of the queue, as the queue orders them."""
    queue = list(Case.objects.queue(by=world.first_reader).values_list("number", flat=True)[:count])
    for place, number in enumerate(queue, start=1):
        decide(number, world, decided, disagree=place % DISAGREE_EVERY == 0)
        after_each()


def decide(number: int, world: World, decided: Decided, *, disagree: bool = False) -> None:
    case = Case.objects.get(pk=number)
    decision, grounds = _reasoned(case.signals)
    _read(case, world, Purpose.ASSESSMENT)
    cases.assess(number, decision=decision, grounds=grounds, by=world.first_reader)
    _read(case, world, Purpose.SECOND_READING)
    if disagree:
        cases.confirm(number, agree=False, by=world.second_reader)
        decided.disputed.append(number)
        return
    cases.confirm(number, agree=True, grounds=grounds, by=world.second_reader)
    if decision == DISMISS:
        decided.dismissed.append(number)
        return
    decided.confirmed.append(number)
    referrals.hand_over(number, by=world.second_reader)


def _read(case: Case, world: World, purpose: Purpose) -> None:
    by = world.first_reader if purpose is Purpose.ASSESSMENT else world.second_reader
    for report in case.gathered():
        reports.open_message(report.number, by=by, purpose=purpose)


def _reasoned(signals: Sequence[str]) -> tuple[str, list[str]]:
    """From facts only, as the rules ask: a resemblance is never the only ground."""
    if "informational" in signals:
        return DISMISS, ["informational_only"]
    stated = {
        "escalation_stated": "danger_stated",
        "sextortion": "extortion_stated",
        "solicitation": "solicitation_stated",
        "known_item": "known_item",
    }
    grounds = [ground for signal, ground in stated.items() if signal in signals]
    return REFER, grounds or ["material_described"]
