"""Somebody who publishes lists, honest or not: in the place of a server, without a network."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tutela.exchange.lists import (
    HEAD_KIND,
    HeadBody,
    ListedEntry,
    Offered,
    OfferedList,
    PartBody,
    SnapshotBody,
    write_change,
    write_parts,
)
from tutela.matching.lists import START, chained
from tutela.seals.signatures import Signer

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def entry(reference: str, seed: int = 1, **more: str) -> ListedEntry:
    return ListedEntry.of(reference, "md5", seed.to_bytes(16, "big"), tier="B", **more)


class Publisher:
    """Speaks as `ListServer` does. What it holds at each sequence is kept, so that it can lie about the past."""

    def __init__(self, name: str = "baseline") -> None:
        self.name, self.signer = name, Signer.new()
        self.held: dict[str, ListedEntry] = {}
        self.sequence, self.chain, self.oldest = 0, START, 1
        self.changes: dict[int, bytes] = {}
        self.snapshot = SnapshotBody(sequence=0, chain=START, entries=0, parts=[])
        self.parts: dict[tuple[int, int], bytes] = {}
        self.issued_at = NOW
        self.fetched: list[str] = []

    def change(self, name: str, sequence: int) -> bytes:
        self.fetched.append(f"change {sequence}")
        return self.changes[sequence]

    def part(self, name: str, sequence: int, number: int) -> bytes:
        self.fetched.append(f"part {sequence} {number}")
        return self.parts[sequence, number]

    def offered(self) -> Offered:
        one = OfferedList(
            name=self.name, about="", sequence=self.sequence, entries=len(self.held), issued_at=self.issued_at
        )
        return Offered(lists=[one])

    def head(self, name: str) -> object:
        return self.sign()

    def sign(self, **other: object) -> dict[str, object]:
        said = {
            "list": self.name,
            "sequence": self.sequence,
            "chain": self.chain,
            "entries": len(self.held),
            "oldest": self.oldest,
            "snapshot": self.snapshot,
            "issued_at": self.issued_at,
            "expires_at": self.issued_at + timedelta(hours=24),
        }
        body = HeadBody.model_validate(said | other).model_dump(mode="json")
        return self.signer.statement(HEAD_KIND, body)

    def publish(self, put: list[ListedEntry] = (), drop: list[str] = ()) -> None:
        body = write_change(put, drop)
        self.sequence, self.chain = self.sequence + 1, chained(self.chain, body)
        self.changes[self.sequence] = body
        for reference in drop:
            self.held.pop(reference, None)
        self.held |= {each.reference: each for each in put}
        self.issued_at += timedelta(minutes=1)

    def snap(self, *, forget: bool = False) -> None:
        bodies = list(write_parts(self.held.values()))
        self.parts |= {(self.sequence, number): body for number, body in enumerate(bodies)}
        signed = [PartBody(sha256=sha256(body).hexdigest(), size_bytes=len(body)) for body in bodies]
        self.snapshot = SnapshotBody(sequence=self.sequence, chain=self.chain, entries=len(self.held), parts=signed)
        if forget:
            self.changes.clear()
            self.oldest = self.sequence + 1
