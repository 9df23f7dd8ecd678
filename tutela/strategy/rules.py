"""How an initiative stands on a day: a pure function of the law's records and the date."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tutela.law.strategy import Due, Initiative, Step, initiatives, strategy


class State(StrEnum):
    LATE = "late"
    ON_TIME = "on_time"
    NO_DUE_DATE = "no_due_date"  # nothing was promised for a day, so nothing can be called late


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    due: Due
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What happened until `on`, and what was due before it and is not done."""

    initiative: Initiative
    on: date
    steps: tuple[Step, ...]
    late: tuple[Late, ...]
    state: State

    @property
    def last_step(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def days_since_last_step(self) -> int | None:
        """Counted from the last possible day of the step, so that an unknown day never makes it older than it is."""
        return max(0, (self.on - self.last_step.on.last).days) if self.last_step else None


def standing(initiative: Initiative, on: date) -> Standing:
    late = tuple(Late(due=due, days=(on - due.on).days) for due in initiative.late(on))
    return Standing(
        initiative=initiative,
        on=on,
        steps=tuple(step for step in initiative.steps if step.on.first <= on),
        late=late,
        state=_state(initiative, late),
    )


def standings(on: date) -> list[Standing]:
    """The eight, in the order of the strategy."""
    return [standing(each, on) for each in initiatives()]


def is_over(on: date) -> bool:
    """Whether the period the strategy was written for has ended."""
    return on > strategy().period_ends


def _state(initiative: Initiative, late: tuple[Late, ...]) -> State:
    if late:
        return State.LATE
    return State.ON_TIME if any(due.source.enabled for due in initiative.dues) else State.NO_DUE_DATE
