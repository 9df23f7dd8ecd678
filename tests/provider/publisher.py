"""Somebody who publishes lists, honest or not: in the place of a server, without a network."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tutela.exchange.lists import (
    HEAD_KIND,
    FileBody,
    HeadBody,
    ListedEntry,
    Offered,
    OfferedList,
    SnapshotBody,
    write_change,
    write_parts,
)
from tutela.matching.lists import START, chained
from tutela.provider.list_server import ListServer
from tutela.provider.lists import Lists, Synced
from tutela.provider.wire import Credential, Patience
from tutela.seals.signatures import Signer

SERVER = "https://publisher.example"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def entry(reference: str, seed: int = 1, **more: str) -> ListedEntry:
    return ListedEntry.of(reference, "md5", seed.to_bytes(16, "big"), tier="B", **more)


class Publisher:
    """Speaks as `ListServer` does. What it holds at each sequence is kept, so that it can lie about the past."""

    def __init__(self, name: str = "baseline") -> None:
        self.name, self.signer = name, Signer.new()
        self.held: dict[str, ListedEntry] = {}
        self.sequence, self.chain = 0, START
        self.changes: dict[int, bytes] = {}
        self.signed: list[FileBody] = []
        self.snapshot = SnapshotBody(sequence=0, chain=START, entries=0, parts=[])
        self.parts: dict[tuple[int, int], bytes] = {}
        self.issued_at = NOW
        self.fetched: list[str] = []

    def change(self, name: str, sequence: int, *, most_bytes: int) -> bytes:
        self.fetched.append(f"change {sequence}")
        return self.changes[sequence]

    def part(self, name: str, sequence: int, number: int, *, most_bytes: int) -> bytes:
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
            "changes": self.signed,
            "snapshot": self.snapshot,
            "issued_at": self.issued_at,
            "expires_at": self.issued_at + timedelta(hours=24),
        }
        body = HeadBody.model_validate(said | other).model_dump(mode="json")
        return self.signer.statement(HEAD_KIND, body)

    def publish(self, put: list[ListedEntry] = (), drop: list[str] = ()) -> None:
        body = write_change(put, drop)
        file = FileBody.of(body)
        self.sequence, self.chain = self.sequence + 1, chained(self.chain, file.sha256)
        self.changes[self.sequence] = body
        self.signed.append(file)
        for reference in drop:
            self.held.pop(reference, None)
        self.held |= {each.reference: each for each in put}
        self.issued_at += timedelta(minutes=1)

    def snap(self, *, forget: bool = False) -> None:
        bodies = list(write_parts(self.held.values()))
        self.parts |= {(self.sequence, number): body for number, body in enumerate(bodies)}
        signed = [FileBody.of(body) for body in bodies]
        self.snapshot = SnapshotBody(sequence=self.sequence, chain=self.chain, entries=len(self.held), parts=signed)
        if forget:
            self.changes.clear()
            self.signed.clear()


def over_http(publisher: Publisher, spoil: Callable[[str, httpx.Response], httpx.Response]) -> ListServer:
    """As a server gives it, with somebody in between who sees each answer by its path and may give another one."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1/lists").split("/")[1:]
        match path:
            case []:
                body = publisher.offered().model_dump_json().encode()
            case [name, "head"]:
                body = json.dumps(publisher.head(name)).encode()
            case [name, "changes", sequence]:
                body = publisher.change(name, int(sequence), most_bytes=0)
            case [name, "snapshots", sequence, number]:
                body = publisher.part(name, int(sequence), int(number), most_bytes=0)
        return spoil("/".join(path), httpx.Response(200, content=body))

    credential, once = Credential("ana", "text-3"), Patience(tries=1)
    return ListServer(SERVER, credential, patience=once, transport=httpx.MockTransport(answer))


def sync(lists: Lists, publisher: Publisher | ListServer, now: datetime | None = None) -> list[Synced]:
    return list(lists.sync(publisher, server=SERVER, now=now or publisher.issued_at))


def held(lists: Lists, today: object = NOW.date()) -> list[str]:
    catalogue = lists.catalogue(today)
    return sorted(catalogue.entry(number).reference for number in range(len(catalogue)))


@pytest.fixture
def publisher() -> Publisher:
    publisher = Publisher()
    publisher.publish([entry("a", 1), entry("b", 2)])
    publisher.publish([entry("c", 3)], ["a"])
    return publisher


@pytest.fixture
def lists(tmp_path: Path, publisher: Publisher) -> Lists:
    lists = Lists(tmp_path / "lists")
    lists.trust(SERVER, [publisher.signer.public])
    return lists
