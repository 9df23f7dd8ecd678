"""The matrix and the gaps as others read them: now, and as CSV, JSON and XLSX."""

import csv
import io
import json
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from tutela.compliance import gaps as gap_rules
from tutela.compliance.matrix import Cell, Matrix, assemble, pending_words
from tutela.compliance.models.records import records
from tutela.compliance.rules import check_bound

COLUMNS = (
    "provision", "reference", "theme", "optional", "state", "status", "verdict", "verdict_on", "verdict_by",
    "certainty", "source_url", "measures_of_the_state", "procedures_of_the_state", "reasons", "records", "address",
    "as_of",
)  # fmt: skip
# A spreadsheet takes a text that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def matrix(
    *,
    provisions: Collection[str] = (),
    states: Collection[str] = (),
    themes: Collection[str] = (),
    statuses: Collection[str] = (),
) -> Matrix:
    """One query. An empty filter lets everything through; a word that is not known lets nothing through."""
    rows = records(states=states, provisions=provisions)
    return assemble(rows, provisions=provisions, states=states, themes=themes, statuses=statuses)


def gaps(state: str) -> gap_rules.Gaps:
    """Raises Refused for a state that is not bound by the Directive."""
    check_bound(state)
    return gap_rules.gaps(matrix(states=(state,)), state)


def as_rows(found: Matrix, as_of: date, origin: str) -> Iterator[dict[str, str | int | bool]]:
    """`origin` is where this house stands, https://….example: a row that was passed on still leads to its page."""
    for cell in found.cells:
        yield _row(cell) | {"address": f"{origin.rstrip('/')}{cell.address}", "as_of": as_of.isoformat()}


def write_csv(found: Matrix, file: BinaryIO, *, as_of: date, origin: str) -> None:
    """UTF-8 with a byte order mark, so that spreadsheets read the letters of all languages."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in as_rows(found, as_of, origin):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    text.detach()


def write_json(found: Matrix, file: BinaryIO, *, as_of: date, origin: str) -> None:
    counts = {str(status): number for status, number in found.counts.items()}
    whole = {
        "instrument": "dir-2011-93",
        "as_of": as_of.isoformat(),
        "provisions": len(found.provisions),
        "states": len(found.states),
        "cells": len(found.cells),
        "counts": counts,
        "rows": list(as_rows(found, as_of, origin)),
    }
    file.write(json.dumps(whole, ensure_ascii=False, indent=1).encode())


def write_xlsx(found: Matrix, file: BinaryIO, *, as_of: date, origin: str) -> None:
    """Every text is written as text: nothing in the file is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Matrix")
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for row in as_rows(found, as_of, origin):
        cells = []
        for name in COLUMNS:
            cell = WriteOnlyCell(sheet, row[name])
            if isinstance(row[name], str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


WRITERS = {".csv": write_csv, ".json": write_json, ".xlsx": write_xlsx}


def write_file(found: Matrix, path: Path, *, as_of: date, origin: str) -> None:
    """By the file's ending. Raises KeyError for an ending that is not in WRITERS."""
    write = WRITERS[path.suffix.lower()]
    with path.open("wb") as file:
        write(found, file, as_of=as_of, origin=origin)


def _row(cell: Cell) -> dict[str, str | int | bool]:
    finding, reasons = cell.finding, cell.reasons
    return {
        "provision": cell.provision.id,
        "reference": cell.provision.reference,
        "theme": cell.provision.theme,
        "optional": cell.provision.optional,
        "state": cell.state,
        "status": str(cell.status),
        "verdict": str(finding.verdict) if finding else "",
        "verdict_on": finding.on.isoformat() if finding else "",
        "verdict_by": finding.organisation if finding else "",
        "certainty": str(finding.certainty) if finding else "",
        "source_url": finding.source_url if finding else "",
        "measures_of_the_state": len(cell.standings.measures),
        "procedures_of_the_state": pending_words(cell.standings),
        "reasons": " ".join(each.sentence for each in reasons),
        "records": " ".join(record for each in reasons for record in each.records),
    }


def _harmless(value: str | int | bool) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
