"""The tests' PostgreSQL: one throwaway server, a migrated template kept between runs, a copy for whoever needs one."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO

import psycopg

from tutela.config.localpg import OWNER_ROLE, LocalPostgres, LocalPostgresError

ROOT = Path(__file__).parent.parent
# Each process of a run has a server of its own: what is chained behind the commit waits for everybody on a server.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
HOME = Path(tempfile.gettempdir()) / f"tutela-tests-{os.getuid()}{WORKER}"
TEMPLATES_KEPT = 4


@dataclass(frozen=True)
class Database:
    name: str
    url: str
    owner_url: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url}


@dataclass
class SharedServer:
    """Several runs may share it; the last to leave stops it. A run that was killed leaves it to the next one."""

    postgres: LocalPostgres = field(default_factory=lambda: LocalPostgres(HOME, throwaway=True))
    _in_use: IO[str] | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def database(self, name: str) -> Database:
        return Database(name, self.postgres.url(name), self.postgres.url(name, OWNER_ROLE))

    @property
    def session_database(self) -> Database:
        return self.database(f"test_{os.getpid()}")

    def enter(self) -> None:
        self.postgres.place.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._in_use = (self.postgres.place / "in-use.lock").open("a")
        if _try_lock(self._in_use):
            self._start_alone()
        fcntl.flock(self._in_use, fcntl.LOCK_SH)
        self.postgres.start()

    def leave(self) -> None:
        if self._in_use is None:
            return
        if _try_lock(self._in_use):
            self.postgres.stop("immediate")
        self._in_use.close()
        self._in_use = None

    def fresh(self) -> Database:
        """A migrated copy of its own, nobody else's."""
        return self.copy(f"{self.session_database.name}_{next(self._numbers)}")

    def copy(self, name: str) -> Database:
        with self._making():
            template = self._template()
            self.postgres.clone_database(name, template=template)
        return self.database(name)

    def drop(self, database: Database) -> None:
        self.postgres.drop_database(database.name)

    def _start_alone(self) -> None:
        try:
            self.postgres.start()
        except LocalPostgresError:
            # Without fsync a crash of the machine tears the cluster; it holds nothing worth keeping.
            shutil.rmtree(self.postgres.data, ignore_errors=True)
            self.postgres.start()
        for name in self._databases("test_"):
            self.postgres.drop_database(name)

    def _databases(self, prefix: str) -> list[str]:
        with psycopg.connect(self.postgres.server_url) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix]
            )
            return [name for (name,) in rows]

    @contextmanager
    def _making(self) -> Iterator[None]:
        # A template can be copied by one at a time only, and is made once.
        with (self.postgres.place / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _template(self) -> str:
        name = f"template_{fingerprint()}"
        kept = self._databases("template_")
        if name in kept:
            return name
        for old in kept[: 1 - TEMPLATES_KEPT]:
            self.postgres.drop_database(old)
        self.postgres.drop_database("making")
        self.postgres.ensure_database("making")
        migrate(self.database("making"))
        # A migration edited meanwhile belongs to another template.
        if f"template_{fingerprint()}" != name:
            return self._template()
        with psycopg.connect(self.postgres.server_url, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE making RENAME TO "{name}"')
        return name


def migrate(database: Database) -> None:
    """As the owner, in a process of its own: the tests' process stays the application's role."""
    ran = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"],
        env=os.environ
        | database.environment()
        | {"TUTELA_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "tutela.config.settings", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise RuntimeError(f"`django migrate` failed for the tests' template:\n{ran.stderr}")


def fingerprint(root: Path = ROOT) -> str:
    """Of everything that decides what a migrated database looks like."""
    code = (root / "tutela").rglob("migrations/*.py")
    files = [*code, *(root / "tutela").rglob("*.sql"), root / "tutela/config/settings.py", root / "requirements.lock"]
    digest = sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0" + sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
