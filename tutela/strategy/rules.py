"""How an initiative stands on a day: a pure function of the law's records and the date."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tutela.law.strategy import Due, Initiative, Step, initiatives, strategy


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
