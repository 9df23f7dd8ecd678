"""Reads the Commission's register of infringement decisions, exported as CSV.

The Directive is read from the case's own title, never from the case number and never from a directive column that
somebody added later: in one published copy that column named this Directive on 475 decisions, 324 of them in cases
that were opened before the Directive existed.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from tutela.compliance.rows import Remarks, check_day, day, is_printable, read_text, refuse
from tutela.compliance.rules import directive
from tutela.law.authorities import all_authorities
from tutela.law.procedures import Kind, Step

LIMIT_BYTES: Final = 64 * 2**20
# The export's columns in their order, each with the words its label must hold; the exact labels differ by language.
COLUMNS: Final = (
    ("number", ("infringement", "number")),
    ("date", ("date",)),
    ("type", ("type",)),
    ("press", ("press",)),
    ("memo", ("memo",)),
    ("state", ("member", "state")),
    ("department", ("department",)),
    ("title", ("title",)),
    ("active", ("active",)),
    ("non_communication", ("communication",)),
)
LABELS: Final = (
    "Infringement number, Decision date, Decision type, Press release, Memo, Member State, Department, Title, Active, "
    "Non-communication"
)
_CASE = re.compile(r"INFR\((?P<year>(?:19|20)\d\d)\)(?P<place>\d{4})")
_OTHER_ACT = re.compile(
    r"\b(?:(?:19|20)?\d\d/\d{1,4}/(?:EU|EC|EEC|JHA)|\(E[UC]\) ?(?:No )?\d{1,4}/\d{1,4})\b", re.IGNORECASE
)
_OURS = re.compile(r"\b2011/93\b|\b32011L0093\b", re.IGNORECASE)
# What a decision's words begin with once the article is taken away; the longer ones first.
_STEPS: Final = (
    ("additional formal notice", Step.ADDITIONAL_LETTER),
    ("complementary formal notice", Step.ADDITIONAL_LETTER),
    ("formal notice", Step.LETTER),
    ("additional reasoned opinion", Step.ADDITIONAL_OPINION),
    ("complementary reasoned opinion", Step.ADDITIONAL_OPINION),
    ("reasoned opinion", Step.OPINION),
    ("referral", Step.REFERRAL),
    ("closing", Step.CLOSING),
    ("withdrawal", Step.WITHDRAWAL),
)
_YES_NO: Final = {"yes": True, "no": False}
_STATES: Final = {each.country_name.casefold(): each.country for each in all_authorities()} | {
    "luxemburg": "LU",
    "czech republic": "CZ",
    "the netherlands": "NL",
}
# In the register nearly all cases about missing notification are numbered below this, the others from it on.
_FIRST_OF_SUBSTANCE: Final = 2000
_FORMER: Final = {"united kingdom"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row. `active` is the register's word for a case that is not closed, on the day of the export."""

    case_number: str
    state: str
    kind: Kind
    step: Step
    on: date
    title: str
    department: str
    press_release: str
    memo: str
    active: bool
    row: int


def read(file: BinaryIO, *, today: date) -> tuple[bytes, tuple[Decision, ...], Remarks]:
    """The bytes read, the decisions about the Directive, and the remarks. Raises ImportRefused."""
    content, text = read_text(file, limit_bytes=LIMIT_BYTES)
    remarks = Remarks()
    decisions, others = [], 0
    for number, row in _rows(text, remarks):
        if _concerns_us(number, row, remarks):
            decision = _decision(number, row, remarks, today)
            decisions += [decision] if decision else []
        else:
            others += 1
    _check_together(decisions, remarks)
    remarks.check()
    if not decisions:
        names = f"no row is of a Member State and names {directive().short} in its title"
        raise refuse(f"{names}; {others} are about other acts")
    if others:
        remarks.note(0, "title", "", f"{others} rows are about other acts and were left out")
    return content, tuple(decisions), remarks


def _rows(text: str, remarks: Remarks) -> Iterator[tuple[int, dict[str, str]]]:
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    try:
        names = _header(next(reader))
        for cells in reader:
            if not any(each.strip() for each in cells):
                continue
            if len(cells) != len(names):
                remarks.problem(
                    reader.line_num, "", len(cells), f"the row has not {len(names)} columns like the header"
                )
            elif hidden := [name for name, cell in zip(names, cells, strict=True) if not is_printable(cell)]:
                remarks.problem(reader.line_num, hidden[0], "", "a value is a text of printable characters")
            else:
                yield reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    except csv.Error as error:
        raise refuse(f"not CSV near line {reader.line_num}: {error}") from None


