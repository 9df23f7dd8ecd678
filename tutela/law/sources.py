"""How sure we are of a record, and where a reader can check it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    VERIFIED = "verified"  # read in the primary text or on the official page
    SECONDARY = "secondary"  # read in somebody else's words only
    MEMORY = "memory"  # not read again: off until a person checks it


MARKS = {
    Certainty.VERIFIED: "",
    Certainty.SECONDARY: "from a secondary source",
    Certainty.MEMORY: "not verified",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`source_url` is where the record can be checked; it may be empty only on a record that is switched off."""

    source_url: str
    checked_on: date
    certainty: Certainty
    note: str = ""

    @property
    def enabled(self) -> bool:
        return self.certainty is not Certainty.MEMORY

    @property
    def mark(self) -> str:
        """The words shown beside the record; empty for a fact."""
        return MARKS[self.certainty]

    def age_days(self, on: date) -> int:
        return (on - self.checked_on).days
