"""A provider's process that writes reports down and sends them, and may be killed at any moment.

Run in a process of its own, forked from one that has loaded everything, so that a death costs milliseconds.
"""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tutela.provider.client import Tutela
from tutela.provider.delivering import Carrier, ToNcmec, ToTutela, deliver
from tutela.provider.ispws import Ispws
from tutela.provider.queue import opened_queue
from tutela.provider.wire import Credential, Patience

ONCE = Patience(tries=1)


@dataclass
class Life:
    """`steps`: how many it may take. A step is a statement of SQLite, a request that leaves, an answer that comes."""

    server: str
    credential: Credential
    to: str
    directory: Path
    raws: list[bytes]
    steps: int = 10**9

    def step(self, *_: object) -> None:
        self.steps -= 1
        if self.steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def live(life: Life) -> None:
    """To its end, or to its last step."""
    _count(life)
    send(life)


def send(life: Life) -> None:
    """What anybody's program does after a crash: the same again."""
    with opened_queue(life.directory) as queue, _carrier(life) as carrier:
        for raw in life.raws:
            queue.put(raw, to=carrier.to, server=carrier.server)
        list(deliver(queue, carrier))


@contextmanager
def _carrier(life: Life) -> Iterator[Carrier]:
    if life.to == "tutela":
        with Tutela(life.server, life.credential, patience=ONCE) as api:
            yield ToTutela(life.server, api)
    else:
        ours = life.to == "our door"
        with Ispws(life.server, life.credential, resends_are_linked=ours, patience=ONCE) as ispws:
            yield ToNcmec(life.server, ispws, files_by_hash=ours)


def _count(life: Life) -> None:
    connect, handle = sqlite3.connect, httpx.HTTPTransport.handle_request

    def connected(*args: object, **more: object) -> sqlite3.Connection:
        db = connect(*args, **more)
        db.set_trace_callback(life.step)
        return db

    def handled(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        life.step()
        answer = handle(transport, request)
        life.step()
        return answer

    sqlite3.connect = connected
    httpx.HTTPTransport.handle_request = handled
