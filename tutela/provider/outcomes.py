"""What became of a provider's reports, and what of it a person here has seen."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tutela.exchange.words import OutcomeCode
from tutela.provider.client import Tutela
from tutela.provider.records import BadRecords, Records

_SCHEMA = (
    """CREATE TABLE seen (
        server TEXT NOT NULL, report INTEGER NOT NULL, authority TEXT NOT NULL, code TEXT NOT NULL, at TEXT NOT NULL,
        reference TEXT, shown_at TEXT NOT NULL, deleted_at TEXT,
        PRIMARY KEY (server, report, authority, code, at)
    ) STRICT, WITHOUT ROWID""",
)


class News(NamedTuple):
    """An authority's answer to one report. `is_new`: nobody here was shown it before."""

    report: int
    reference: str | None
    authority: str
    code: str
    at: str
    is_new: bool

    @property
    def says_wrong(self) -> bool:
        return self.code == OutcomeCode.WRONG_DELETE


class Outcomes:
    """Everything that was shown, which is where one left off. "Wrong, delete" comes until somebody says it is done."""

    def __init__(self, directory: Path) -> None:
        self._records = Records(directory.expanduser() / "outcomes.sqlite3", schema=_SCHEMA, version=1)

    def read(self, api: Tutela, server: str, *, everything: bool = False) -> Iterator[News]:
        """Goes through all reports of the organisation, 200 a request: an answer may come, or change, after years.

        Raises TutelaError.
        """
        for followed in api.mine():
            for outcome in followed.outcomes:
                said = (followed.number, followed.reference, outcome.authority, outcome.code, outcome.at)
                before = self._before(server, News(*said, is_new=False))
                news = News(*said, is_new=before is None)
                waits = news.says_wrong and not (before and before["deleted_at"])
                if everything or news.is_new or waits:
                    yield news

    def deleted(self, server: str, report: int) -> None:
        """What the report was about is deleted here. Raises BadRecords where no authority said that it was wrong."""
        with self._records.changing() as db:
            done = db.execute(
                "UPDATE seen SET deleted_at = ? WHERE server = ? AND report = ? AND code = ?",
                (_now(), server, report, OutcomeCode.WRONG_DELETE),
            )
            if not done.rowcount:
                raise BadRecords(f"No authority has said of report {report} that it was wrong.")

    def _before(self, server: str, news: News) -> sqlite3.Row | None:
        found = self._records.rows(
            "SELECT * FROM seen WHERE server = ? AND report = ? AND authority = ? AND code = ? AND at = ?",
            server, news.report, news.authority, news.code, news.at,
        )  # fmt: skip
        return found[0] if found else None

    def shown(self, server: str, news: News) -> None:
        """To be said after it was, so that what is cut short comes again."""
        with self._records.changing() as db:
            db.execute(
                "INSERT OR IGNORE INTO seen (server, report, authority, code, at, reference, shown_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (server, news.report, news.authority, news.code, news.at, news.reference, _now()),
            )

    def close(self) -> None:
        self._records.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
