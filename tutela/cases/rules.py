"""The life of a case: which move is open in which state, and what a decision may rest on."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

from tutela.accounts import moves

WAITING, ASSESSED, CONFIRMED, DISMISSED = "waiting", "assessed", "confirmed", "dismissed"
REFERRED, ANSWERED, CLOSED, MERGED = "referred", "answered", "closed", "merged"
REFER, DISMISS = "refer", "dismiss"

MOVES: Final[dict[str, dict[str, str]]] = {
    WAITING: {"gather": WAITING, "merge": MERGED, "assess": ASSESSED},
    # A report that joins after the first reading was not read: the case waits for a first reader again.
    ASSESSED: {
        "gather": WAITING,
        "merge": MERGED,
        "confirm a referral": CONFIRMED,
        "confirm a dismissal": DISMISSED,
        "disagree": WAITING,
    },
    # What two people read has changed before it left: it is read anew.
    CONFIRMED: {"refer": REFERRED, "read anew": WAITING},
    REFERRED: {"answer": ANSWERED},
    ANSWERED: {"close": CLOSED},
    # Something became known since: two people read it anew.
    DISMISSED: {"read anew": WAITING},
    CLOSED: {},
    MERGED: {},
}
# A report may still join these; a decided case never changes under those who decided it.
GATHERING: Final = (WAITING, ASSESSED)

_SENTENCES: Final = {
    WAITING: "this case waits for its first reader",
    ASSESSED: "this case was assessed and waits for a second reader",
    CONFIRMED: "this case is confirmed and waits to be handed over",
    DISMISSED: "this case was dismissed by two readers",
    REFERRED: "this case was handed over and waits for an answer",
    ANSWERED: "this case was answered",
    CLOSED: "this case is closed",
    MERGED: "this case was merged into an older one; decide there",
}


class NotDecidable(ValueError):
    """The decision does not stand on what it must stand on; the sentence says what to change."""


@dataclass(frozen=True)
class Ground:
    """A fact a decision may rest on. Where `signals` are named, the case must carry one of them."""

    decision: str
    sentence: str
    signals: frozenset[str] = frozenset()


GROUNDS: Final[dict[str, Ground]] = {
    "known_item": Ground(REFER, "An item equals a verified indicator bit for bit.", frozenset({"known_item"})),
    "near_known_item": Ground(REFER, "An item resembles a verified indicator.", frozenset({"near_known_item"})),
    "material_described": Ground(REFER, "The report states facts that describe material of this kind."),
    "viewed_by_provider": Ground(REFER, "A person at the provider viewed the item and stated what it is."),
    "solicitation_stated": Ground(
        REFER,
        "The report states that a child was solicited.",
        frozenset({"solicitation", "material_solicited", "escalation_stated"}),
    ),
    "extortion_stated": Ground(REFER, "The report states that a child is extorted.", frozenset({"sextortion"})),
    "danger_stated": Ground(
        REFER,
        "The report states a present danger to a child.",
        frozenset({"escalation_stated", "live", "infant", "school_named", "child_named", "molestation_reported"}),
    ),
    "trafficking_or_travel_stated": Ground(
        REFER, "The report states trafficking or travel.", frozenset({"trafficking_or_travel"})
    ),
    "no_offence_stated": Ground(DISMISS, "Nothing in the report describes an offence."),
    "not_material": Ground(DISMISS, "The facts show that the item is not material of this kind."),
    "informational_only": Ground(
        DISMISS, "The sender marked the report as information only.", frozenset({"informational"})
    ),
    "nobody_to_find": Ground(DISMISS, "Neither a person nor a place can be found from what is stated."),
}
# reg-2021-1232:art-3-1-g-iii asks for human confirmation; a resemblance alone gives nobody anything to confirm.
_LEADS_ONLY: Final = frozenset({"near_known_item"})


check_move = partial(moves.check_move, MOVES, _SENTENCES)


def check_grounds(decision: str, grounds: Collection[str], signals: Collection[str]) -> None:
    if decision not in (REFER, DISMISS):
        raise NotDecidable(f"a decision is '{REFER}' or '{DISMISS}'")
    fitting = sorted(name for name, ground in GROUNDS.items() if ground.decision == decision)
    if not grounds:
        raise NotDecidable(f"name at least one ground; to {decision}: {', '.join(fitting)}")
    if strange := sorted(set(grounds) - set(fitting)):
        raise NotDecidable(f"{', '.join(strange)}: no ground to {decision}; the grounds are {', '.join(fitting)}")
    unborne = sorted(name for name in grounds if GROUNDS[name].signals and not GROUNDS[name].signals & set(signals))
    if unborne:
        raise NotDecidable(f"{', '.join(unborne)}: no report in this case states that")
    if set(grounds) <= _LEADS_ONLY:
        raise NotDecidable("a resemblance to a known item is a lead, not a ground to refer: name another ground")


def check_second_reader(first: object, second: object) -> None:
    if first == second:
        raise NotDecidable("the second reader must be another person than the first")
