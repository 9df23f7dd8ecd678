"""Legal bases as dated intervals: may this service do this on that day, and which sentence says why."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TypeVar

from tutela.law.records import BadRecord, Table, read, read_folder
from tutela.law.sources import Certainty, Source

Word = TypeVar("Word", bound=StrEnum)


class Service(StrEnum):
    INTERPERSONAL = "interpersonal"  # number-independent: the only one the derogation binds
    NUMBER_BASED = "number-based"
    HOSTING = "hosting"
    ACCESS = "access"
    SEARCH = "search"


class Purpose(StrEnum):
    RECEIVE = "receive"  # never refused
    DETECTION = "detection"
    REPORTING = "reporting"  # of what the provider's own detection found
    REMOVAL = "removal"
    RETENTION = "retention"
    NOTICE = "notice"


class Excluded(StrEnum):
    END_TO_END_ENCRYPTED = "end_to_end_encrypted"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Interval:
    """Both days belong to it; None is open."""

    first: date | None
    last: date | None

    def holds(self, on: date) -> bool:
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    id: str
    name: str
    provision: str
    services: frozenset[Service]
    purposes: frozenset[Purpose]
    interval: Interval
    sentence: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    of: Excluded
    provision: str
    sentence: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The answer. `interval` is the stretch of days for which it stays the same; `basis_id` is None when refused."""

    allowed: bool
    basis_id: str | None
    provision: str | None
    interval: Interval
    sentence: str
    certainty: Certainty


def basis_on(on: date, service: str, purpose: str, *, end_to_end_encrypted: bool = False, audio: bool = False) -> Basis:
    """Raises ValueError, naming the known words, for a service or a purpose that is not one of ours."""
    asked, aim = _word(Service, service), _word(Purpose, purpose)
    excluded = {Excluded.END_TO_END_ENCRYPTED: end_to_end_encrypted, Excluded.AUDIO: audio}
    # A child may be in danger whatever the law on scanning says that day: dir-2011-93:art-16-2.
    if aim is not Purpose.RECEIVE:
        for exclusion in exclusions():
            if excluded[exclusion.of]:
                return _refused(exclusion.sentence, exclusion.provision, exclusion.source.certainty)
    candidates = [each for each in bases() if asked in each.services and aim in each.purposes and each.source.enabled]
    for each in candidates:
        if each.interval.holds(on):
            return Basis(
                allowed=True,
                basis_id=each.id,
                provision=each.provision,
                interval=each.interval,
                sentence=each.sentence,
                certainty=each.source.certainty,
            )
    return _outside(on, asked, aim, candidates)


def _outside(on: date, service: Service, purpose: Purpose, candidates: list[LegalBasis]) -> Basis:
    before = [each for each in candidates if each.interval.last is not None and each.interval.last < on]
    after = [each for each in candidates if each.interval.first is not None and each.interval.first > on]
    words = [f"On {on} no legal basis is recorded for {purpose} by {service} services."]
    first = last = None
    nearest: list[LegalBasis] = []
    if before:
        ended = max(before, key=lambda each: each.interval.last or date.min)
        first = (ended.interval.last or on) + timedelta(days=1)
        words.append(f"{ended.name} applied until {ended.interval.last}.")
        nearest.append(ended)
    if after:
        begins = min(after, key=lambda each: each.interval.first or date.max)
        last = (begins.interval.first or on) - timedelta(days=1)
        words.append(f"{begins.name} applies from {begins.interval.first}.")
        nearest.append(begins)
    words.append("A report that arrives is received all the same.")
    certain = all(each.source.certainty is Certainty.VERIFIED for each in nearest)
    # An answer that rests on the absence of a record is only as good as our reading.
    certainty = Certainty.MEMORY if not nearest else Certainty.VERIFIED if certain else Certainty.SECONDARY
    return _refused(" ".join(words), None, certainty, Interval(first, last))


def _refused(
    sentence: str, provision: str | None, certainty: Certainty, interval: Interval = Interval(None, None)
) -> Basis:
    return Basis(
        allowed=False, basis_id=None, provision=provision, interval=interval, sentence=sentence, certainty=certainty
    )


def _word(kind: type[Word], given: str) -> Word:
    try:
        return kind(given)
    except ValueError:
        raise ValueError(f"{kind.__name__.lower()} is one of {', '.join(kind)}") from None


def read_basis(table: Table) -> LegalBasis:
    basis = LegalBasis(
        id=table.text("id"),
        name=table.text("name"),
        provision=table.text("provision"),
        services=frozenset(table.words("services", Service)),
        purposes=frozenset(table.words("purposes", Purpose)),
        interval=Interval(table.day_or_none("first"), table.day_or_none("last")),
        sentence=table.text("sentence"),
        source=table.source(),
    )
    table.closed(basis)
    if not basis.services or not basis.purposes:
        raise BadRecord(f"{table.where}: name at least one of 'services' and one of 'purposes'")
    first, last = basis.interval.first, basis.interval.last
    if first is not None and last is not None and last < first:
        raise BadRecord(f"{table.where}: 'last' lies before 'first'")
    return basis


@cache
def bases() -> tuple[LegalBasis, ...]:
    return tuple(read_basis(table) for _, table in read_folder("bases"))


@cache
def exclusions() -> tuple[Exclusion, ...]:
    table = read("out_of_scope.toml")
    return table.closed(tuple(_exclusion(each) for each in table.tables("exclusion")))


def _exclusion(table: Table) -> Exclusion:
    exclusion = Exclusion(
        of=table.word("of", Excluded),
        provision=table.text("provision"),
        sentence=table.text("sentence"),
        source=table.source(),
    )
    return table.closed(exclusion)
