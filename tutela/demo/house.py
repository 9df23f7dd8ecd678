"""The demonstration's own house: a fresh and durable database, a web server and a worker, which may be killed."""

import fcntl
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tutela.config import serving
from tutela.config.home import home
from tutela.config.localpg import OWNER_ROLE, LocalPostgres

HOST = "127.0.0.1"
THREADS = 4
PORTS_TRIED = 20
SECONDS_TO_ANSWER = 120
# A demonstration must never meet a real database, key or anchor, whatever the environment names.
NOT_OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "TUTELA_ANCHORS", "TUTELA_DB_ROLE", "TUTELA_SECRET_KEY")


class CannotStand(Exception):
    """The house cannot be put up or does not do its part; the message says what to change."""


class House:
    def __init__(self, port: int) -> None:
        self.home = home() / "demo"
        self.port = port
        self.server = f"http://localhost:{port}"
        self._postgres = LocalPostgres(self.home)
        self._processes = serving.Processes(serving.web_command(HOST, port, THREADS), serving.worker_command())
        self._lock = _only_one(self.home)

    @property
    def ledger(self) -> Path:
        return self.home / "ledger.jsonl"

    def build(self) -> None:
        """Begins with an empty world: what an earlier demonstration left is removed."""
        self.remove()
        self.home.mkdir(parents=True, mode=0o711)
        for name in NOT_OURS:
            os.environ.pop(name, None)
        os.environ |= {
            "TUTELA_HOME": str(self.home),
            "TUTELA_DEMO": "1",
            "TUTELA_ORIGIN": self.server,
            "DJANGO_SETTINGS_MODULE": serving.SETTINGS,
        }
        self._postgres.start()
        os.environ |= {
            "DATABASE_URL": self._postgres.url(),
            "DATABASE_OWNER_URL": self._postgres.url(user=OWNER_ROLE),
        }
        serving.refuse_unless_durable(os.environ["DATABASE_URL"], throwaway=False)
        serving.migrate()
        self.open()

    def open(self) -> None:
        self._processes.start()
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://{HOST}:{self.port}/ispws/status", timeout=5).status_code == 401:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise CannotStand(f"The web server does not answer on port {self.port} after {SECONDS_TO_ANSWER} seconds.")

    def crash(self) -> None:
        """What a power cut does to processes: SIGKILL to the web server, the worker and PostgreSQL, no goodbye."""
        self._processes.stop(signal.SIGKILL)
        self._postgres.kill()

    def rise(self) -> None:
        self._postgres.start()
        self.open()

    def keep(self, meanwhile: Callable[[], None]) -> None:
        """Until interrupted; calls `meanwhile` twice a second."""
        self._processes.keep(meanwhile)

    def close(self) -> None:
        self._processes.stop()
        self._postgres.stop()

    def remove(self) -> None:
        self._postgres.kill()
        if self._postgres.place != self.home:
            shutil.rmtree(self._postgres.place, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def _only_one(place: Path) -> object:
    """Two demonstrations in one home would remove each other's database."""
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = (place.parent / "demo.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStand("A demonstration is already running here: stop it, or set TUTELA_HOME elsewhere.") from None
    return lock


def free_port(wanted: int) -> int:
    """The wanted port or the next free one; 0 asks for any."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)) if wanted else [0]:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((HOST, port))
            except OSError:
                continue
            return int(attempt.getsockname()[1])
    raise CannotStand(f"Ports {wanted} to {wanted + PORTS_TRIED - 1} are all in use: choose another with --port.")
