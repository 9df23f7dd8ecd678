"""The entries of a provider's ledger: decisions about items and accounts, and complaints. They name nobody."""

import re
from datetime import date
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, Field, ValidationError, model_validator

from tutela.exchange.messages import Part
from tutela.provider.moments import Past

Entry = TypeVar("Entry", bound=Part)


class BadEntry(ValueError):
    """It cannot be written down like this; the message says what to change."""


class About(StrEnum):
    KNOWN = "known"
    NEW = "new"
    SOLICITATION = "solicitation"


class Object(StrEnum):
    CONTENT = "content"
    ACCOUNT = "account"


class Measure(StrEnum):
    REMOVED = "removed"
    SUSPENDED = "suspended"


class Redress(StrEnum):
    """What a user must be told of (reg-2021-1232:art-3-1-g-vi)."""

    PROVIDER = "provider"
    AUTHORITY = "authority"
    COURT = "court"


class Reason(StrEnum):
    """Why a user complains, in closed words, so that no person's story stands here."""

    NOT_WHAT_WAS_SAID = "not_what_was_said"
    NOT_MINE = "not_mine"
    LAWFUL_CONTEXT = "lawful_context"
    PROCEDURE = "procedure"
    OTHER = "other"


class Kind(StrEnum):
    INTERNAL = "internal"
    JUDICIAL = "judicial"


class Outcome(StrEnum):
    RESTORED = "restored"
    UPHELD = "upheld"


_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def _names_nobody(reference: str) -> str:
    """No @, no blank and no plus: neither an e-mail address nor a name nor a phone number fits."""
    if not _PSEUDONYM.fullmatch(reference) or _is_network_address(reference):
        raise ValueError("use a pseudonym of your own: up to 128 letters, digits and . _ : -, and nobody's address")
    return reference


def _is_network_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


Pseudonym = Annotated[str, AfterValidator(_names_nobody)]


class Decision(Part):
    """One item or one account that was removed or suspended, and what its user was told."""

    reference: Pseudonym
    about: About
    object: Object
    measure: Measure
    decided_at: Past
    in_union: bool | None = None
    report: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    hold_until: date | None = None
    told_at: Past | None = None
    told_of: frozenset[Redress] = frozenset()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.about is About.SOLICITATION and self.object is Object.CONTENT:
            raise ValueError("of solicitation the form counts accounts only")
        if self.object is Object.CONTENT and self.in_union is not None:
            raise ValueError("in_union is said of accounts only")
        if self.told_at and self.told_at < self.decided_at:
            raise ValueError("the user cannot have been told before the decision")
        if self.told_of and not self.told_at:
            raise ValueError("say when the user was told of redress (told_at)")
        return self

    @property
    def untold_of(self) -> list[Redress]:
        return [each for each in Redress if each not in self.told_of]


class Complaint(Part):
    reference: Pseudonym
    kind: Kind
    lodged_at: Past
    reason: Reason | None = None
    decided_at: Past | None = None
    outcome: Outcome | None = None
    complied_at: Past | None = None
    number: int = 0


def checked(model: type[Entry], said: dict[str, Any]) -> Entry:
    """Raises BadEntry with each place and rule, never the value."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        rules = [
            f"{'.'.join(map(str, each['loc'])) or 'entry'}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        ]
        raise BadEntry("; ".join(rules)) from None
