"""The lists on this machine: one SQLite file, changed in one transaction or not at all, whenever the process ends.

What is kept of a synced list is what was verified: its sequence, chain and moment. An imported list has none of these.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from tutela.matching.catalogue import Entry, Label
from tutela.matching.lists import BadList, Known
from tutela.provider.sqlite_file import opened

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS list (
    name TEXT PRIMARY KEY, server TEXT, sequence INTEGER, chain TEXT, issued_at TEXT, expires_at TEXT, changed_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    list TEXT NOT NULL REFERENCES list ON DELETE CASCADE, reference TEXT NOT NULL, kind TEXT NOT NULL,
    value BLOB NOT NULL, tier TEXT NOT NULL, classification TEXT NOT NULL, expires_on TEXT,
    PRIMARY KEY (list, reference, kind, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trusted (server TEXT NOT NULL, public TEXT NOT NULL, PRIMARY KEY (server, public)) STRICT;
CREATE TABLE IF NOT EXISTS generation (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), number INTEGER) STRICT;
INSERT OR IGNORE INTO generation VALUES (1, 0);
PRAGMA user_version = 1;
"""
_WAITS_SECONDS = 600.0
_PUT = "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)"


class KeptList(NamedTuple):
    """`server`, `sequence` and the moments are None of a list that was imported from files."""

    name: str
    server: str | None
    sequence: int | None
    chain: str | None
    issued_at: datetime | None
    expires_at: datetime | None
    changed_at: datetime
    entries: int = 0

    @property
    def known(self) -> Known | None:
        if self.sequence is None or self.chain is None or self.issued_at is None:
            return None
        return Known(self.sequence, self.chain, self.issued_at)

    def is_stale(self, now: datetime) -> bool:
        """Nobody has confirmed since then that this is still the newest."""
        return self.expires_at is not None and self.expires_at < now


class Row(NamedTuple):
    reference: str
    kind: str
    value: bytes
    tier: str
    classification: str
    expires_on: date | None = None


class KeptLists:
    """Used for one command; safe to open in many processes at once. Raises BadList, and sqlite3.Error where damaged."""

    def __init__(self, file: Path) -> None:
        # Whoever holds a list can try what it does not know: it is nobody else's on this machine.
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = opened(file, wait_seconds=_WAITS_SECONDS)
        try:
            # Looked at first: to write it again would wait for whoever is writing.
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise BadList(f"The lists in {file.parent} were written by a newer version of this program.")
            if version < _VERSION:
                self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def changing(self, *, entries: bool = True) -> Iterator[None]:
        """All of it or nothing; the next catalogue is made anew where entries change."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("UPDATE generation SET number = number + ?", [int(entries)])
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of everything, whoever writes meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def generation(self) -> int:
        return int(self._db.execute("SELECT number FROM generation").fetchone()[0])

    def is_empty(self) -> bool:
        return self._db.execute("SELECT 1 FROM list LIMIT 1").fetchone() is None

    def lists(self) -> list[KeptList]:
        rows = self._db.execute(
            "SELECT list.*, (SELECT count(*) FROM entry WHERE entry.list = list.name) FROM list ORDER BY name"
        )
        return [_kept(*row) for row in rows]

    def of(self, name: str) -> KeptList | None:
        row = self._db.execute("SELECT *, 0 FROM list WHERE name = ?", [name]).fetchone()
        return _kept(*row) if row else None

    def note(self, name: str, *, server: str | None, known: Known | None, expires_at: datetime | None) -> None:
        """Inside `changing`: how far this list has come."""
        said = (known.sequence, known.chain, known.issued_at.isoformat()) if known else (None, None, None)
        values = [name, server, *said, expires_at and expires_at.isoformat(), datetime.now(UTC).isoformat()]
        self._db.execute(
            "INSERT INTO list VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET server = excluded.server, "
            "sequence = excluded.sequence, chain = excluded.chain, issued_at = excluded.issued_at, "
            "expires_at = excluded.expires_at, changed_at = excluded.changed_at",
            values,
        )

    def clear(self, name: str) -> None:
        self._db.execute("DELETE FROM entry WHERE list = ?", [name])

    def put(self, name: str, rows: Iterable[Row]) -> None:
        dated = ((name, *row[:5], row.expires_on and row.expires_on.isoformat()) for row in rows)
        self._db.executemany(_PUT, dated)

    def drop(self, name: str, reference: str) -> None:
        self._db.execute("DELETE FROM entry WHERE list = ? AND reference = ?", [name, reference])

    def count(self, name: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM entry WHERE list = ?", [name]).fetchone()[0])

    def remove(self, name: str) -> None:
        self._db.execute("DELETE FROM list WHERE name = ?", [name])

    def entries(self, today: date) -> Iterator[Entry]:
        """What may match today, of all lists."""
        rows = self._db.execute(
            "SELECT list, reference, kind, value, tier, classification FROM entry "
            "WHERE expires_on IS NULL OR expires_on > ?",
            [today.isoformat()],
        )
        # One object for each label and not for each entry: there are a million entries and a handful of labels.
        labels: dict[tuple[str, str, str], Label] = {}
        for name, reference, kind, value, tier, classification in rows:
            said = (name, tier, classification)
            yield Entry(reference, kind, value, labels.get(said) or labels.setdefault(said, Label(*said)))

    def next_expiry(self, today: date) -> date | None:
        """The first day on which fewer entries may match."""
        found = self._db.execute("SELECT min(expires_on) FROM entry WHERE expires_on > ?", [today.isoformat()])
        day = found.fetchone()[0]
        return date.fromisoformat(day) if day else None

    def trust(self, server: str, public: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO trusted VALUES (?, ?)", [(server, each) for each in public])

    def distrust(self, public: str) -> None:
        self._db.execute("DELETE FROM trusted WHERE public = ?", [public])

    def trusted(self, server: str) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT public FROM trusted WHERE server = ?", [server])]

    def servers(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT DISTINCT server FROM trusted ORDER BY server")]


def _kept(*row: object) -> KeptList:
    name, server, sequence, chain, issued_at, expires_at, changed_at, entries = row
    moments = [datetime.fromisoformat(str(each)) if each else None for each in (issued_at, expires_at)]
    return KeptList(  # type: ignore[arg-type]
        name, server, sequence, chain, *moments, datetime.fromisoformat(str(changed_at)), entries
    )
