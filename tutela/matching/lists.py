"""What may be believed of a signed list: the order of its editions, and what binds them together.

A list is a sequence of changes. The *chain* after change n is SHA-256 over the chain before it and the SHA-256 of the
change's bytes, so that one value names the whole history. Whoever publishes signs a *head*: the newest sequence, its
chain, the files of a snapshot of an earlier one, and those of the newest changes. Whoever reads believes a head only if
it goes on from what was known before, which is seen before anything else is fetched; then it believes a file only if it
is one of those:

    rollback        an older sequence, or a head issued earlier, than what is known
    rewriting       changes that do not lead from the chain that is known to the one that is signed
    freezing        a head that is past its day: somebody keeps the newer ones away
    mixing          a file of another version, or another list's head
    endless data    more bytes, or more entries, than the head signs

Signatures are checked elsewhere: this module sees what was verified, and needs no cryptography beyond a hash.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

START = bytes(32).hex()
"""The chain before the first change."""

_ANEW = "Ask the publisher by another way; if it had to begin anew (from a backup, say), remove the list here and sync."
CLOCKS_DIFFER = timedelta(minutes=5)


class BadList(ValueError):
    """What was sent may not take the place of what is known; the message says why, and nothing was changed."""


class RolledBack(BadList):
    """An older state of the list than the one that is known."""


class Rewritten(BadList):
    """Another history under the same sequence."""


class Frozen(BadList):
    """A head past its day."""


class Mixed(BadList):
    """Files, or a head, that do not belong together."""


class File(NamedTuple):
    """A part of a snapshot, or a change, as the head signs it."""

    sha256: str
    size_bytes: int


class Snapshot(NamedTuple):
    sequence: int
    chain: str
    entries: int
    parts: tuple[File, ...]


class Head(NamedTuple):
    list: str
    sequence: int
    chain: str
    entries: int
    changes: tuple[File, ...]
    """The newest ones; what came before them can only be had as a snapshot."""
    snapshot: Snapshot
    issued_at: datetime
    expires_at: datetime

    def leads_from(self, sequence: int) -> bool:
        """Whether every change since then can still be had."""
        return self.sequence - len(self.changes) <= sequence <= self.sequence

    def since(self, sequence: int) -> tuple[File, ...]:
        return self.changes[len(self.changes) - (self.sequence - sequence) :]


class Known(NamedTuple):
    """How far a reader has come."""

    sequence: int
    chain: str
    issued_at: datetime


class Way(NamedTuple):
    """What to fetch: the parts of the snapshot (or none, where it goes on from what is held), then the changes."""

    begin: int
    parts: tuple[File, ...]
    changes: tuple[File, ...]


def chained(chain: str, change_sha256: str) -> str:
    return sha256(bytes.fromhex(chain) + bytes.fromhex(change_sha256)).hexdigest()


def check_head(head: Head, *, name: str, known: Known | None, now: datetime) -> None:
    """Raises BadList where this head does not go on from what is known."""
    if head.list != name:
        raise Mixed(f"The server sent the head of another list ({head.list}) for {name}.")
    if head.expires_at < now:
        raise Frozen(
            f"The newest head of {name} is past its day ({head.expires_at:%Y-%m-%d %H:%M} UTC): the server has signed "
            "none since, or somebody keeps newer ones away. What you have stays as it is; ask the publisher."
        )
    if head.issued_at > now + CLOCKS_DIFFER:
        raise Mixed(f"The head of {name} was issued in the future; check this machine's clock.")
    if not _ends(head, head.snapshot.sequence, head.snapshot.chain):
        raise Mixed(f"The head of {name} names a snapshot from which its changes do not lead on; ask the publisher.")
    if known is None:
        return
    if head.sequence < known.sequence or head.issued_at < known.issued_at:
        raise RolledBack(
            f"The server offers {name} as of change {head.sequence}, issued {head.issued_at:%Y-%m-%d %H:%M} UTC; you "
            f"hold a newer one (change {known.sequence}). Old lists bring back what was withdrawn: nothing was taken. "
            f"{_ANEW}"
        )
    if head.leads_from(known.sequence) and not _ends(head, known.sequence, known.chain):
        raise Rewritten(
            f"The server shows another history of {name} up to change {known.sequence} than the one you hold. "
            f"Nothing was taken. {_ANEW}"
        )


def way(head: Head, known: Known | None) -> Way:
    """Of a head that was checked: the shorter way from what is known."""
    snapshot = head.snapshot
    anew = Way(snapshot.sequence, snapshot.parts, head.since(snapshot.sequence))
    if known is None or not head.leads_from(known.sequence):
        return anew
    on = Way(known.sequence, (), head.since(known.sequence))
    return min(on, anew, key=_size_bytes) if known.sequence < snapshot.sequence else on


def check_file(file: File, data: bytes) -> None:
    if len(data) != file.size_bytes or sha256(data).hexdigest() != file.sha256:
        raise Mixed("A file of this list is not the one that was signed; nothing was taken. Sync again.")


def _ends(head: Head, sequence: int, chain: str) -> bool:
    if not head.leads_from(sequence):
        return False
    for change in head.since(sequence):
        chain = chained(chain, change.sha256)
    return chain == head.chain


def _size_bytes(way: Way) -> int:
    return sum(file.size_bytes for file in (*way.parts, *way.changes))
