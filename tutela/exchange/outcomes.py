"""The hotlines' own words for what became of a notice: ICCAM's action and reason codes, beside an authority's outcomes.

Read from the open source of one national hotline's client (checked 2026-11-23, certainty: third party); the vendor's
own documentation is not public. Numbers are those of version 3 of that interface.
"""

from dataclasses import dataclass
from enum import IntEnum

from tutela.exchange.words import OutcomeCode

SOURCE_URL = "https://github.com/AbuseIO/SCART-application"
CHECKED_ON = "2026-11-23"
CERTAINTY = "third party"


class Action(IntEnum):
    MOVED = 0
    REPORTED_TO_POLICE = 1
    REPORTED_TO_PROVIDER = 2
    REMOVED = 3
    UNAVAILABLE = 4
    NOT_ILLEGAL = 6


class Reason(IntEnum):
    OTHER = 1
    CONTENT_NOT_FOUND = 2
    REFERRER_NOT_KNOWN_OR_INCORRECT = 3
    UNABLE_TO_ACCESS = 4
    PASSWORD_PROTECTED = 5
    ACCOUNT_DISABLED = 6
    LEGALLY_UNABLE_TO_ACCESS = 7
    LINK_EXPIRED = 8
    NOT_FOUND_OR_SITE_DOWN = 9
    TEMPORARILY_UNAVAILABLE = 10
    PREMIUM_ACCOUNT_NECESSARY = 11
    PARTS_MISSING = 12
    REMOVED_BEFORE_ASSESSMENT = 13
    ADULT_MATERIAL = 14
    NUDISM_OR_NOT_SEXUALISED = 15
    BELOW_THE_THRESHOLD = 16
    IMAGES_TOO_SMALL = 17
    VIRTUAL_MATERIAL = 18
    LINKING_NOT_ILLEGAL = 19
    AGE_UNCLEAR = 20
    AGE_OVER_NATIONAL_THRESHOLD = 21


# Version 2 numbered these two otherwise; version 3 has neither number.
ACTIONS_OF_VERSION_2 = {5: Action.MOVED, 7: Action.NOT_ILLEGAL}
FINAL = frozenset({Action.REMOVED, Action.UNAVAILABLE, Action.NOT_ILLEGAL})
REASON_REQUIRED = frozenset({Action.UNAVAILABLE, Action.NOT_ILLEGAL})


@dataclass(frozen=True, slots=True)
class Relation:
    """How near a hotline's action comes to an authority's outcome; None where it says nothing of one."""

    outcome: OutcomeCode | None
    why: str


RELATIONS = {
    Action.MOVED: Relation(None, "the content is elsewhere: nothing is decided"),
    Action.REPORTED_TO_POLICE: Relation(None, "a hand-over, to which an authority has yet to answer"),
    Action.REPORTED_TO_PROVIDER: Relation(None, "a notice, to which a host has yet to answer"),
    Action.REMOVED: Relation(OutcomeCode.OTHER_ACTION, "the content is gone; nothing is said of an investigation"),
    Action.UNAVAILABLE: Relation(OutcomeCode.NO_ACTION, "there was nothing left to act on"),
    Action.NOT_ILLEGAL: Relation(
        OutcomeCode.NO_ACTION, "not illegal where it is hosted: no finding that the report itself was wrong"
    ),
}


def check_action(action: Action, reason: Reason | None) -> None:
    """Raises ValueError where the interface requires a reason."""
    if action in REASON_REQUIRED and reason is None:
        raise ValueError(f"The action {action.name.lower()} needs a reason; choose one of the {len(Reason)} codes.")
