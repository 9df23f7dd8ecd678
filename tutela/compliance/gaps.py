"""What is missing in one state, each gap explained by the records that cause it."""

from dataclasses import dataclass
from enum import StrEnum

from tutela.compliance.matrix import Cell, Matrix, Reason, Standings, Status
from tutela.compliance.procedures import Standing
from tutela.compliance.rules import check_bound


class Kind(StrEnum):
    NEGATIVE_FINDING = "negative_finding"
    WITHOUT_MEASURE = "provision_without_measure"
    PROCEDURE_OPEN = "procedure_open"
    PROCEDURE_UNKNOWN = "procedure_status_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`provision` is empty where the gap is about the Directive as a whole."""

    kind: Kind
    state: str
    provision: str
    sentence: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """`provisions` and `examined` say out of how many; `not_known` says what could not be looked at."""

    state: str
    provisions: int
    examined: int
    gaps: tuple[Gap, ...]
    not_known: tuple[str, ...]


def gaps(found: Matrix, state: str) -> Gaps:
    """Raises Refused for a state that is not bound, and KeyError for one the matrix was not asked for."""
    check_bound(state)
    known = found.standings[state]
    cells = [each for each in found.cells if each.state == state]
    listed = [gap for each in cells for gap in _of_cell(each)]
    return Gaps(
        state=state,
        provisions=len(cells),
        examined=sum(each.finding is not None for each in cells),
        gaps=(*listed, *_of_procedures(known)),
        not_known=_not_known(known),
    )


def _of_cell(cell: Cell) -> list[Gap]:
    reason = cell.reasons[0]
    if cell.is_negative:
        return [_gap(Kind.NEGATIVE_FINDING, cell, reason)]
    # What a state may do and does not is no gap.
    if cell.provision.optional or cell.status is Status.CONFORM or cell.standings.batch is None:
        return []
    if cell.finding is not None and cell.finding.measures:
        return []
    return [_gap(Kind.WITHOUT_MEASURE, cell, reason)]


def _gap(kind: Kind, cell: Cell, reason: Reason) -> Gap:
    return Gap(
        kind=kind, state=cell.state, provision=cell.provision.id, sentence=reason.sentence, records=reason.records
    )


def _of_procedures(known: Standings) -> list[Gap]:
    return [
        Gap(
            kind=Kind.PROCEDURE_OPEN if each.standing is Standing.OPEN else Kind.PROCEDURE_UNKNOWN,
            state=known.state,
            provision="",
            sentence=f"{each.sentence}.",
            records=(each.id, *(event.record for event in each.events)),
        )
        for each in known.pending
    ]


def _not_known(known: Standings) -> tuple[str, ...]:
    if known.batch is None:
        return ("The list of notified measures was not imported: which articles have none cannot be said.",)
    return ()
