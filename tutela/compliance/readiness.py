"""Is a provider ready under the twenty conditions? Computed from what it can prove; nothing is ticked by hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tutela.law.instruments import Provision, conditions, instrument

# reg-2021-1232:art-3-1-d: technology not used in the Union before this day is new.
NEW_SINCE: Final = date(2021, 8, 2)
MEASURED_DAYS: Final = 366
YEARLY_REPORT: Final = (1, 31)  # reg-2021-1232:art-3-1-g-vii, month and day


class Detects(StrEnum):
    KNOWN = "known_material"
    NEW = "new_material"
    SOLICITATION = "solicitation"


class Advice(StrEnum):
    """What the supervisory authority answered to the prior consultation."""

    AWAITED = "awaited"
    NONE = "none_given"
    GIVEN = "given"


class State(StrEnum):
    MET = "met"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A piece of evidence, as far as it counts here."""

    id: int
    condition: str
    on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Over one period: what was flagged, what of it a person read, what of that was not what it was flagged for."""

    first: date
    last: date
    flagged: int
    reviewed: int
    not_confirmed: int

    @property
    def share_of_flagged(self) -> float | None:
        """As the standard form defines it; it understates the error where not everything flagged was read."""
        return self.not_confirmed / self.flagged if self.flagged else None

    @property
    def share_of_reviewed(self) -> float | None:
        return self.not_confirmed / self.reviewed if self.reviewed else None

    @property
    def sentence(self) -> str:
        period = f"{self.first} to {self.last}"
        if self.share_of_reviewed is None or self.share_of_flagged is None:
            return f"{period}: {self.flagged} flagged, {self.reviewed} read by a person; no rate can be said"
        read = f"{self.not_confirmed} of {self.reviewed} read were not confirmed ({self.share_of_reviewed:.2%})"
        return f"{period}: {read}; of {self.flagged} flagged, {self.share_of_flagged:.2%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Technology:
    """One version of a detector, as the register holds it."""

    id: int
    name: str
    version: str
    detects: frozenset[Detects]
    in_use_from: date
    in_use_to: date | None
    used_in_union_since: date
    assessed_on: date | None
    consulted_on: date | None
    advice: Advice
    followed_up_on: date | None
    measured: tuple[Measured, ...] = ()

    def is_used(self, on: date) -> bool:
        return self.in_use_from <= on and (self.in_use_to is None or on <= self.in_use_to)

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`proofs` and `technologies` are the ids of what the state was computed from."""

    condition: Provision
    state: State
    reasons: tuple[str, ...]
    proofs: tuple[int, ...]
    technologies: tuple[int, ...]


def readiness(proofs: Iterable[Proof], technologies: Iterable[Technology], on: date) -> tuple[Readiness, ...]:
    """Each of the twenty conditions on one day, in their order."""
    live = [each for each in proofs if each.on <= on and (each.valid_until is None or on <= each.valid_until)]
    used = [each for each in technologies if each.is_used(on)]
    return tuple(_condition(each, live, used, on) for each in conditions())


def caveat(on: date) -> str:
    """The twenty are numbered after one act. What is said of another act's conditions was not verified."""
    act = instrument(conditions()[0].instrument)
    if act.last is None or on <= act.last:
        return ""
    until = f"These are the conditions of {act.short}, which applied until {act.last}."
    return f"{until} Those of the act that followed were not read."


def is_ready(found: Sequence[Readiness]) -> bool:
    return bool(found) and all(each.state is not State.MISSING for each in found)


def _condition(condition: Provision, live: list[Proof], used: list[Technology], on: date) -> Readiness:
    here = [each for each in live if each.condition == condition.condition]
    asked = [each for each in used if _concerns(condition.condition, each)]
    if used and not asked:
        return _answer(condition, State.NOT_APPLICABLE, [_WHY_NOT[condition.condition]], here, [])
    lacking = _lacking_proof(condition.condition, here, on)
    if not used:
        lacking.append("No technology in use is registered, so nothing can be shown to meet this.")
    check = _PER_TECHNOLOGY.get(condition.condition)
    if check is not None:
        lacking += [sentence for each in asked if (sentence := check(each, on))]
    reasons = lacking or _met(condition.condition, here, asked)
    return _answer(condition, State.MISSING if lacking else State.MET, reasons, here, asked)


