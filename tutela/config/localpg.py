"""The embedded PostgreSQL: started when needed, durable unless told otherwise, reached by a socket only."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from tutela.config import localpg_databases as databases
from tutela.config.localpg_databases import APP_ROLE, OWNER_ROLE
from tutela.config.localpg_process import PidFile, is_gone, kill_tree, wait_until_gone
from tutela.config.localpg_programs import VERSION, Account, LocalPostgresError, find_programs

__all__ = ["APP_ROLE", "OWNER_ROLE", "LocalPostgres", "LocalPostgresError"]

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # 107 on Linux, 103 on macOS
DATA_PATH_BYTES = 900  # PostgreSQL's own limit is 1,024, with its file names below it
SPACE_TO_START = 64 * 2**20
SPACE_TO_CREATE = 256 * 2**20
SECONDS_TO_START = 600  # a recovery after a crash replays up to a gigabyte
SECONDS_TO_STOP = 120
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
THROWAWAY_SENTENCE = (
    "THROWAWAY: this PostgreSQL runs with fsync off; a power cut loses everything in {place}. For tests and demos only."
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    # A failing statement and its DETAIL carry people's data: neither belongs in a log file.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
ROOTS_PLACE = Path("/var/lib/tutela")
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


class LocalPostgres:
    """One server for one home directory. Starting twice, here or in another process, finds the same server."""

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.home = Path(os.path.realpath(home))
        self.throwaway = throwaway
        self._account = Account.for_this_process()
        self.place = self._find_place()
        self.data = self.place / "postgres"
        self.log = self.place / "postgres.log"
        self._note = PidFile(self.data / "postmaster.pid")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        return self._note.running_pid()

    def url(self, database: str = "tutela", user: str = APP_ROLE) -> str:
        directory = self._note.socket_directory() or self._socket_directory
        return f"postgresql://{quote(user)}@/{quote(database, safe='')}?host={quote(str(directory), safe='')}&port=5432"

    @property
    def server_url(self) -> str:
        """The superuser's door, for making roles and databases only."""
        return self.url("postgres", "postgres")

    def start(self) -> None:
        """Create what is missing, run what does not run, and have the roles and the `tutela` database ready."""
        if self.throwaway:
            print(THROWAWAY_SENTENCE.format(place=self.place), file=sys.stderr)
        with self._alone():
            if self.pid is None:
                self._check_kind()
                self._make_socket_directory()
                if not self.data.exists():
                    self._create()
                self._check_data()
                self._launch()
            else:
                self._check_kind()
            databases.ensure_roles(self.server_url)
            databases.ensure_database(self.server_url, "tutela")

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        with self._alone():
            if (pid := self.pid) is not None:
                os.kill(pid, STOP_SIGNALS[mode])
                if not wait_until_gone([pid], seconds=SECONDS_TO_STOP):
                    raise LocalPostgresError(
                        f"PostgreSQL (process {pid}) did not stop in {SECONDS_TO_STOP} s: see {self.log}."
                    )
                self._reap()
            shutil.rmtree(self._socket_directory, ignore_errors=True)

    def kill(self) -> None:
        """What a crash does: SIGKILL to the server and every child, no goodbye."""
        if (pid := self.pid) is None:
            return
        family = kill_tree(pid)
        if not wait_until_gone(family, seconds=SECONDS_TO_STOP):
            raise LocalPostgresError(f"Processes {family} survive SIGKILL: is the disk below {self.home} hanging?")
        self._reap()

    def ensure_database(self, name: str) -> bool:
        """True if it was made now. Owned by `tutela_owner`, usable by `tutela_app`, closed to others."""
        return databases.ensure_database(self.server_url, name)

    def clone_database(self, name: str, *, template: str) -> None:
        databases.clone_database(self.server_url, name, template=template)

    def drop_database(self, name: str) -> None:
        databases.drop_database(self.server_url, name)

    @cached_property
    def _programs(self) -> Path:
        return find_programs(self._account)

    @cached_property
    def _socket_directory(self) -> Path:
        name = f"tutela-{self._account.uid}-{sha256(os.fsencode(self.home)).hexdigest()[:12]}"
        directory = Path(tempfile.gettempdir()).absolute() / name
        return directory if len(os.fsencode(directory / SOCKET_NAME)) <= SOCKET_PATH_BYTES else Path("/tmp") / name  # noqa: S108

    @property
    def _data_as_told(self) -> Path:
        """The data directory's name for PostgreSQL: a link in the short directory when the real one is too long."""
        is_long = len(os.fsencode(self.data)) > DATA_PATH_BYTES
        return self._socket_directory / "data" if is_long else self.data

    def _find_place(self) -> Path:
        """The home itself; or, for root whose home is closed to `nobody`, a directory named after the home.

        A cluster that stands already decides: a changed mode never shows an empty database in place of a full one.
        """
        apart = ROOTS_PLACE / sha256(os.fsencode(self.home)).hexdigest()[:12]
        if not self._account.is_switched or (self.home / "postgres").exists():
            return self.home
        nearest = next(folder for folder in (self.home, *self.home.parents) if folder.exists())
        return apart if (apart / "postgres").exists() or not self._account.can_enter(nearest) else self.home

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One launcher at a time for this home; the second waits and then finds the work done."""
        try:
            for directory in (self.home, self.place):
                directory.mkdir(parents=True, exist_ok=True, mode=0o711 if self._account.is_switched else 0o700)
            lock = (self.place / "launch.lock").open("a")
        except OSError as error:
            raise LocalPostgresError(
                f"Cannot use {self.place} ({error.strerror}): set TUTELA_HOME to a directory that you can write to."
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._account.is_switched and not self._account.can_enter(self.place):
                raise LocalPostgresError(
                    f"Root's PostgreSQL runs as `nobody`, who can no longer enter {self.place}: "
                    "open the directories above it (chmod o+x), or move its `postgres` folder to a home that is open."
                )
            yield

    def _check_kind(self) -> None:
        """A cluster stays durable or throwaway for life: what once ran without fsync may be torn inside."""
        marker = self.place / "THROWAWAY"
        if not self.data.exists() and self.throwaway:
            marker.touch()
        elif not self.data.exists():
            marker.unlink(missing_ok=True)
        elif marker.exists() and not self.throwaway:
            raise LocalPostgresError(
                f"{self.data} was made with --throwaway and is not durable: "
                "delete it, or set TUTELA_HOME to another place."
            )
        elif self.throwaway and not marker.exists():
            raise LocalPostgresError(
                f"{self.data} holds durable data that --throwaway would put at risk: set TUTELA_HOME to another place."
            )

    def _make_socket_directory(self) -> None:
        directory = self._socket_directory
        try:
            directory.mkdir(mode=0o700)
            os.chown(directory, self._account.uid, self._account.gid)
        except FileExistsError:
            pass
        # Anybody may write in the temporary directory: a directory put there by another would let its owner in.
        found = directory.lstat()
        if directory.is_symlink() or found.st_uid != self._account.uid or found.st_mode & 0o077:
            raise LocalPostgresError(
                f"{directory} belongs to somebody else or is open to others: remove it, or set TMPDIR."
            )
        if self._data_as_told != self.data and not self._data_as_told.is_symlink():
            self._data_as_told.symlink_to(self.data)

    def _check_space(self, needed: int) -> None:
        free = shutil.disk_usage(self.place).free
        if free < needed:
            raise LocalPostgresError(
                f"{self.place} has {free // 2**20} MiB free and PostgreSQL needs {needed // 2**20}: "
                "free some space, or set TUTELA_HOME to another disk."
            )

    def _create(self) -> None:
        """Made beside and renamed, so that a cut never leaves a half-made cluster under the real name."""
        self._check_space(SPACE_TO_CREATE)
        half_made = Path(tempfile.mkdtemp(prefix="new-", dir=self.place))
        os.chown(half_made, self._account.uid, self._account.gid)
        link = self._socket_directory / "new"
        link.unlink(missing_ok=True)
        link.symlink_to(half_made)
        try:
            answer = self._account.run(
                *(self._programs / "initdb", "-D", link, "--username=postgres", "--auth=trust", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums"),
                *(["--no-sync"] if self.throwaway else []),
            )
            if answer.returncode != 0:
                raise LocalPostgresError(f"initdb failed in {self.place}: {answer.stderr.strip()}")
            half_made.rename(self.data)
        finally:
            link.unlink(missing_ok=True)
            shutil.rmtree(half_made, ignore_errors=True)

    def _check_data(self) -> None:
        self._check_space(SPACE_TO_START)
        owner = self.data.stat().st_uid
        if owner != self._account.uid:
            raise LocalPostgresError(
                f"{self.data} belongs to user {owner} and the server would run as user {self._account.uid}: "
                "start it as that user, or set TUTELA_HOME to another place."
            )
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise LocalPostgresError(
                f"{self.data} is not a PostgreSQL directory: move it away, or set TUTELA_HOME."
            ) from None
        if version != VERSION:
            raise LocalPostgresError(
                f"{self.data} was made by PostgreSQL {version} and this is {VERSION}: "
                "dump it with its own version and restore, or set TUTELA_HOME to another place."
            )

    def _launch(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while (complaint := self._try_launch(deadline)) is not None:
            # Orphans of a killed server hold its shared memory until they notice: moments, normally.
            if "shared memory block" not in complaint or time.monotonic() > deadline - SECONDS_TO_START + 30:
                raise LocalPostgresError(f"PostgreSQL did not start in {self.place}: {complaint}")
            time.sleep(0.2)

    def _try_launch(self, deadline: float) -> str | None:
        """None when it is ready; otherwise what it wrote before it gave up."""
        settings = SETTINGS | dict.fromkeys(DURABILITY, "off" if self.throwaway else "on")
        settings["unix_socket_directories"] = str(self._socket_directory)
        self._note.disown()
        argv = [str(self._programs / "postgres"), "-D", str(self._data_as_told), "-p", "5432"]
        argv += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            said_before = log.tell()
            # Its own session: Ctrl-C in the terminal is for the program above, which then stops the server in order.
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account.process_options(),
            )
        while not self._note.is_ready(self._process.pid):
            if self._process.poll() is not None:
                return self.log.read_bytes()[said_before:].decode(errors="replace").strip()
            if time.monotonic() > deadline:
                raise LocalPostgresError(f"PostgreSQL was not ready after {SECONDS_TO_START} s: see {self.log}.")
            time.sleep(0.01)
        return None

    def _reap(self) -> None:
        """Our own child must be waited for, or it stays as a zombie whose pid blocks the next start."""
        if self._process is not None and is_gone(self._process.pid):
            self._process.wait()
            self._process = None
