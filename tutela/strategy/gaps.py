"""What is missing, computed from records; what nobody has looked at is "not measured", and never a nought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tutela.compliance import gaps as compliance
from tutela.compliance.matrix import Matrix
from tutela.compliance.procedures import Standing
from tutela.cooperation.capabilities import capability, phase_label
from tutela.cooperation.rules import LOW_PHASES
from tutela.law.authorities import MEMBER_STATES


class Kind(StrEnum):
    WITHOUT_MEASURE = "provision_without_measure"
    NEGATIVE_FINDING = "negative_finding"
    PROCEDURE_OPEN = "procedure_open"
    PROCEDURE_UNKNOWN = "procedure_status_unknown"
    CAPABILITY_LOW = "capability_low"
    STATISTIC = "statistic_not_delivered"
    PREVENTION = "prevention_need_without_programme"


_INITIATIVE: Final = {
    Kind.WITHOUT_MEASURE: 1,
    Kind.NEGATIVE_FINDING: 1,
    Kind.PROCEDURE_OPEN: 1,
    Kind.PROCEDURE_UNKNOWN: 1,
    Kind.STATISTIC: 2,
    Kind.PREVENTION: 5,
}
# A capability belongs to the initiative its domain serves.
_OF_DOMAIN: Final = {"Criminal Justice": 4, "Industry": 7}
_OF_CAPABILITIES: Final = frozenset({4, 7, 8})
_OF_COMPLIANCE: Final = tuple(kind for kind, number in _INITIATIVE.items() if number == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One capability in a state's newest assessment that the reader may see."""

    record: str
    state: str
    number: int
    phase: int
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Somebody looked for a statistic; `delivered_on` is None where it was not found."""

    record: str
    state: str
    provision: str
    year: int
    looked_on: date
    delivered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What prevention a provision asks for in a state, and the programmes that answer it."""

    record: str
    state: str
    provision: str
    sentence: str
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Whatever the rooms below know; None where a room does not stand or was not asked."""

    matrix: Matrix | None = None
    capabilities: tuple[Assessed, ...] | None = None
    deliveries: tuple[Delivery, ...] | None = None
    needs: tuple[Need, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`about` is a provision, `capability:N`, or empty where it concerns the whole act; `records` cause it."""

    kind: Kind
    state: str
    initiative: int
    about: str
    sentence: str
    records: tuple[str, ...]

    @property
    def key(self) -> str:
        """Stable from run to run; of procedures, of which a state may have several, the record tells them apart."""
        return f"{self.kind}/{self.state}/{self.about or self.records[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How many records of a state were looked at for a kind; `n` is None where it was not measured, for `why`."""

    kind: Kind
    state: str
    n: int | None
    gaps: int | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    on: date
    gaps: tuple[Gap, ...]
    looks: tuple[Look, ...]

    @property
    def not_measured(self) -> tuple[Look, ...]:
        return tuple(each for each in self.looks if each.n is None)

    def of_initiative(self, number: int) -> "Found":
        kinds = {kind for kind, initiative in _INITIATIVE.items() if initiative == number}
        if number in _OF_CAPABILITIES:
            kinds.add(Kind.CAPABILITY_LOW)
        return Found(
            on=self.on,
            gaps=tuple(each for each in self.gaps if each.initiative == number),
            looks=tuple(each for each in self.looks if each.kind in kinds),
        )


Part = tuple[list[Gap], list[Look]]


def gaps(records: Records, *, on: date, states: Iterable[str] = MEMBER_STATES) -> Found:
    """In the order of the states, then of the initiatives; the same records always give the same list."""
    found: list[Gap] = []
    looks: list[Look] = []
    for state in sorted(set(states)):
        for part in (_compliance, _capabilities, _statistics, _prevention):
            more, looked = part(records, state)
            found += more
            looks += looked
    ordered = sorted(found, key=lambda each: (each.state, each.initiative, each.kind, each.key))
    return Found(on=on, gaps=tuple(ordered), looks=tuple(looks))


