"""Reads the list of national implementing measures: SPARQL results in JSON from the Union's publications repository.

The list says what a state told the Commission. A state that is missing in it notified nothing there; what its law says
is another matter.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

import pycountry

from tutela.compliance.rows import NULL_DAY, Remarks, check_day, day, is_printable, read_text, refuse
from tutela.compliance.rules import directive
from tutela.law.authorities import MEMBER_STATES

LIMIT_BYTES: Final = 16 * 2**20
TEXTS: Final = ("title", "type", "oj", "ojNumber", "msRef", "link", "eli")
DAYS: Final = ("notified", "ojDate", "inForce", "documentDate")
COLUMNS: Final = ("country", "nimCelex", *TEXTS, *DAYS)
REQUIRED: Final = ("country", "nimCelex")
_COUNTRY = "http://publications.europa.eu/resource/authority/country/"
_CELEX = re.compile(r"7(?P<act>\d{4}[A-Z]\d{4})(?P<country>[A-Z]{3})_(?P<number>\d+)")
_NULL_TEXT = "$BUILD_INFO$"
_FORMER = {"GBR": "the United Kingdom has left the Union"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """One measure. `predates` and `republication` tell acts that were there before, and texts published again."""

    celex: str
    state: str
    titles: tuple[str, ...]
    act_type: str
    notified_on: date | None
    journal: str
    journal_on: date | None
    national_reference: str
    link: str
    eli: str
    predates: bool
    republication: bool
    row: int


@dataclass
class _Row:
    number: int
    celex: str
    state: str
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)


def read(file: BinaryIO, *, today: date, skip_other_acts: bool = False) -> tuple[bytes, tuple[Notified, ...], Remarks]:
    """The bytes read, the measures, and the remarks. Raises ImportRefused.

    An act that carries out many directives carries one CELEX for each of them: with `skip_other_acts` the rows of the
    others are left out and noted, otherwise they are problems.
    """
    content, text = read_text(file, limit_bytes=LIMIT_BYTES)
    remarks = Remarks()
    rows = []
    for number, binding in enumerate(_bindings(text), start=1):
        row = _row(number, binding, remarks, today=today, skip=skip_other_acts)
        if row is not None:
            rows.append(row)
    measures = _together(rows, remarks)
    if not measures and not remarks.problems:
        raise refuse(f"no row is a measure for {directive().short}; was the query cut off?")
    remarks.check()
    return content, measures, remarks


def prefix() -> str:
    """72011L0093: the seventh sector, and the act that is carried out."""
    return f"7{directive().celex[1:]}"


def _bindings(text: str) -> list[Any]:
    try:
        found = json.loads(text)
        columns, bindings = found["head"]["vars"], found["results"]["bindings"]
    except (ValueError, RecursionError):
        raise refuse("not JSON: the endpoint answers with a page of its own when it runs out of time") from None
    except (KeyError, TypeError):
        raise refuse("not SPARQL results: 'head', 'vars' and 'results', 'bindings' are expected") from None
    if not isinstance(columns, list) or not isinstance(bindings, list):
        raise refuse("not SPARQL results: 'vars' and 'bindings' are lists")
    for missing in (each for each in REQUIRED if each not in columns):
        raise refuse(f"the header lacks this column; it needs {' and '.join(REQUIRED)}", column=missing)
    for unknown in (each for each in columns if each not in COLUMNS):
        raise refuse(f"the header has an unknown column; known are {', '.join(COLUMNS)}", column=str(unknown))
    return bindings


def _row(number: int, binding: Any, remarks: Remarks, *, today: date, skip: bool) -> _Row | None:
    values = _values(number, binding, remarks)
    if values is None:
        return None
    celex = values.get("nimCelex", "")
    named = _CELEX.fullmatch(celex)
    if named is None or f"7{named['act']}" != prefix():
        rule = _why_not_ours(celex, named)
        (remarks.note if skip else remarks.problem)(number, "nimCelex", celex, rule)
        return None
    state = _state(number, values.get("country", ""), named["country"], remarks)
    if state is None:
        return None
    row = _Row(number, celex, state, {each: values[each] for each in TEXTS if each in values})
    for column in (each for each in DAYS if each in values):
        _add_day(row, column, values[column], remarks, today)
    if re.fullmatch(r"-\s*\d+", row.texts.get("ojNumber", "")):
        remarks.problem(number, "ojNumber", row.texts["ojNumber"], "a number cannot be negative")
    return row


def _values(number: int, binding: Any, remarks: Remarks) -> dict[str, str] | None:
    if not isinstance(binding, dict):
        remarks.problem(number, "", binding, "a row is an object of columns")
        return None
    values = {}
    for column, cell in binding.items():
        value = cell.get("value") if isinstance(cell, dict) else None
        if column not in COLUMNS:
            remarks.problem(number, str(column), "", "this column is not in the header")
        elif not isinstance(value, str) or not is_printable(value):
            remarks.problem(number, column, value, "a value is a text of printable characters")
        elif value.strip() == _NULL_TEXT:
            remarks.note(number, column, value, "the register's own placeholder; taken as not known")
        elif value.strip():
            values[column] = value.strip()
    return values


def _why_not_ours(celex: str, named: re.Match[str] | None) -> str:
    if not celex:
        return "every row needs its CELEX number"
    if "*" in celex:
        return "a wildcard CELEX does not say which directive the measure carries out"
    if named is None:
        return f"not a CELEX number of a national measure, such as {prefix()}ROU_201401234"
    return f"the CELEX number of another act: those of {directive().short} begin with {prefix()}"


def _state(number: int, country: str, iso3: str, remarks: Remarks) -> str | None:
    said = country.removeprefix(_COUNTRY)
    if not country:
        remarks.note(number, "country", "", f"missing; taken from the CELEX number as {iso3}")
    elif said != iso3:
        remarks.problem(number, "country", said, f"the CELEX number says {iso3}")
        return None
    if iso3 in _FORMER:
        remarks.note(number, "country", iso3, f"left out: {_FORMER[iso3]}")
        return None
    known = pycountry.countries.get(alpha_3=iso3)
    state = {"GR": "EL"}.get(known.alpha_2, known.alpha_2) if known else ""
    if state not in MEMBER_STATES:
        remarks.problem(number, "country", iso3, "not a Member State")
        return None
    if not directive().binds(state):
        remarks.note(number, "country", iso3, f"left out: {state} is not bound by {directive().short}")
        return None
    return state


def _add_day(row: _Row, column: str, written: str, remarks: Remarks, today: date) -> None:
    found = day(written)
    if found == NULL_DAY:
        remarks.note(row.number, column, written, "the register's null day; taken as not known")
    elif rule := check_day(found, today=today) if column != "inForce" or found is None else "":
        remarks.problem(row.number, column, written, rule)
    elif found is not None:
        row.days[column] = found


def _together(rows: list[_Row], remarks: Remarks) -> tuple[Notified, ...]:
    """One measure for each CELEX number: its titles in several languages come as several rows."""
    by_celex: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if any((each.texts, each.days) == (row.texts, row.days) for each in by_celex[row.celex]):
            remarks.problem(row.number, "nimCelex", row.celex, "the row stands twice in the file")
        by_celex[row.celex].append(row)
    numbers: dict[str, str] = {}
    for celex, (first, *_) in by_celex.items():
        other = numbers.setdefault(celex.partition("_")[2], celex)
        if other != celex:
            remarks.note(first.number, "nimCelex", celex, f"has the same number as {other}; both are kept")
    return tuple(_measure(each, remarks) for each in by_celex.values())


def _measure(rows: list[_Row], remarks: Remarks) -> Notified:
    first = rows[0]
    for row in rows[1:]:
        for column, value in {**row.texts, **row.days}.items():
            before = {**first.texts, **first.days}.get(column)
            if column != "title" and before not in {None, value}:
                remarks.note(row.number, column, value, f"row {first.number} says '{before}', which is kept")
    texts = {column: value for row in reversed(rows) for column, value in row.texts.items()}
    days = {column: value for row in reversed(rows) for column, value in row.days.items()}
    titles = tuple(dict.fromkeys(row.texts["title"] for row in rows if "title" in row.texts))
    dated, adopted = days.get("documentDate") or days.get("ojDate"), directive().adopted
    again = any("obwieszczenie" in each.lower() for each in (*titles, texts.get("type", "")))
    if again:
        remarks.note(first.number, "title", titles[0] if titles else "", "a consolidated text, published again")
    return Notified(
        celex=first.celex,
        state=first.state,
        titles=titles,
        act_type=texts.get("type", ""),
        notified_on=days.get("notified"),
        journal=" ".join(texts[each] for each in ("oj", "ojNumber") if each in texts),
        journal_on=days.get("ojDate"),
        national_reference=texts.get("msRef", ""),
        link=_link(texts.get("link", "")),
        eli=texts.get("eli", ""),
        predates=bool(dated and adopted and dated < adopted),
        republication=again,
        row=first.number,
    )


def _link(written: str) -> str:
    """A page links only to what is a web address."""
    return written if written.startswith(("https://", "http://")) else ""
