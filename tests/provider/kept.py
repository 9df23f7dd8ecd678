"""Lists as a provider keeps them, filled with drawings."""

from pathlib import Path

from tutela.demo.pictures import draw
from tutela.matching.catalogue import Entry, Label
from tutela.provider.lists import Lists

DRAWN = Label("drawn", "A", "scheme:1")


def keep(directory: Path, name: str = "drawn", count: int = 3) -> Path:
    """The first drawings, by their looks and by their bytes."""
    label = DRAWN._replace(list=name)
    entries = []
    for number in range(count):
        drawn = draw(number)
        entries.append(Entry(f"drawing-{number}", "pdq", drawn.hashed.pdq, label))
        entries.append(Entry(f"drawing-{number}", "sha256", bytes.fromhex(drawn.digests.sha256), label))
    Lists(directory).import_(name, entries)
    return directory