def _answer(
    condition: Provision, state: State, reasons: list[str], proofs: list[Proof], technologies: list[Technology]
) -> Readiness:
    return Readiness(
        condition=condition,
        state=state,
        reasons=tuple(reasons),
        proofs=tuple(each.id for each in proofs),
        technologies=tuple(each.id for each in technologies),
    )


_TEXT_OR_SOLICITATION = "No registered technology in use looks for solicitation, the only use of text."
_WHY_NOT: Final = {
    "C06": _TEXT_OR_SOLICITATION,
    "C08": "Every technology in use was used in the Union before 2021-08-02 and none looks for solicitation.",
    "C10": "No registered technology in use looks for solicitation.",
    "C13": "Only known material is looked for.",
}


def _concerns(condition: str, technology: Technology) -> bool:
    solicits = Detects.SOLICITATION in technology.detects
    if condition in {"C06", "C10"}:
        return solicits
    if condition == "C08":
        return solicits or technology.used_in_union_since >= NEW_SINCE
    return condition != "C13" or solicits or Detects.NEW in technology.detects


def _lacking_proof(condition: str, here: list[Proof], on: date) -> list[str]:
    # The register of technologies is itself the evidence for these two.
    if condition in {"C07", "C08"}:
        return []
    if condition == "C17":
        due = last_report_due(on)
        before = date(due.year - 1, *YEARLY_REPORT)
        if any(before < each.on for each in here):
            return []
        return [f"No yearly report is on record for the one due on {due}."]
    return [] if here else ["No evidence is on record that counts on this day."]


def last_report_due(on: date) -> date:
    due = date(on.year, *YEARLY_REPORT)
    return due if due < on else date(on.year - 1, *YEARLY_REPORT)


def _met(condition: str, here: list[Proof], asked: list[Technology]) -> list[str]:
    said = [f"Evidence: {len(here)}, the newest of {max(each.on for each in here)}."] if here else []
    if condition == "C09":
        said += [f"{each.label}, {each.measured[-1].sentence}." for each in asked if each.measured]
    if condition in _PER_TECHNOLOGY:
        said.append(f"Technologies in use that were looked at: {len(asked)}.")
    return said


def _assessed_before_use(technology: Technology, on: date) -> str:
    """reg-2021-1232:art-3-1-c asks for both before the use, not for papers that were written afterwards."""
    lacking = [
        name
        for name, done in (
            ("impact assessment", technology.assessed_on),
            ("prior consultation", technology.consulted_on),
        )
        if done is None or done > technology.in_use_from
    ]
    return f"{technology.label}: no {' and no '.join(lacking)} before {technology.in_use_from}." if lacking else ""


def _advice_followed(technology: Technology, on: date) -> str:
    if technology.advice is Advice.AWAITED:
        return f"{technology.label}: the supervisory authority's advice is awaited, or not recorded."
    done = technology.followed_up_on
    if technology.advice is Advice.GIVEN and (done is None or done > on):
        return f"{technology.label}: it is not recorded how the written advice was followed up."
    return ""


def _measured_lately(technology: Technology, on: date) -> str:
    lately = [each for each in technology.measured if each.last <= on and (on - each.last).days <= MEASURED_DAYS]
    if not lately:
        return f"{technology.label}: no error was measured in the year before {on}."
    if not any(each.reviewed for each in lately):
        return f"{technology.label}: of {lately[-1].flagged} flagged none was read by a person, so no rate can be said."
    return ""


_PER_TECHNOLOGY: Final[dict[str, Callable[[Technology, date], str]]] = {
    "C07": _assessed_before_use,
    "C08": _advice_followed,
    "C09": _measured_lately,
}
