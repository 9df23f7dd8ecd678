"""When a report is erased, and which sentence says why."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

RETRACTED_OR_EXPIRED: Final = ("retracted", "expired")
ABANDONED_DAYS: Final = 30
KEPT_MONTHS: Final = 12
# dir-2016-680:art-16-3: what one authority calls wrong may be another's evidence. The correction tells the others, and
# within this month they can ask for a hold; without one the report goes.
OTHERS_HEARD_DAYS: Final = 30


class HoldRefused(ValueError):
    """A hold needs an authority and a day on which it ends; the sentence says what to change."""


@dataclass(frozen=True)
class Facts:
    """What decides, all of it without opening the report."""

    state: str
    received_on: date
    changed_on: date
    wrong_since: date | None = None
    # Whether another authority was handed the case too and has not said the same.
    others_may_need_it: bool = False
    held_until: date | None = None


@dataclass(frozen=True)
class Due:
    """`on` is the first day on which the report may no longer be here; `provision` is an id in the law's data."""

    on: date
    reason: str
    sentence: str
    provision: str


def erase_by(facts: Facts) -> Due:
    """The earliest limit counts; a hold moves it to the day after the hold ends, never for ever."""
    due = min(_limits(facts), key=lambda each: each.on)
    if facts.held_until is None or facts.held_until < due.on:
        return due
    return Due(
        facts.held_until + timedelta(days=1),
        f"held, then {due.reason}",
        f"An authority needs it as evidence until {facts.held_until}. {due.sentence}",
        "dir-2016-680:art-16-3",
    )


def _limits(facts: Facts) -> list[Due]:
    limits = [
        # The day of receipt is the latest day on which the sender can have identified it. The cap binds one kind of
        # service; the house applies it to all, since a longer one would need a reason of its own.
        Due(
            months_after(facts.received_on, KEPT_MONTHS),
            "twelve_months",
            f"Kept no longer than {KEPT_MONTHS} months from identification.",
            "reg-2021-1232:art-3-1-i",
        )
    ]
    if facts.wrong_since is not None:
        limits.append(_wrong(facts.wrong_since, others_may_need_it=facts.others_may_need_it))
    if facts.state in RETRACTED_OR_EXPIRED:
        on = facts.changed_on + timedelta(days=ABANDONED_DAYS)
        sentence = (
            f"Withdrawn or never finished: kept {ABANDONED_DAYS} days, so that its sender can ask what became of it."
        )
        limits.append(Due(on, facts.state, sentence, "dir-2016-680:art-5"))
    return limits


def _wrong(since: date, *, others_may_need_it: bool) -> Due:
    sentence = "An authority answered that it is wrong and must be deleted."
    if not others_may_need_it:
        return Due(since, "wrong_delete", sentence, "dir-2016-680:art-7-3")
    heard = f"{sentence} Another that received it may ask for a hold within {OTHERS_HEARD_DAYS} days."
    return Due(since + timedelta(days=OTHERS_HEARD_DAYS), "wrong_delete", heard, "dir-2016-680:art-7-3")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_hold(*, authority: str, until: date, on: date) -> None:
    if not authority:
        raise HoldRefused("name the authority that needs the report")
    if not on < until <= months_after(on, KEPT_MONTHS):
        raise HoldRefused(
            f"a hold ends on a day after today and within {KEPT_MONTHS} months; it can be asked for again"
        )
