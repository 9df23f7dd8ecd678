"""The matrix: every article addressed to the states in each of the 27, with its reasons and the records behind them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from tutela.compliance.procedures import Event, Exported, Procedure, Standing, by_state, merged
from tutela.compliance.rules import NEGATIVE, Verdict, directive, owed
from tutela.law.authorities import MEMBER_STATES
from tutela.law.instruments import Provision
from tutela.law.procedures import Kind, Step
from tutela.law.sources import MARKS, Certainty


class Status(StrEnum):
    NOT_BOUND = "not bound"
    CONFORM = "conform"
    PARTLY = "partly"
    NOT = "not"
    UNKNOWN = "looked at, not known"
    NOT_EXAMINED = "notified, not examined"
    NONE_NOTIFIED = "none in the register"
    NOT_IMPORTED = "not known here"


_OF_VERDICT: Final = {
    Verdict.CONFORM: Status.CONFORM,
    Verdict.PARTLY: Status.PARTLY,
    Verdict.NOT: Status.NOT,
    Verdict.UNKNOWN: Status.UNKNOWN,
}
_SENTENCES: Final = {
    Status.NOT_BOUND: "This state is not bound by the Directive.",
    Status.NOT_IMPORTED: "The list of notified measures was not imported, so nothing is known here.",
}


class Row(NamedTuple):
    """One line of the one query. What a column means depends on `what`: see `models.records`."""

    what: str
    key: int
    state: str
    about: str
    word: str
    more: str
    source_url: str
    by: str
    on: date | None
    certainty: str
    cited: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sentence, and the record it rests on: `finding:3`, `measure:7…`, `batch:2`, an id of the law's data."""

    sentence: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person's finding, as everybody may read it: under the name of an organisation, not of a person."""

    id: int
    verdict: Verdict
    reason: str
    source_url: str
    on: date
    certainty: Certainty
    measures: tuple[str, ...]
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What is known of a state as a whole: measures and procedures are not told provision by provision."""

    state: str
    bound: bool
    measures: tuple[str, ...]
    batch: int | None
    imported_on: date | None
    procedures: tuple[Procedure, ...]

    @property
    def pending(self) -> tuple[Procedure, ...]:
        return tuple(each for each in self.procedures if not each.is_closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    provision: Provision
    state: str
    status: Status
    finding: Found | None
    standings: Standings

    @property
    def address(self) -> str:
        return f"/law/matrix/{self.provision.id}/{self.state}"

    @property
    def is_negative(self) -> bool:
        return self.finding is not None and self.finding.verdict in NEGATIVE

    @property
    def reasons(self) -> tuple[Reason, ...]:
        if self.status is Status.NOT_BOUND:
            return (_of_status(self),)
        return (_of_status(self), *(_of_procedure(each) for each in self.standings.pending))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`cells` in the order of the text, then of the states; `counts` has every status, also those at 0."""

    provisions: tuple[Provision, ...]
    states: tuple[str, ...]
    standings: Mapping[str, Standings]
    cells: tuple[Cell, ...]

    @property
    def counts(self) -> dict[Status, int]:
        return {status: sum(each.status is status for each in self.cells) for status in Status}


def assemble(
    rows: Iterable[Row],
    *,
    provisions: Collection[str] = (),
    states: Collection[str] = (),
    themes: Collection[str] = (),
    statuses: Collection[str] = (),
) -> Matrix:
    """Filters that are empty let everything through; a word that is not known lets nothing through."""
    rows = list(rows)
    shown = tuple(
        each
        for each in owed().values()
        if (not provisions or each.id in provisions) and (not themes or each.theme in themes)
    )
    columns = tuple(each for each in MEMBER_STATES if not states or each in states)
    standings = _standings(rows)
    findings = {(each.about, each.state): _found(each) for each in rows if each.what == "finding"}
    cells = (_cell(row, standings[state], findings.get((row.id, state))) for row in shown for state in columns)
    return Matrix(
        provisions=shown,
        states=columns,
        standings={state: standings[state] for state in columns},
        cells=tuple(each for each in cells if not statuses or each.status in statuses),
    )


