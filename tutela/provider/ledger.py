"""What a user was told about a decision, what the user answered, and what came of it: the provider's own ledger.

It names nobody: a reference is the provider's pseudonym for one item or one account. What it holds feeds Category 5 of
the yearly form (Implementing Regulation (EU) 2024/2916).
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tutela.exchange.messages import Part
from tutela.provider.entries import BadEntry, Complaint, Decision, Kind, Outcome, Redress, checked
from tutela.provider.records import Records

_SCHEMA = (
    """CREATE TABLE decision (
        reference TEXT PRIMARY KEY, about TEXT NOT NULL, object TEXT NOT NULL, measure TEXT NOT NULL,
        decided_at TEXT NOT NULL, in_union INTEGER, report INTEGER, hold_until TEXT, told_at TEXT,
        told_of TEXT NOT NULL, recorded_at TEXT NOT NULL,
        CHECK (about IN ('known', 'new', 'solicitation')), CHECK (object IN ('content', 'account')),
        CHECK (about <> 'solicitation' OR object = 'account'), CHECK (object = 'account' OR in_union IS NULL),
        CHECK (told_at IS NULL OR told_at >= decided_at)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE complaint (
        number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL REFERENCES decision,
        kind TEXT NOT NULL CHECK (kind IN ('internal', 'judicial')), lodged_at TEXT NOT NULL, reason TEXT,
        decided_at TEXT, outcome TEXT CHECK (outcome IN ('restored', 'upheld')), complied_at TEXT,
        recorded_at TEXT NOT NULL,
        CHECK ((decided_at IS NULL) = (outcome IS NULL)), CHECK (decided_at IS NULL OR decided_at >= lodged_at),
        CHECK (complied_at IS NULL OR (kind = 'judicial' AND complied_at >= decided_at)),
        UNIQUE (reference, kind, lodged_at)
    ) STRICT""",
    "CREATE TABLE kept (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), since TEXT NOT NULL) STRICT",
)


class Ledger:
    def __init__(self, directory: Path) -> None:
        self._records = Records(directory.expanduser() / "complaints.sqlite3", schema=_SCHEMA, version=1)
        with self._records.changing() as db:
            db.execute("INSERT OR IGNORE INTO kept VALUES (1, ?)", (datetime.now(UTC).date().isoformat(),))

    def since(self) -> date:
        """From this day on everything is written down here: the day of the first use, or what a person said."""
        [[since]] = self._records.rows("SELECT since FROM kept")
        return date.fromisoformat(since)

    def keep_since(self, day: date) -> None:
        with self._records.changing() as db:
            db.execute("UPDATE kept SET since = ?", (day.isoformat(),))

    def add(self, decision: Decision) -> bool:
        """False where the same was written down before. Raises BadEntry where it says otherwise."""
        return self.add_all([decision]) == 1

    def add_all(self, decisions: Sequence[Decision]) -> int:
        """How many are new; none is written down where one cannot be. Raises BadEntry."""
        with self._records.changing() as db:
            return sum(self._put(db, each) for each in decisions)

    def _put(self, db: sqlite3.Connection, decision: Decision) -> bool:
        before = self._find(decision.reference)
        if before is None:
            _insert(db, "decision", _row(decision) | {"recorded_at": _text(datetime.now(UTC))})
        elif before != decision:
            raise BadEntry(f"{decision.reference} stands in the ledger already, and says otherwise.")
        return before is None

    def told(self, reference: str, *, at: datetime, of: frozenset[Redress]) -> Decision:
        before = self.get(reference)
        if before.told_at is not None:
            raise BadEntry(f"That the user was told of {reference} stands in the ledger already ({before.told_at}).")
        decision = checked(Decision, before.model_dump() | {"told_at": at, "told_of": of})
        with self._records.changing() as db:
            db.execute(
                "UPDATE decision SET told_at = ?, told_of = ? WHERE reference = ?",
                (_text(at), json.dumps(sorted(of)), reference),
            )
        return decision

    def get(self, reference: str) -> Decision:
        found = self._find(reference)
        if found is None:
            raise BadEntry(f"There is no decision {reference} in the ledger; write it down first: tutela notice add.")
        return found

    def _find(self, reference: str) -> Decision | None:
        rows = self._records.rows("SELECT * FROM decision WHERE reference = ?", reference)
        return _decision(rows[0]) if rows else None

    def decisions(self) -> list[Decision]:
        return [_decision(row) for row in self._records.rows("SELECT * FROM decision ORDER BY decided_at, reference")]

    def complain(self, complaint: Complaint) -> Complaint:
        decision = self.get(complaint.reference)
        if complaint.lodged_at < decision.decided_at:
            raise BadEntry("Nobody complains before the decision: look at the moments.")
        same = [each for each in self.complaints() if _is_same(each, complaint)]
        if same:
            return same[0]
        row = _row(complaint, without=("number",)) | {"recorded_at": _text(datetime.now(UTC))}
        with self._records.changing() as db:
            number = _insert(db, "complaint", row)
        return complaint.model_copy(update={"number": number})

    def decide(self, number: int, *, outcome: Outcome, at: datetime) -> Complaint:
        before = self.complaint(number)
        if before.outcome is not None:
            raise BadEntry(f"Complaint {number} was decided already: {before.outcome}.")
        if at < before.lodged_at:
            raise BadEntry("A complaint is not decided before it is lodged: look at the moments.")
        with self._records.changing() as db:
            db.execute(
                "UPDATE complaint SET outcome = ?, decided_at = ? WHERE number = ?", (outcome, _text(at), number)
            )
        return self.complaint(number)

    def comply(self, number: int, *, at: datetime) -> Complaint:
        before = self.complaint(number)
        if before.kind is not Kind.JUDICIAL or before.decided_at is None:
            raise BadEntry("Complied with is what a court decided: a judicial complaint, decided before.")
        if before.complied_at is not None or at < before.decided_at:
            raise BadEntry("That stands in the ledger already, or lies before the decision: look at the moments.")
        with self._records.changing() as db:
            db.execute("UPDATE complaint SET complied_at = ? WHERE number = ?", (_text(at), number))
        return self.complaint(number)

    def complaint(self, number: int) -> Complaint:
        rows = self._records.rows("SELECT * FROM complaint WHERE number = ?", number)
        if not rows:
            raise BadEntry(f"There is no complaint number {number} in the ledger.")
        return _complaint(rows[0])

    def complaints(self) -> list[Complaint]:
        return [_complaint(row) for row in self._records.rows("SELECT * FROM complaint ORDER BY number")]

    def close(self) -> None:
        self._records.close()


@contextmanager
def opened_ledger(directory: Path) -> Iterator[Ledger]:
    ledger = Ledger(directory)
    try:
        yield ledger
    finally:
        ledger.close()


def _is_same(one: Complaint, other: Complaint) -> bool:
    return (one.reference, one.kind, one.lodged_at) == (other.reference, other.kind, other.lodged_at)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    done = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608  our own names
    return done.lastrowid or 0


def _row(entry: Part, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: _column(value) for name, value in entry if name not in without}


def _column(value: Any) -> Any:
    match value:
        case datetime():
            return _text(value)
        case date():
            return value.isoformat()
        case frozenset():
            return json.dumps(sorted(value))
        case bool():
            return int(value)
        case _:
            return value


def _text(moment: datetime) -> str:
    """One form, so that their order is that of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _decision(row: sqlite3.Row) -> Decision:
    said = {name: row[name] for name in Decision.model_fields}
    in_union = None if said["in_union"] is None else bool(said["in_union"])
    return Decision.model_validate(said | {"told_of": json.loads(said["told_of"]), "in_union": in_union})


def _complaint(row: sqlite3.Row) -> Complaint:
    return Complaint.model_validate({name: row[name] for name in Complaint.model_fields})
