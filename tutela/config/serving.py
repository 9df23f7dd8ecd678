"""Start the house: its database, its migrations, its worker, its web server; and stop them in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tutela.config.durability import refuse_unless_durable
from tutela.config.home import home
from tutela.config.localpg import OWNER_ROLE, LocalPostgres

SETTINGS = "tutela.config.settings"
SECONDS_TO_STOP = 15


@contextmanager
def database(*, throwaway: bool) -> Iterator[LocalPostgres | None]:
    """The database DATABASE_URL names, or the embedded one; refused where it may forget what it acknowledged."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    local, is_ours = None, False
    if not os.environ.get("DATABASE_URL"):
        local = LocalPostgres(home(), throwaway=throwaway)
        # A server that another command of this house is using is used, and left running.
        is_ours = local.pid is None
        local.start()
        os.environ |= {"DATABASE_URL": local.url(), "DATABASE_OWNER_URL": local.url(user=OWNER_ROLE)}
    if throwaway:
        os.environ["TUTELA_THROWAWAY"] = "1"
    try:
        refuse_unless_durable(os.environ["DATABASE_URL"], throwaway=throwaway)
        yield local
    finally:
        if local is not None and is_ours:
            local.stop()


def migrate() -> None:
    """As the tables' owner, in a process of its own: the application's role may not alter a table."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0"],
        env=os.environ | {"TUTELA_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": SETTINGS},
        check=True,
    )


def web_command(host: str, port: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", str(threads), "--backpressure", str(threads * 8)),
        *("--no-ws", "--log-level", "warning", "--respawn-failed-workers", "tutela.config.wsgi:application"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-c", "from tutela.config.working import main; main()"]


def end_in_order(exit_code: int) -> None:
    """Told to end, or left by a terminal that was closed (not under nohup): what was started is stopped first."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) != signal.SIG_IGN:
            signal.signal(told, lambda *_: sys.exit(exit_code))


class Processes:
    """The web server and the worker; whichever dies is started again."""

    def __init__(self, *commands: list[str]) -> None:
        self._commands = commands
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._running = [self._begin(command) for command in self._commands]

    def _begin(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, start_new_session=True)

    def keep(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Until interrupted; calls `meanwhile` twice a second."""
        while True:
            time.sleep(0.5)
            meanwhile()
            for place, process in enumerate(self._running):
                if process.poll() is not None:
                    print(f"A process ended ({process.returncode}); it is started again.", file=sys.stderr)
                    time.sleep(1)
                    self._running[place] = self._begin(self._commands[place])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, how)
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in self._running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running = []
