"""Walks every record: are they valid, sourced, unique, do their references resolve, which were not checked lately?"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tutela.law import bases, forms, instruments, page, procedures, strategy, timeline
from tutela.law.records import BadRecord
from tutela.law.sources import Certainty, Source

STALE_AFTER_DAYS = 365


@dataclass(frozen=True, slots=True)
class Record:
    kind: str
    id: str
    source: Source
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`problems` make the catalogue unfit; `stale` only asks a person to look again."""

    on: date
    counts: dict[str, int]
    certainties: dict[str, int]
    problems: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        return not self.problems


def check(on: date) -> Report:
    records: list[Record] = []
    problems: list[str] = []
    for read in READERS:
        try:
            records += read()
        except BadRecord as problem:
            problems.append(str(problem))
    problems += check_records(records, on)
    return Report(
        on=on,
        counts=dict(sorted(Counter(each.kind for each in records).items())),
        certainties={each.value: sum(record.source.certainty is each for record in records) for each in Certainty},
        problems=tuple(problems),
        stale=tuple(each.id for each in records if each.source.age_days(on) > STALE_AFTER_DAYS),
    )


def check_records(records: Iterable[Record], on: date) -> Iterator[str]:
    """Sentences about ids used twice, references that lead nowhere, and days that have not come."""
    records = list(records)
    known = {each.id for each in records}
    for record_id, times in Counter(each.id for each in records).items():
        if times > 1:
            yield f"{record_id}: the id is used {times} times"
    for record in records:
        for cited in record.cites:
            if cited not in known:
                yield f"{record.id}: cites '{cited}', which is not a record"
        if record.source.checked_on > on:
            yield f"{record.id}: checked_on {record.source.checked_on} lies after {on}"


def _instruments() -> Iterator[Record]:
    for each in instruments.all_instruments():
        yield Record("instrument", each.id, each.source)
        for row in each.provisions:
            yield Record("condition" if row.condition else "provision", row.id, row.source)


def _bases() -> Iterator[Record]:
    for basis in bases.bases():
        yield Record("basis", basis.id, basis.source, (basis.provision,))
    for exclusion in bases.exclusions():
        yield Record("exclusion", f"exclusion:{exclusion.of}", exclusion.source, (exclusion.provision,))


def _authorities() -> Iterator[Record]:
    # These two modules read their files when they are imported: a broken file must be a problem, not a crash.
    from tutela.law import authorities

    for each in (*authorities.all_authorities(), authorities.EUROPOL):
        yield Record("authority", each.id, each.source)
        yield Record("route", f"{each.id}:route-2015", each.route)


def _helplines() -> Iterator[Record]:
    from tutela.law import authorities, helplines

    for country in ("EU", *authorities.MEMBER_STATES):
        for number, each in enumerate(helplines.helplines(country, include_unverified=True), start=1):
            yield Record("line", f"line:{country.lower()}-{number}", each.source)


def _strategy() -> Iterator[Record]:
    yield Record("strategy", "strategy:2020", strategy.strategy().source)
    for each in strategy.initiatives():
        name = f"initiative:{each.number}"
        yield Record("initiative", name, each.source)
        yield Record("key action", f"{name}:key-action", each.key_action.source)
        for number, step in enumerate(each.steps, start=1):
            yield Record("step", f"{name}:step-{number}", step.source)
        for number, due in enumerate(each.dues, start=1):
            yield Record("due", f"{name}:due-{number}", due.source)


def _page() -> Iterator[Record]:
    source = page.page().source
    for focus in page.page().focuses:
        yield Record("focus", f"focus:{focus.id}", source)
    for number, promise in enumerate(page.page().promises, start=1):
        yield Record(
            "promise", f"promise:{number}", source, tuple(f"initiative:{each}" for each in promise.initiatives)
        )
    for number, _ in enumerate(page.page().entries, start=1):
        yield Record("page entry", f"page-entry:{number}", source)


def _timeline() -> Iterator[Record]:
    for each in timeline.all_events():
        cites = tuple(f"initiative:{number}" for number in each.initiatives)
        yield Record("event", f"event:{each.id}", each.source, cites)


def _forms() -> Iterator[Record]:
    for form in forms.forms():
        yield Record("form", form.id, form.source, (form.provision,))
        for field in form.fields:
            yield Record("form field", f"{form.id}:{field.code}", form.source)


def _procedures() -> Iterator[Record]:
    for each in procedures.procedures(include_unverified=True):
        for event in each.events:
            yield Record("procedure event", event.id, event.source, (each.instrument,))


READERS: tuple[Callable[[], Iterator[Record]], ...] = (
    _instruments,
    _bases,
    _authorities,
    _helplines,
    _strategy,
    _page,
    _timeline,
    _forms,
    _procedures,
)
