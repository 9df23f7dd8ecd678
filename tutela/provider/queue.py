"""Reports on their way out, and the receipts of those that arrived: one durable journal.

A report is written down as the bytes that will be sent, before anything is sent. However the process ends, the same
bytes go out again; the server links a resend to the first, so nothing is lost and nothing doubled. Once it is
receipted, its words are erased here: the receipt, the number and the SHA-256 stay.
"""

import fcntl
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tutela.provider.records import BadRecords, Records

Destination = Literal["tutela", "ncmec", "bundle"]
WAITING, ACCEPTED, REFUSED, WRITTEN = "waiting", "accepted", "refused", "written"
# How far a report got on the CyberTipline wire, where a repeated call is not safe by itself.
OPENED, REGISTERED = "opened", "registered"

_SCHEMA = (
    """CREATE TABLE outgoing (
        id INTEGER PRIMARY KEY,
        destination TEXT NOT NULL CHECK (destination IN ('tutela', 'ncmec', 'bundle')),
        server TEXT NOT NULL, key TEXT, reference TEXT,
        sha256 TEXT NOT NULL, body BLOB, queued_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'written')),
        step TEXT CHECK (step IN ('opened', 'registered')), number INTEGER,
        settled_at TEXT, receipt BLOB, why TEXT,
        CHECK ((body IS NULL) = (state IN ('accepted', 'written'))),
        CHECK ((receipt IS NULL) = (state IN ('waiting', 'refused'))),
        CHECK (step IS NULL OR number IS NOT NULL),
        UNIQUE (destination, server, sha256)
    ) STRICT""",
    """CREATE TABLE file (
        outgoing INTEGER NOT NULL REFERENCES outgoing ON DELETE CASCADE, digest TEXT NOT NULL,
        PRIMARY KEY (outgoing, digest)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX file_by_digest ON file (digest)",
)


@dataclass(frozen=True)
class Queued:
    """One report in the journal. `body` is None once it is receipted."""

    id: int
    destination: Destination
    server: str
    key: str | None
    reference: str | None
    sha256: str
    body: bytes | None
    queued_at: str
    state: str
    step: str | None
    number: int | None
    settled_at: str | None
    receipt: bytes | None
    why: str | None

    @property
    def raw(self) -> bytes:
        if self.body is None:
            raise BadRecords(f"The words of {self.reference or self.id} were erased when it was accepted.")
        return self.body


class Queue:
    def __init__(self, directory: Path) -> None:
        self.directory = directory.expanduser()
        self._records = Records(self.directory / "reports.sqlite3", schema=_SCHEMA, version=1)

    def put(self, raw: bytes, *, to: Destination, server: str, key: str | None = None) -> Queued:
        """On the disk when this returns. The same bytes again are the same row: what was accepted stays accepted, what
        was refused waits anew."""
        sha256, (reference, digests) = hashlib.sha256(raw).hexdigest(), _named_in(raw)
        with self._records.changing() as db:
            [(id_,)] = (
                db.execute(
                    "INSERT INTO outgoing (destination, server, key, reference, sha256, body, queued_at, state)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting') ON CONFLICT DO UPDATE SET"
                    " body = excluded.body, state = 'waiting', receipt = NULL, why = NULL, settled_at = NULL,"
                    " step = NULL, number = NULL WHERE state IN ('refused', 'written')"
                    " RETURNING id",
                    (to, server, key, reference, sha256, raw, _now()),
                ).fetchall()
                or db.execute(
                    "SELECT id FROM outgoing WHERE destination = ? AND server = ? AND sha256 = ?", (to, server, sha256)
                ).fetchall()
            )
            db.executemany("INSERT OR IGNORE INTO file VALUES (?, ?)", [(id_, digest) for digest in digests])
        return self.get(id_)

    def get(self, id_: int) -> Queued:
        found = self._select("SELECT * FROM outgoing WHERE id = ?", id_)
        if not found:
            raise BadRecords(f"There is nothing with the number {id_} in this queue.")
        return found[0]

    def all(self) -> list[Queued]:
        return self._select("SELECT * FROM outgoing ORDER BY id")

    def waiting(self, to: Destination, server: str) -> list[Queued]:
        return self._select(
            "SELECT * FROM outgoing WHERE state = 'waiting' AND destination = ? AND server = ? ORDER BY id", to, server
        )

    def of_file(self, digests: Iterable[str]) -> list[Queued]:
        """What was said of a file before, wherever to."""
        return self._select(
            "SELECT * FROM outgoing WHERE id IN"
            " (SELECT outgoing FROM file WHERE digest IN (SELECT value FROM json_each(?))) ORDER BY id",
            json.dumps(list(digests)),
        )

    def opened(self, id_: int, number: int | None) -> None:
        """None: what was opened there is given up, and nothing of it stands."""
        step = OPENED if number is not None else None
        self._change("UPDATE outgoing SET step = ?, number = ? WHERE id = ?", step, number, id_)

    def registered(self, id_: int) -> None:
        self._change("UPDATE outgoing SET step = ? WHERE id = ?", REGISTERED, id_)

    def accepted(self, id_: int, number: int, receipt: bytes) -> None:
        self._change(
            "UPDATE outgoing SET state = 'accepted', number = ?, receipt = ?, settled_at = ?,"
            " body = NULL, why = NULL, step = NULL WHERE id = ?",
            number, receipt, _now(), id_,
        )  # fmt: skip

    def completed(self, server: str, number: int, receipt: bytes) -> None:
        """The receipt of a fuller account takes the place of the first one's, which the server keeps beside it."""
        self._change(
            "UPDATE outgoing SET receipt = ? WHERE destination = 'tutela' AND server = ? AND number = ?"
            " AND state = 'accepted'",
            receipt, server, number,
        )  # fmt: skip

    def written(self, id_: int, receipt: bytes) -> None:
        """As a bundle: nobody has received it yet."""
        self._change(
            "UPDATE outgoing SET state = 'written', receipt = ?, settled_at = ?, body = NULL WHERE id = ?",
            receipt, _now(), id_,
        )  # fmt: skip

    def refused(self, id_: int, why: str) -> None:
        self._change("UPDATE outgoing SET state = 'refused', why = ?, settled_at = ? WHERE id = ?", why, _now(), id_)

    def again(self, id_: int) -> None:
        if self.get(id_).state != REFUSED:
            raise BadRecords("Only what was refused can be put back to wait.")
        self._change(
            "UPDATE outgoing SET state = 'waiting', why = NULL, step = NULL, number = NULL, settled_at = NULL"
            " WHERE id = ?",
            id_,
        )

    def drop(self, id_: int) -> None:
        if self.get(id_).state in (ACCEPTED, WRITTEN):
            raise BadRecords("What was accepted stays, with its receipt.")
        self._change("DELETE FROM outgoing WHERE id = ?", id_)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """One process sends at a time; the lock falls with the process. Raises BadRecords where another one does."""
        with (self.directory / "sending.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadRecords("Another process is sending this queue; nothing to do here.") from None
            yield

    def _change(self, statement: str, *values: Any) -> None:
        with self._records.changing() as db:
            db.execute(statement, values)

    def _select(self, query: str, *values: Any) -> list[Queued]:
        return [Queued(**dict(row)) for row in self._records.rows(query, *values)]

    def close(self) -> None:
        self._records.close()


@contextmanager
def opened_queue(directory: Path) -> Iterator[Queue]:
    queue = Queue(directory)
    try:
        yield queue
    finally:
        queue.close()


def _named_in(raw: bytes) -> tuple[str | None, list[str]]:
    """The report's reference, and its files by their strongest digest."""
    said = json.loads(raw)
    files = [{each["algorithm"]: each["value"] for each in item.get("digests", ())} for item in said.get("items", ())]
    return said.get("reference"), [digest for file in files if (digest := strongest(file))]


def strongest(digests: dict[str, str]) -> str | None:
    """`PDQ` names no single file, but where nothing else is known it names this lead."""
    return next((digests[name].lower() for name in ("SHA256", "SHA1", "MD5", "PDQ") if name in digests), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
