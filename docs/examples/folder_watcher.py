"""Watch a folder for new files and compare each with the lists on this machine.

    python folder_watcher.py INCOMING leads.jsonl

A match is a lead, not a verdict: a person decides. Each one is written as a line to the second file, which
`tutela report` reads; the file itself is neither moved nor opened to anybody. Nothing is blocked here, and a picture
that only looks alike must never be blocked by itself.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tutela.provider.comparing import Comparer

SECONDS = 2.0


def settled(folder: Path, seen: dict[Path, tuple[int, int]]) -> Iterator[Path]:
    """Files that are as they were a round ago: whoever still writes is given time."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        about = path.stat()
        now = (about.st_size, about.st_mtime_ns)
        before = seen.get(path)
        if before == now:
            yield path
        if before != (-1, now[1]):
            # A size of -1 says that this very version was compared.
            seen[path] = (-1, now[1]) if before == now else now


def watch(
    folder: Path, leads: Path, comparer: Comparer, *, rounds: float = float("inf"), wait: float = SECONDS
) -> None:
    seen: dict[Path, tuple[int, int]] = {}
    while rounds > 0:
        for path in settled(folder, seen):
            lead = comparer.file(path)
            if lead.matches:
                with leads.open("a", encoding="utf-8") as out:
                    out.write(lead.line())
                print(f"{path}: {len(lead.matches)} matches. {lead.note}", file=sys.stderr)
        rounds -= 1
        time.sleep(wait)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]), Comparer())
