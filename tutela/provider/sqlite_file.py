"""One way to open a SQLite file whose every commit is on the disk, and which many processes may open at once."""

import sqlite3
import time
from pathlib import Path

_PAUSE_SECONDS = 0.01


def opened(file: Path, *, wait_seconds: float) -> sqlite3.Connection:
    """Transactions are the caller's to begin. Raises sqlite3.Error: damaged, or still locked after so many seconds."""
    db = sqlite3.connect(file, timeout=wait_seconds, isolation_level=None)
    try:
        _to_wal(db, until=time.monotonic() + wait_seconds)
        # What was written must not be half there after the power went.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def _to_wal(db: sqlite3.Connection, *, until: float) -> None:
    # Two that open a new file at once both read it and both want it alone: SQLite sees the deadlock coming and refuses
    # one of them at once, whatever its timeout.
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_SECONDS)
