"""What was promised and by when, what may be said of a partner or a capability, and at which level a body speaks."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from tutela.accounts.policy import HOUSE, Actor, NotYours
from tutela.law.authorities import MEMBER_STATES
from tutela.law.instruments import UnknownProvision, provision

UNION: Final = "EU"
TEXT_LIMIT: Final = 2000
CAPABILITIES: Final = range(1, 22)
PHASES: Final = range(1, 5)
# Phases one and two of four: the state itself says that it is still building.
LOW_PHASES: Final = frozenset({1, 2})


class Refused(ValueError):
    """This cannot be written down as it stands; the sentence says what to change."""


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


MOVES: Final[dict[State, dict[str, State]]] = {
    State.OPEN: {"finish": State.DONE, "drop": State.DROPPED},
    State.DONE: {"reopen": State.OPEN},
    State.DROPPED: {"reopen": State.OPEN},
}


class Standing(StrEnum):
    """How an undertaking stands on a day; computed, never written by hand."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    DONE_AFTER_ITS_DAY = "done_after_its_day"
    DROPPED = "dropped"


# A promise is kept, a decision is carried out: the same standing in the word that fits.
OF_A_COMMITMENT: Final = {
    Standing.OPEN: "open",
    Standing.LATE: "late",
    Standing.DONE: "kept",
    Standing.DONE_AFTER_ITS_DAY: "kept after its day",
    Standing.DROPPED: "withdrawn",
}


class PartnerKind(StrEnum):
    HOTLINE = "hotline"
    POLICE = "police"
    CLEARINGHOUSE = "clearinghouse"
    ALLIANCE = "alliance"
    NETWORK = "network"


class Area(StrEnum):
    """What a police force needs to keep up: the page names technology; training and funding come with it."""

    TECHNOLOGY = "technology"
    TRAINING = "training"
    FUNDING = "funding"


def check_move(state: str, move: str) -> State:
    """The state the move leads to."""
    to = MOVES[State(state)].get(move)
    if to is None:
        open_moves = ", ".join(MOVES[State(state)])
        raise Refused(f"One cannot {move} what is {state}; open here: {open_moves}.")
    return to


def standing(state: str, *, due: date | None, done_on: date | None, today: date) -> Standing:
    """What is done after its day is history; what is open after its day is late."""
    if state == State.DROPPED:
        return Standing.DROPPED
    if state == State.DONE:
        after = due is not None and done_on is not None and done_on > due
        return Standing.DONE_AFTER_ITS_DAY if after else Standing.DONE
    return Standing.LATE if due is not None and due < today else Standing.OPEN


def days_late(state: str, *, due: date | None, today: date) -> int:
    late = standing(state, due=due, done_on=None, today=today) is Standing.LATE
    return (today - due).days if late and due else 0


def check_text(text: str, *, name: str, limit: int = TEXT_LIMIT) -> str:
    if not 0 < len(text.strip()) <= limit:
        raise Refused(f"Write the {name} in 1 to {limit:,} characters.")
    if "\x00" in text:
        raise Refused(f"The {name} holds a character that is no text.")
    return text.strip()


def check_address(url: str, *, name: str = "source") -> str:
    if not url.startswith(("https://", "http://")) or len(url) > TEXT_LIMIT or "\x00" in url:
        raise Refused(f"Name the {name} by its address, which begins with https://.")
    return url


def check_past(on: date, *, name: str, today: date) -> date:
    if on > today:
        raise Refused(f"The {name} lies in the future: {on} is after {today}.")
    return on


def check_due(due: date | None, *, after: date) -> date | None:
    if due is not None and due < after:
        raise Refused(f"It cannot be due on {due}, before it was decided on {after}.")
    return due


def check_word(word: str, words: Collection[str], *, name: str) -> str:
    if word not in words:
        raise Refused(f"The {name} is one of: {', '.join(words)}.")
    return word


def check_ground(provision_id: str) -> str:
    """A ground is a provision of the law's data that somebody has read; one from memory grounds nothing."""
    try:
        found = provision(provision_id)
    except UnknownProvision:
        raise Refused(f"'{provision_id}' is not a provision in the law's data, as in reg-2016-794:art-26b.") from None
    if not found.source.enabled:
        raise Refused(f"'{provision_id}' was not verified in the law's data: it can be no ground yet.")
    return provision_id


def check_capability(number: int) -> int:
    if number not in CAPABILITIES:
        raise Refused(f"There are {len(CAPABILITIES)} capabilities, numbered from 1; {number} is none of them.")
    return number


def check_phase(phase: int) -> int:
    if phase not in PHASES:
        raise Refused(f"A capability stands in phase 1, 2, 3 or 4, not {phase}.")
    return phase


def check_own_state(state: str, *, by: Actor) -> str:
    """A policy body speaks for its own state: another's capabilities look to it like nothing."""
    if state not in MEMBER_STATES:
        raise Refused(f"'{state}' is not a Member State: use its EU code, such as EL for Greece.")
    if by is not HOUSE and by.country != state:
        raise NotYours(f"{by.label or by.kind} does not speak for {state}")
    return state


def check_speaks_for_the_union(by: Actor) -> None:
    """The Forum's record is kept by a policy body of the Union; one without a country keeps nothing."""
    if by is not HOUSE and by.country != UNION:
        raise NotYours(f"{by.label or by.kind} is not a policy body of the Union")