def _compliance(records: Records, state: str) -> Part:
    if records.matrix is None:
        return [], [_not_measured(kind, state, "The register of measures was not read.") for kind in _OF_COMPLIANCE]
    known = records.matrix.standings[state]
    if not known.bound:
        return [], [_not_measured(kind, state, f"{state} is not bound by the Directive.") for kind in _OF_COMPLIANCE]
    told = compliance.gaps(records.matrix, state)
    found = [
        Gap(
            kind=Kind(each.kind),
            state=state,
            initiative=_INITIATIVE[Kind(each.kind)],
            about=each.provision,
            sentence=each.sentence,
            records=each.records,
        )
        for each in told.gaps
    ]
    n = {
        Kind.WITHOUT_MEASURE: told.provisions if known.batch is not None else None,
        Kind.NEGATIVE_FINDING: told.examined or None,
        # One whose standing is unknown may be open: it does not count among those that are not.
        Kind.PROCEDURE_OPEN: sum(each.standing is not Standing.UNKNOWN for each in known.procedures) or None,
        Kind.PROCEDURE_UNKNOWN: len(known.procedures) or None,
    }
    return found, [_look(kind, state, n[kind], found, _WHY_NOT[kind]) for kind in _OF_COMPLIANCE]


_WHY_NOT: Final = {
    Kind.WITHOUT_MEASURE: "The list of notified measures was not imported.",
    Kind.NEGATIVE_FINDING: "Nobody has examined an article in this state.",
    Kind.PROCEDURE_OPEN: "No source that was read tells how a procedure stands.",
    Kind.PROCEDURE_UNKNOWN: "No source that was read tells of a procedure.",
    Kind.CAPABILITY_LOW: "No assessment of this state is open to the reader.",
    Kind.STATISTIC: "Nobody has looked for this state's statistics.",
    Kind.PREVENTION: "Nobody has compared needs and programmes in this state.",
}


def _capabilities(records: Records, state: str) -> Part:
    mine = [each for each in records.capabilities or () if each.state == state]
    found = [_low(each) for each in mine if each.phase in LOW_PHASES]
    n = len(mine) or None
    return found, [_look(Kind.CAPABILITY_LOW, state, n, found, _WHY_NOT[Kind.CAPABILITY_LOW])]


def _low(each: Assessed) -> Gap:
    named = capability(each.number)
    return Gap(
        kind=Kind.CAPABILITY_LOW,
        state=each.state,
        initiative=_OF_DOMAIN.get(named.domain, 8),
        about=f"capability:{each.number}",
        sentence=f"{named.label}: the state itself places it in {phase_label(each.phase)}, as of {each.as_of}.",
        records=(each.record,),
    )


def _statistics(records: Records, state: str) -> Part:
    mine = [each for each in records.deliveries or () if each.state == state]
    found = [
        Gap(
            kind=Kind.STATISTIC,
            state=state,
            initiative=_INITIATIVE[Kind.STATISTIC],
            about=f"{each.provision}/{each.year}",
            sentence=f"The statistic due in {each.year} was looked for on {each.looked_on} and not found.",
            records=(each.record, each.provision),
        )
        for each in mine
        if each.delivered_on is None
    ]
    return found, [_look(Kind.STATISTIC, state, len(mine) or None, found, _WHY_NOT[Kind.STATISTIC])]


def _prevention(records: Records, state: str) -> Part:
    mine = [each for each in records.needs or () if each.state == state]
    found = [
        Gap(
            kind=Kind.PREVENTION,
            state=state,
            initiative=_INITIATIVE[Kind.PREVENTION],
            about=each.provision,
            sentence=each.sentence,
            records=(each.record,),
        )
        for each in mine
        if not each.programmes
    ]
    return found, [_look(Kind.PREVENTION, state, len(mine) or None, found, _WHY_NOT[Kind.PREVENTION])]


def _look(kind: Kind, state: str, n: int | None, found: list[Gap], why: str) -> Look:
    if n is None:
        return _not_measured(kind, state, why)
    return Look(kind=kind, state=state, n=n, gaps=sum(each.kind is kind for each in found))


def _not_measured(kind: Kind, state: str, why: str) -> Look:
    return Look(kind=kind, state=state, n=None, gaps=None, why=why)
