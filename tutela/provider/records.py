"""What a provider writes down for itself: small SQLite files in one directory, for its owner's eyes alone.

What is written is on the disk before the next step is taken, so that a process may end at any moment; what is deleted
is overwritten.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tutela.provider.sqlite_file import opened

_HERE = Path("~/.local/share/tutela/records")
_WAIT_SECONDS = 60.0


class BadRecords(Exception):
    """The records cannot be read or written; the message says which and why."""


class Records:
    """One file of records. `schema` is a list of statements; `version` is what they make."""

    def __init__(self, file: Path, *, schema: tuple[str, ...], version: int) -> None:
        self.file = file
        try:
            _only_mine(file)
            self.db = opened(file, wait_seconds=_WAIT_SECONDS)
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA secure_delete = ON")
            self._made(schema, version)
        except (OSError, sqlite3.Error) as error:
            raise BadRecords(f"{file} cannot be used for records: {_why(error)}") from error

    def _made(self, schema: tuple[str, ...], version: int) -> None:
        with self.changing() as db:
            [found] = db.execute("PRAGMA user_version").fetchone()
            if found not in (0, version):
                raise BadRecords(
                    f"{self.file} was written by another version of tutela ({found}, this one: {version})."
                )
            for statement in schema if found == 0 else ():
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version}")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Raises BadRecords where the disk refuses."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise BadRecords(f"{self.file} cannot be written: {_why(error)}") from error

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        try:
            return self.db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise BadRecords(f"{self.file} cannot be read: {_why(error)}") from error

    def close(self) -> None:
        self.db.close()


def _only_mine(file: Path) -> None:
    """Before SQLite makes it, which would make it for all to read; its companions take the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def write_whole(file: Path, data: bytes) -> None:
    """Either the whole file is there, for its owner's eyes, or what was there before."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def records_option(command: Any) -> Any:
    return click.option(
        "--records",
        "directory",
        envvar="TUTELA_RECORDS",
        default=_HERE,
        type=click.Path(file_okay=False, path_type=Path),
        help="Where your own records are kept (TUTELA_RECORDS).",
    )(command)


@contextmanager
def said_of_records() -> Iterator[None]:
    try:
        yield
    except BadRecords as error:
        raise click.ClickException(str(error)) from error