def _header(labels: list[str]) -> list[str]:
    """The names of the columns; one more, with a directive, is tolerated and never believed."""
    names = []
    for position, (name, words) in enumerate(COLUMNS):
        label = labels[position].casefold() if position < len(labels) else ""
        if not all(word in label for word in words):
            raise refuse(
                f"the header's column {position + 1} is another one; expected are {LABELS}", column=name, value=label
            )
        names.append(name)
    for label in labels[len(COLUMNS) :]:
        if not re.search(r"directive|celex", label, re.IGNORECASE) or "claimed" in names:
            raise refuse(f"the header has a column too many; expected are {LABELS}", column=label)
        names.append("claimed")
    return names


def _concerns_us(number: int, row: dict[str, str], remarks: Remarks) -> bool:
    """Is the case about the Directive, in the words of its own title? A column that says otherwise is a problem."""
    named, claim = bool(_OURS.search(row["title"])), row.get("claimed", "")
    claimed = bool(_OURS.search(claim))
    if named and claim and not claimed:
        remarks.problem(number, "directive", claim, "contradicts the title, which names 2011/93")
    if claimed and not named:
        remarks.problem(number, "directive", claim, _why_not_believed(row))
    return named


def _why_not_believed(row: dict[str, str]) -> str:
    case, adopted = _CASE.fullmatch(row["number"]), directive().adopted
    if case and adopted and int(case["year"]) < adopted.year:
        return f"contradicts the case number: {row['number']} was opened before the Directive of {adopted} existed"
    if other := _OTHER_ACT.search(row["title"]):
        return f"contradicts the title, which names {other[0]}"
    return "is not believed: the title does not name the Directive"


def _decision(number: int, row: dict[str, str], remarks: Remarks, today: date) -> Decision | None:
    before = len(remarks.problems)
    case, on = _case(number, row, remarks), day(row["date"])
    if rule := check_day(on, today=today):
        remarks.problem(number, "date", row["date"], rule)
    elif case and on and on.year < int(case["year"]):
        remarks.problem(number, "date", row["date"], f"lies before the year of the case, {row['number']}")
    step = next((step for words, step in _STEPS if row["type"].casefold().startswith(words)), None)
    if step is None:
        remarks.problem(number, "type", row["type"], f"one of: {', '.join(words for words, _ in _STEPS)}")
    state = _state(number, row["state"], remarks)
    active, silent = (_flag(number, column, row[column], remarks) for column in ("active", "non_communication"))
    if case and silent is not None and silent != (int(case["place"]) < _FIRST_OF_SUBSTANCE):
        remarks.note(
            number, "non_communication", row["non_communication"], f"unusual for a case number like {row['number']}"
        )
    if len(remarks.problems) > before or not (step and state and on) or active is None:
        return None
    return Decision(
        case_number=row["number"],
        state=state,
        kind=Kind.NON_COMMUNICATION if silent else Kind.NON_CONFORMITY,
        step=step,
        on=on,
        title=row["title"],
        department=row["department"],
        press_release=row["press"],
        memo=row["memo"],
        active=active,
        row=number,
    )


def _case(number: int, row: dict[str, str], remarks: Remarks) -> re.Match[str] | None:
    case, adopted = _CASE.fullmatch(row["number"]), directive().adopted
    if case is None:
        remarks.problem(number, "number", row["number"], "a case number is written INFR(2019)2227")
    elif adopted and int(case["year"]) < adopted.year:
        remarks.problem(number, "number", row["number"], f"opened before the Directive of {adopted} existed")
    return case


def _state(number: int, written: str, remarks: Remarks) -> str | None:
    name = written.casefold()
    if name in _FORMER:
        remarks.note(number, "state", written, "left out: it has left the Union")
        return None
    state = _STATES.get(name)
    if state is None:
        remarks.problem(number, "state", written, "not a Member State's English name")
    elif not directive().binds(state):
        remarks.problem(number, "state", written, f"{state} is not bound by {directive().short}")
    return state


def _flag(number: int, column: str, written: str, remarks: Remarks) -> bool | None:
    found = _YES_NO.get(written.casefold())
    if found is None:
        remarks.problem(number, column, written, "write Yes or No")
    return found


def _check_together(decisions: list[Decision], remarks: Remarks) -> None:
    """The same decision once, and one state, kind and standing for a case."""
    seen: dict[tuple[str, Step, date], int] = {}
    cases: dict[str, Decision] = {}
    for each in decisions:
        earlier = seen.setdefault((each.case_number, each.step, each.on), each.row)
        if earlier != each.row:
            remarks.problem(each.row, "number", each.case_number, f"the decision stands twice: see row {earlier}")
        first = cases.setdefault(each.case_number, each)
        for column in ("state", "kind", "active"):
            if getattr(first, column) != getattr(each, column):
                said = f"row {first.row} says '{getattr(first, column)}' of the same case"
                remarks.problem(each.row, column, getattr(each, column), said)