def _standings(rows: list[Row]) -> dict[str, Standings]:
    measures: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.what == "measure":
            measures[row.state].append(row.about)
    nim = next((row for row in rows if row.what == "batch" and row.about == "nim"), None)
    procedures = by_state(merged(_exports(rows)))
    return {
        state: Standings(
            state=state,
            bound=directive().binds(state),
            measures=tuple(sorted(measures[state])),
            batch=nim.key if nim else None,
            imported_on=nim.on if nim else None,
            procedures=procedures.get(state, ()),
        )
        for state in MEMBER_STATES
    }


def _exports(rows: list[Row]) -> list[Exported]:
    batch = next((row for row in rows if row.what == "batch" and row.about == "register"), None)
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.what == "decision":
            cases[row.about].append(row)
    if batch is None or batch.on is None:
        return []
    return [
        Exported(
            case_number=number,
            state=decisions[0].state,
            kind=Kind(decisions[0].more),
            active=decisions[0].by == "active",
            as_of=batch.on,
            events=tuple(_event(each, batch) for each in sorted(decisions, key=lambda each: (each.on, each.key))),
        )
        for number, decisions in cases.items()
    ]


def _event(row: Row, batch: Row) -> Event:
    return Event(
        step=Step(row.word),
        on=row.on or date.min,
        record=f"decision:{row.key}",
        source_url=batch.source_url,
        certainty="as imported",
    )


def _found(row: Row) -> Found:
    return Found(
        id=row.key,
        verdict=Verdict(row.word),
        reason=row.more,
        source_url=row.source_url,
        on=row.on or date.min,
        certainty=Certainty(row.certainty),
        measures=tuple(row.cited),
        organisation=row.by,
    )


def _cell(provision: Provision, standings: Standings, finding: Found | None) -> Cell:
    return Cell(
        provision=provision,
        state=standings.state,
        status=_status(standings, finding),
        finding=finding,
        standings=standings,
    )


def _status(standings: Standings, finding: Found | None) -> Status:
    if not standings.bound:
        return Status.NOT_BOUND
    if finding is not None:
        return _OF_VERDICT[finding.verdict]
    if standings.batch is None:
        return Status.NOT_IMPORTED
    return Status.NOT_EXAMINED if standings.measures else Status.NONE_NOTIFIED


def _of_status(cell: Cell) -> Reason:
    known, finding = cell.standings, cell.finding
    if cell.status in _SENTENCES:
        return Reason(sentence=_SENTENCES[cell.status])
    if finding is not None:
        mark = f" ({MARKS[finding.certainty]})" if MARKS[finding.certainty] else ""
        said = f"{finding.organisation} on {finding.on}{mark}: {cell.status}. {finding.reason}"
        cited = tuple(f"measure:{each}" for each in finding.measures)
        return Reason(sentence=said, records=(f"finding:{finding.id}", *cited))
    batch = (f"batch:{known.batch}",)
    if known.measures:
        counted = f"Measures notified for the whole Directive: {len(known.measures)}"
        return Reason(sentence=f"{counted}; nobody has yet said what they do for this article.", records=batch)
    # The register tells what was notified, never what a state's law says.
    said = f"The list of notified measures as imported on {known.imported_on} names none of this state (0)"
    return Reason(sentence=f"{said}; its law may still do what the article asks.", records=batch)


def _of_procedure(procedure: Procedure) -> Reason:
    return Reason(sentence=f"{procedure.sentence}.", records=tuple(each.record for each in procedure.events))


def pending_words(standings: Standings) -> str:
    """One word for a state's procedures: the most serious standing of those that are not closed."""
    said = {each.standing for each in standings.procedures}
    for each in (Standing.OPEN, Standing.UNKNOWN, Standing.CLOSED):
        if each in said:
            return str(each)
    return "none known"
