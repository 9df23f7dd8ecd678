"""What a finding may say, what the Directive asks of whom, and what is refused."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final, TypeVar

from tutela.law.authorities import MEMBER_STATES
from tutela.law.instruments import Actor, Instrument, Provision, instrument, provisions
from tutela.law.sources import Certainty

DIRECTIVE: Final = "dir-2011-93"
REASON_LIMIT: Final = 4000


class Refused(ValueError):
    """What was asked cannot be written down; the sentence says what to change."""


class Verdict(StrEnum):
    """A person's finding about one provision in one state."""

    CONFORM = "conform"
    PARTLY = "partly"
    NOT = "not"
    UNKNOWN = "unknown"  # somebody looked, and could not tell


NEGATIVE: Final = frozenset({Verdict.PARTLY, Verdict.NOT})
# What nobody has read again accuses no state.
READ: Final = (Certainty.VERIFIED, Certainty.SECONDARY)


class Aspect(StrEnum):
    """Article 25 as the report of 2016 on it is built: removal, blocking, and the safeguards of blocking."""

    REMOVAL_HERE = "removal_of_what_is_hosted_here"
    REMOVAL_ABROAD = "removal_of_what_is_hosted_abroad"
    BLOCKING = "blocking"
    PROCEDURE = "transparent_procedure"
    NECESSITY = "necessity_and_proportionality"
    USERS_TOLD = "users_told_the_reason"
    REDRESS = "judicial_redress"


_REMOVAL: Final = "dir-2011-93:art-25-1"
_BLOCKING: Final = "dir-2011-93:art-25-2"
ASPECTS: Final[dict[Aspect, tuple[str, str]]] = {
    Aspect.REMOVAL_HERE: ("removal", _REMOVAL),
    Aspect.REMOVAL_ABROAD: ("removal", _REMOVAL),
    Aspect.BLOCKING: ("blocking", _BLOCKING),
    Aspect.PROCEDURE: ("safeguards", _BLOCKING),
    Aspect.NECESSITY: ("safeguards", _BLOCKING),
    Aspect.USERS_TOLD: ("safeguards", _BLOCKING),
    Aspect.REDRESS: ("safeguards", _BLOCKING),
}
SAFEGUARDS: Final = frozenset(aspect for aspect, (part, _) in ASPECTS.items() if part == "safeguards")


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


Word = TypeVar("Word", bound=StrEnum)


def word(kind: type[Word], given: str) -> Word:
    try:
        return kind(given)
    except ValueError:
        raise Refused(f"'{given}' is not one of: {', '.join(kind)}.") from None


def directive() -> Instrument:
    return instrument(DIRECTIVE)


# What the act is about, what it replaces, when it applies and to whom it is sent: nothing there can be carried out.
_WITHOUT_DUTY: Final = frozenset(f"{DIRECTIVE}:art-{number}" for number in (1, 26, 29, 30))


@cache
def owed() -> dict[str, Provision]:
    """The articles that ask or allow a state to do something; a recital obliges nobody."""
    return {
        each.id: each
        for each in provisions(DIRECTIVE)
        if each.actor is Actor.MEMBER_STATE and each.id.startswith(f"{DIRECTIVE}:art-") and each.id not in _WITHOUT_DUTY
    }


def bound_states() -> tuple[str, ...]:
    return tuple(each for each in MEMBER_STATES if directive().binds(each))


def check_state(state: str) -> None:
    if state not in MEMBER_STATES:
        raise Refused(f"'{state}' is not a Member State: use its EU code, such as EL for Greece.")


def check_bound(state: str) -> None:
    check_state(state)
    if not directive().binds(state):
        raise Refused(f"{state} is not bound by {directive().short}: there is nothing to find there.")


def check_finding(*, provision: str, state: str, reason: str, source_url: str, on: date, today: date) -> None:
    check_bound(state)
    if provision not in owed():
        raise Refused(f"'{provision}' is not an article of {directive().short} that is addressed to the states.")
    check_said(reason=reason, source_url=source_url, on=on, today=today)


def check_said(*, reason: str, source_url: str, on: date, today: date) -> None:
    """A statement about a state says why, where it can be checked, and since when it holds."""
    if not 0 < len(reason.strip()) <= REASON_LIMIT:
        raise Refused(f"Say why, in 1 to {REASON_LIMIT:,} characters.")
    if not source_url.startswith(("https://", "http://")):
        raise Refused("Name the source by its address, which begins with https://.")
    adopted = directive().adopted
    if on > today or (adopted and on < adopted):
        raise Refused(f"The day of the finding lies between {adopted} and today, {today}.")


def check_read(certainty: str) -> Certainty:
    """A statement about a state rests on something that was read."""
    said = word(Certainty, certainty)
    if said not in READ:
        raise Refused("Read the source first: what is only remembered is no finding.")
    return said


def check_measures(cited: Collection[str], notified: Collection[str]) -> None:
    """A finding rests on measures that stand in the list as it was imported, of that state."""
    if unknown := sorted(set(cited) - set(notified)):
        raise Refused(f"Not among this state's notified measures: {', '.join(unknown)}.")
