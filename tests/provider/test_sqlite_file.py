import sqlite3
import threading

import pytest

from tutela.provider.sqlite_file import opened


@pytest.fixture
def read_by_another(tmp_path):
    """A file that another process has open and is reading: SQLite changes no mode under it."""
    file = tmp_path / "file.sqlite3"
    another = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    another.execute("CREATE TABLE one (word TEXT)")
    another.execute("INSERT INTO one VALUES ('text-3')")
    another.execute("BEGIN")
    another.execute("SELECT * FROM one").fetchall()
    yield file, another
    another.close()


def test_who_opens_while_another_reads_waits_for_it(read_by_another):
    file, another = read_by_another
    threading.Timer(0.3, another.execute, ["COMMIT"]).start()
    db = opened(file, wait_seconds=30)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


class RefusedAtOnce(sqlite3.Connection):
    """Two who open a new file at the same moment: SQLite refuses one of them without waiting."""

    left = 3

    def execute(self, sql, *values):
        if "journal_mode" in sql and self.left:
            self.left -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return super().execute(sql, *values)


def test_who_is_refused_at_once_asks_again(tmp_path, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, factory=RefusedAtOnce, **named))
    db = opened(tmp_path / "file", wait_seconds=30)
    assert (db.left, db.execute("PRAGMA journal_mode").fetchone()) == (0, ("wal",))
    db.close()


def test_who_waits_too_long_is_told(read_by_another):
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        opened(read_by_another[0], wait_seconds=0.1)


def test_a_damaged_file_is_not_waited_for(tmp_path):
    (tmp_path / "file").write_bytes(b"text-3" * 500)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        opened(tmp_path / "file", wait_seconds=600)
