"""Whom to tell of a suspicion, and on which ground: Article 18 of the Digital Services Act, and Europol."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tutela.law.authorities import EUROPOL, Authority, authority
from tutela.law.instruments import instrument, provision

# What decided where no state of the Union is named.
ESTABLISHMENT, REPRESENTATIVE = "establishment", "legal_representative"
OUTSIDE_THE_UNION, NO_STATE = "outside_the_union", "no_state"
CONCERNED: Final = "dsa-2022-2065:art-18-1"
UNKNOWN_STATE: Final = "dsa-2022-2065:art-18-2"
THROUGH_EUROPOL: Final = "reg-2016-794:art-26b"


@dataclass(frozen=True)
class Choice:
    """One authority and why it: `ground` is the id of a provision in the law's data.

    `reason` is the whole sentence, which may say where a person is: it goes into what is sealed or signed for the
    authority and nowhere else. `source` is the code of what named the state, and says nothing of anybody.
    """

    authority: str
    country: str
    reason: str
    ground: str
    source: str


def choice(body: Authority, reason: str, ground: str, source: str) -> Choice:
    return Choice(body.id, body.country, reason, ground, source)


def where_concerned(country: str, reason: str, source: str, *, on: date) -> Choice:
    """The state of the offence, of the suspected offender or of the victim. Raises LookupError outside the Union."""
    found = authority(country)
    if found is None:
        raise LookupError(f"no authority is recorded for {country}")
    return choice(found, reason, ground_on(CONCERNED, on), source)


def where_outside(reason: str, *, on: date) -> Choice:
    return choice(EUROPOL, reason, ground_on(THROUGH_EUROPOL, on), OUTSIDE_THE_UNION)


def where_none_is_named(*, establishment: str, representative: str, on: date) -> list[Choice]:
    ground = ground_on(UNKNOWN_STATE, on)
    for country, what in ((establishment, ESTABLISHMENT), (representative, REPRESENTATIVE)):
        found = authority(country) if country else None
        if found is None:
            continue
        why = f"no state is named; {found.country} is that of the provider's {what.replace('_', ' ')}"
        choices = [choice(found, why, ground, what)]
        if not found.is_named:
            # Whom the state's reports go to is on no public record, so Europol is told as well.
            choices.append(choice(EUROPOL, f"{why}, whose competent authority is on no public record", ground, what))
        return choices
    reason = "no state is named and the provider has no seat or representative in the Union"
    return [choice(EUROPOL, reason, ground, NO_STATE)]


def ground_on(provision_id: str, on: date) -> str:
    """The provision where its act applied on that day; before it, none is claimed."""
    first = instrument(provision(provision_id).instrument).first
    return provision_id if first is None or first <= on else ""
