"""The life of a referral, and which authorities are competent: nobody else is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from tutela.accounts import moves
from tutela.law.authorities import authority
from tutela.law.competence import Choice, where_concerned, where_none_is_named, where_outside
from tutela.reports.places import CountryHint

PREPARED, OUTSIDE, HANDED_OVER = "prepared", "outside", "handed_over"
ACKNOWLEDGED, ANSWERED = "acknowledged", "answered"
NOT_YET_GIVEN: Final = (PREPARED, OUTSIDE)

MOVES: Final[dict[str, dict[str, str]]] = {
    # An authority without an organisation in this installation is told by another way; its dossier waits here.
    PREPARED: {"hand over": HANDED_OVER, "keep for outside": OUTSIDE},
    OUTSIDE: {"hand over": HANDED_OVER, "give outside": OUTSIDE},
    HANDED_OVER: {"acknowledge": ACKNOWLEDGED, "answer": ANSWERED},
    ACKNOWLEDGED: {"answer": ANSWERED},
    ANSWERED: {"answer": ANSWERED},
}

_SENTENCES: Final = {
    PREPARED: "this referral is being prepared",
    OUTSIDE: "this authority is not in this installation; the dossier waits to be handed over outside",
    HANDED_OVER: "this referral was handed over",
    ACKNOWLEDGED: "this referral was already acknowledged",
    ANSWERED: "this referral was already answered",
}

ACKNOWLEDGED_WITHIN_DAYS: Final = 3

# Which statement of a place decides where a role has several; a network address is the weakest of them.
SOURCES: Final = ("stated", "address", "phone", "estimated_location", "network_address")
_SAID: Final = {
    "stated": "stated and verified",
    "address": "a postal address",
    "phone": "a telephone prefix",
    "estimated_location": "an estimated location",
    "network_address": "a network address",
}


class Purpose(StrEnum):
    """Why somebody opens a dossier (dir-2016-680:art-25)."""

    INVESTIGATION = "investigation"
    HAND_OVER = "hand_over"
    SUPERVISION = "supervision"


def days_long(days: int) -> timedelta:
    return timedelta(days=days)


check_move = partial(moves.check_move, MOVES, _SENTENCES)


def authorities_for(hints: Sequence[CountryHint], *, establishment: str, representative: str, on: date) -> list[Choice]:
    """The authorities of the states concerned on that day, in the order of their countries; never empty.

    The Centre of COM(2022) 209 is not among them: no such body exists, and its profile is off.
    """
    decided, by = _strongest(hints), _sources(hints)
    inside = {country: said for country, said in sorted(decided.items()) if authority(country)}
    if inside:
        return [where_concerned(country, "; ".join(said), by[country], on=on) for country, said in inside.items()]
    if decided:
        said = "; ".join(sentence for sentences in decided.values() for sentence in sentences)
        return [where_outside(f"only states outside the Union are named: {said}", on=on)]
    return where_none_is_named(establishment=establishment, representative=representative, on=on)


def _strongest(hints: Sequence[CountryHint]) -> dict[str, list[str]]:
    """Countries with the sentences that name them: of each role the strongest source decides, the rest is only told."""
    decided: dict[str, list[str]] = {}
    for role in dict.fromkeys(hint.role for hint in hints):
        mine = [hint for hint in hints if hint.role == role]
        strongest = min((hint.source for hint in mine), key=SOURCES.index)
        countries = list(dict.fromkeys(hint.country for hint in mine if hint.source == strongest))
        other = dict.fromkeys(
            f"{_SAID[hint.source]} says {hint.country}" for hint in mine if hint.country not in countries
        )
        weaker = f" ({', '.join(other)}; weaker, so not followed)" if other else ""
        for country in countries:
            decided.setdefault(country, []).append(f"{role}: {country} by {_SAID[strongest]}{weaker}")
    return decided


def _sources(hints: Sequence[CountryHint]) -> dict[str, str]:
    """Of each country the strongest source that named it."""
    found: dict[str, str] = {}
    for hint in hints:
        found[hint.country] = min(hint.source, found.get(hint.country, hint.source), key=SOURCES.index)
    return found
