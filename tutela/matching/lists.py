"""What may be believed of a signed list: the order of its editions, and what binds them together.

A list is a sequence of changes. The *chain* after change n is SHA-256 over the chain before it and the SHA-256 of the
change's bytes, so that one value names the whole history. Whoever publishes signs a *head*: the newest sequence, its
chain, and a snapshot of an earlier one. Whoever reads believes a head only if it goes on from what was known before:

    rollback        an older sequence, or a head issued earlier, than what is known
    rewriting       another chain under a sequence that is known
    freezing        a head that is past its day: somebody keeps the newer ones away
    mixing          changes or a snapshot that do not lead to the chain which the head signs
    endless data    more bytes, or more entries, than the head signs

Signatures are checked elsewhere: this module sees what was verified, and needs no cryptography beyond a hash.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

START = bytes(32).hex()
"""The chain before the first change."""

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
    """Parts that do not belong to this head."""


class Part(NamedTuple):
    """A file of a snapshot, as the head signs it."""

    sha256: str
    size_bytes: int


class Snapshot(NamedTuple):
    sequence: int
    chain: str
    entries: int
    parts: tuple[Part, ...]


class Head(NamedTuple):
    list: str
    sequence: int
    chain: str
    entries: int
    oldest: int
    """The first sequence whose change can still be had."""
    snapshot: Snapshot
    issued_at: datetime
    expires_at: datetime


class Known(NamedTuple):
    """How far a reader has come."""

    sequence: int
    chain: str
    issued_at: datetime


def chained(chain: str, change: bytes) -> str:
    return sha256(bytes.fromhex(chain) + sha256(change).digest()).hexdigest()


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
    if known is None:
        return
    if head.sequence < known.sequence or head.issued_at < known.issued_at:
        raise RolledBack(
            f"The server offers {name} as of change {head.sequence}, issued {head.issued_at:%Y-%m-%d %H:%M} UTC; you "
            f"hold a newer one (change {known.sequence}). Old lists bring back what was withdrawn: nothing was taken."
        )
    if head.sequence == known.sequence and head.chain != known.chain:
        raise Rewritten(
            f"The server shows another history of {name} up to change {known.sequence} than the one you hold. "
            "Nothing was taken; ask the publisher by another way."
        )


def needs_snapshot(head: Head, known: Known | None) -> bool:
    """Whether the changes since then are gone, or more than a snapshot and what came after it."""
    if known is None or known.sequence < head.oldest - 1:
        return True
    after_snapshot = head.sequence - head.snapshot.sequence + len(head.snapshot.parts)
    return known.sequence < head.snapshot.sequence and head.sequence - known.sequence > after_snapshot


def check_part(part: Part, data: bytes) -> None:
    if len(data) != part.size_bytes or sha256(data).hexdigest() != part.sha256:
        raise Mixed("A part of the snapshot is not the one that was signed; nothing was taken. Sync again.")


def check_changes(head: Head, chain: str, changes: Iterable[bytes]) -> None:
    """Raises Mixed unless these changes lead from the chain to the head's."""
    for change in changes:
        chain = chained(chain, change)
    if chain != head.chain:
        raise Mixed(
            f"The changes of {head.list} do not lead to the state that was signed: some are missing, or of another "
            "version. Nothing was taken. Sync again."
        )
