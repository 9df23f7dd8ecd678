"""How an initiative stands on a day, which statistics are due, and what an action or a practice must say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tutela.accounts.policy import HOUSE, Actor, NotYours
from tutela.cooperation.rules import UNION, Refused
from tutela.law.authorities import MEMBER_STATES
from tutela.law.instruments import instrument
from tutela.law.strategy import Due, Initiative, Step, initiatives, strategy

INITIATIVES: Final = range(1, 9)
# reg-2021-1232:art-8-1-a asks for them every year, from the third of August 2022 on.
STATISTICS: Final = ("reg-2021-1232:art-8-1-a", "reg-2021-1232:art-8-1-b", "reg-2021-1232:art-8-1-c")
_FIRST_STATISTIC: Final = date(2022, 8, 3)


class State(StrEnum):
    LATE = "late"
    ON_TIME = "on_time"
    NO_DUE_DATE = "no_due_date"  # nothing was promised for a day, so nothing can be called late


class DueState(StrEnum):
    LATE = "late"
    AHEAD = "ahead"
    DONE = "done"
    DONE_AFTER_ITS_DAY = "done_after_its_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A due date as it stands on a day; `days_late` is nought unless it is late on that day."""

    due: Due
    state: DueState
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What happened until `on`, and how every due date stands on that day."""

    initiative: Initiative
    on: date
    steps: tuple[Step, ...]
    dues: tuple[Dated, ...]

    @property
    def late(self) -> tuple[Dated, ...]:
        return tuple(each for each in self.dues if each.state is DueState.LATE)

    @property
    def state(self) -> State:
        if self.late:
            return State.LATE
        return State.ON_TIME if self.dues else State.NO_DUE_DATE

    @property
    def last_step(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def days_since_last_step(self) -> int | None:
        """Counted from the last possible day of the step, so that an unknown day never makes it older than it is."""
        return max(0, (self.on - self.last_step.on.last).days) if self.last_step else None


def standing(initiative: Initiative, on: date) -> Standing:
    return Standing(
        initiative=initiative,
        on=on,
        steps=tuple(step for step in initiative.steps if step.on.first <= on),
        dues=tuple(dated(due, on) for due in initiative.dues if due.source.enabled),
    )


def standings(on: date) -> list[Standing]:
    """The eight, in the order of the strategy."""
    return [standing(each, on) for each in initiatives()]


def dated(due: Due, on: date) -> Dated:
    late = due.is_late(on)
    return Dated(due=due, state=_due_state(due, on, late=late), days_late=(on - due.on).days if late else 0)


def is_over(on: date) -> bool:
    """Whether the period the strategy was written for has ended."""
    return on > strategy().period_ends


def _due_state(due: Due, on: date, *, late: bool) -> DueState:
    if late:
        return DueState.LATE
    if due.done_on is None or due.done_on.first > on:
        return DueState.AHEAD
    return DueState.DONE if due.done_on.first <= due.on else DueState.DONE_AFTER_ITS_DAY


def statistics_due(on: date) -> tuple[date, ...]:
    """The days on which a state owed its statistics, until `on`, as long as the regulation applied.

    What Regulation (EU) 2026/1881 asks for and by when was not verified: nothing is counted as due under it.
    """
    last = min(on, instrument("reg-2021-1232").last or on)
    years = range(_FIRST_STATISTIC.year, last.year + 1)
    return tuple(due for year in years if (due := _FIRST_STATISTIC.replace(year=year)) <= last)


def check_statistic(provision: str, year: int, *, today: date) -> None:
    if provision not in STATISTICS:
        raise Refused(f"A state owes statistics under {', '.join(STATISTICS)}; '{provision}' is none of them.")
    years = [due.year for due in statistics_due(today)]
    if year not in years:
        raise Refused(f"No statistic was due in {year}; the years are {', '.join(map(str, years))}.")


def check_initiative(number: int) -> int:
    if number not in INITIATIVES:
        raise Refused(f"There are eight initiatives; {number} is none of them.")
    return number


def check_country(country: str) -> str:
    if country not in {*MEMBER_STATES, UNION}:
        raise Refused(f"'{country}' is not a Member State nor EU: use the EU code, such as EL for Greece.")
    return country


def check_speaks_for(country: str, *, by: Actor) -> None:
    """A policy body plans for its own state, the Union's for the Union."""
    check_country(country)
    if by is not HOUSE and by.country != country:
        raise NotYours(f"{by.label or by.kind} does not speak for {country}")


def check_gap_key(key: str, *, kinds: Iterable[str], country: str) -> str:
    """A key as the list of gaps prints it; of the action's own country."""
    kind, _, rest = key.partition("/")
    state, _, about = rest.partition("/")
    if kind not in set(kinds) or state not in MEMBER_STATES or not about or len(key) > 200:
        raise Refused("Give the gap's key as the list prints it, as in negative_finding/RO/dir-2011-93:art-22.")
    if country not in {state, UNION}:
        raise Refused(f"This gap is {state}'s, and the action is {country}'s.")
    return key
