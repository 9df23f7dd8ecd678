"""The house on a port of its own, as a provider meets it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from tests import cast
from tutela.accounts.models import Organisation
from tutela.provider.client import Tutela
from tutela.provider.ispws import Ispws
from tutela.provider.wire import Credential, Patience

ONCE = Patience(tries=1)


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """A test's output is no log."""


@dataclass(frozen=True)
class Standing:
    server: str
    organisation: Organisation
    basic: Credential
    bearer: Credential

    def api(self, credential: Credential | None = None) -> Tutela:
        return Tutela(self.server, credential or self.bearer, patience=ONCE)

    def ispws(self) -> Ispws:
        return Ispws(f"{self.server}/ispws", self.basic, resends_are_linked=True, patience=ONCE)

    def environment(self, kind: str = "basic") -> dict[str, str]:
        credential = self.basic if kind == "basic" else self.bearer
        return {
            "TUTELA_SERVER": self.server,
            "TUTELA_USERNAME": credential.username,
            "TUTELA_SECRET": credential.secret,
        }


def given(organisation: Organisation, kind: str) -> Credential:
    one = cast.credential(organisation, kind)
    return Credential(one.credential.username, one.secret)


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this provider keeps its own; never where somebody keeps theirs."""
    monkeypatch.setenv("TUTELA_RECORDS", str(tmp_path / "records"))
    return tmp_path / "records"


@pytest.fixture
def house(fresh_database: object) -> Iterator[Standing]:
    organisation = cast.organisation("provider", country="FI")
    with make_server("127.0.0.1", 0, get_wsgi_application(), _Threaded, _Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Standing(
            f"http://127.0.0.1:{server.server_port}",
            organisation,
            given(organisation, "basic"),
            given(organisation, "bearer"),
        )
        server.shutdown()
        thread.join()
