"""The senders' own account of what they sent and what was acknowledged, on the disk before anything else happens.

The house never sees it; at the end the two are held against each other.
"""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Sum:
    """What the ledger says of one report. More than one number means that it was doubled."""

    sha256: str
    sends: int = 0
    answers: int = 0
    numbers: set[int] = field(default_factory=set)


class Ledger:
    """Append-only; each line is on the disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("ab")
        self._lock = threading.Lock()

    def sending(self, reference: str, sha256: str) -> None:
        self._write({"what": "sending", "reference": reference, "sha256": sha256})

    def accepted(self, reference: str, number: int) -> None:
        self._write({"what": "accepted", "reference": reference, "number": number})

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def add_up(path: Path) -> dict[str, Sum]:
    """By reference. Read from the disk again, not from the memory of whoever wrote it."""
    sums: dict[str, Sum] = {}
    for line in lines(path):
        one = sums.setdefault(line["reference"], Sum(line.get("sha256", "")))
        if line["what"] == "sending":
            one.sends += 1
        else:
            one.answers += 1
            one.numbers.add(line["number"])
    return sums
