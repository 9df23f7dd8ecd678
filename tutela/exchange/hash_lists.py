"""Other bodies' lists of hashes, read into one shape: one file for each format, each a reader of rows.

A new format is one new module with `ABOUT`, `looks_like` and `read`, and one line in `FORMATS`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol, TypeAlias, cast

from tutela.exchange.packed import BadFile, unpacked
from tutela.matching.hashes import BadHash, Kind, parse_hash
from tutela.matching.placeholders import is_placeholder

# In this order they are asked whether a file is theirs: the most particular first.
FORMATS: Final[dict[str, str]] = {
    "ncmec": "tutela.exchange.ncmec_hashes",
    "vics": "tutela.exchange.vics",
    "stopncii": "tutela.exchange.stopncii",
    "icse": "tutela.exchange.icse",
    "iwf": "tutela.exchange.iwf",
    "threatexchange": "tutela.exchange.threatexchange",
    "plain": "tutela.exchange.plain_hashes",
}
_HEAD_BYTES = 64 * 1024
_ALWAYS, _NEVER = float("inf"), float("-inf")


class Listed(NamedTuple):
    """One hash with what its list says of it. `key` and `at` (seconds since 1970) tell a newer version of the same.

    `reference` is the list's own name for the entry, empty where it has none.
    """

    row: int
    reference: str
    kind: Kind
    value: bytes
    tier: str = ""
    classification: str = ""
    key: str = ""
    at: float | None = None


class Gone(NamedTuple):
    """A tombstone: whatever stands under this key was withdrawn."""

    row: int
    key: str
    at: float | None = None


class SetAside(NamedTuple):
    """Understood, and not to be matched; with a key it takes the place of an older version all the same."""

    row: int
    why: str
    key: str = ""
    at: float | None = None


class Refused(NamedTuple):
    """Not understood; `rule` says what would be, and never repeats the value."""

    row: int
    rule: str


class Continues(NamedTuple):
    """The file says of itself that more of the list follows in another."""


Row: TypeAlias = Listed | Gone | SetAside | Refused | Continues


class Told(NamedTuple):
    """What a file does not say of itself and somebody else does."""

    kind: Kind | None = None
    profile: str = ""


_NOTHING_TOLD: Final = Told()


class Reader(Protocol):
    ABOUT: str

    def looks_like(self, head: str) -> bool:
        """Asked with the first 64 KiB of the file."""

    def read(self, stream: BinaryIO, told: Told) -> Iterator[Row]:
        """Raises BadFile where the file as a whole is not what it should be."""


class FaultyRow(NamedTuple):
    file: Path
    row: int
    rule: str


class HashList(NamedTuple):
    """What the files together say: of several versions of one entry the newest, and nothing that was withdrawn."""

    format: str
    listed: list[Listed]
    faulty: list[FaultyRow]
    aside: Counter[str]
    withdrawn: int


def reader(name: str) -> Reader:
    return cast(Reader, import_module(FORMATS[name]))


def known_formats() -> str:
    return "\n".join(f"  {name:15} {reader(name).ABOUT}" for name in FORMATS)


def read_list(files: Sequence[Path], *, format_: str | None = None, told: Told = _NOTHING_TOLD) -> HashList:
    """Raises BadFile, with the file's name, for what cannot be read as a whole; single rows come back as `faulty`."""
    name = format_ or _recognised(files[0])
    rows: list[Listed] = []
    others: list[Gone | SetAside] = []
    faulty: list[FaultyRow] = []
    aside: Counter[str] = Counter()
    continued = 0
    for file in files:
        for row in _rows(name, file, told):
            match row:
                case Listed():
                    rows.append(row)
                case Gone():
                    others.append(row)
                case SetAside():
                    aside[row.why] += 1
                    others.append(row)
                case Refused():
                    faulty.append(FaultyRow(file, row.row, row.rule))
                case Continues():
                    continued += 1
    if continued == len(files):
        raise BadFile(
            "This is not the whole list: each file says that another page follows. Save every page, to the last, and "
            "give them together; the pages are not in the order of time."
        )
    standing = _standing(rows, others)
    return HashList(name, standing, faulty, aside, len(rows) - len(standing))


def _rows(name: str, file: Path, told: Told) -> Iterator[Row]:
    try:
        with unpacked(file) as stream:
            yield from reader(name).read(stream, told)
    except BadFile as error:
        raise BadFile(f"{file}: {error}") from None


def _recognised(file: Path) -> str:
    try:
        with unpacked(file) as stream:
            head = stream.read(_HEAD_BYTES).decode("utf-8", errors="replace")
    except BadFile as error:
        raise BadFile(f"{file}: {error}") from None
    for name in FORMATS:
        if reader(name).looks_like(head):
            return name
    raise BadFile(f"{file} is in none of the formats read here. Those are:\n{known_formats()}")


def _standing(rows: list[Listed], others: list[Gone | SetAside]) -> list[Listed]:
    """The newest version of each entry, unless a tombstone is as new: to ask for less is the safe side."""
    newest: dict[str, tuple[float, bool]] = {}
    for version in (*rows, *others):
        if version.key:
            newest[version.key] = max(newest.get(version.key, (_NEVER, False)), _age(version))
    standing = (entry for entry in rows if not entry.key or newest[entry.key] == _age(entry))
    return list({entry[1:6]: entry for entry in standing}.values())


def _age(version: Listed | Gone | SetAside) -> tuple[float, bool]:
    """A tombstone without a time is never outdone, another version without one is the first to be."""
    is_gone = isinstance(version, Gone)
    unknown = _ALWAYS if is_gone else _NEVER
    return (unknown if version.at is None else version.at, is_gone)


def hash_row(
    row: int,
    kind: Kind,
    text: str,
    *,
    reference: str = "",
    tier: str = "",
    classification: str = "",
    key: str = "",
    at: float | None = None,
) -> Listed | Refused | SetAside:
    """A row of one hash in whatever spelling."""
    try:
        value = parse_hash(kind, text)
    except BadHash as error:
        return Refused(row, str(error))
    if is_placeholder(kind, value):
        return SetAside(row, "a placeholder, or the hash of an empty file or picture: it would match what is nothing")
    return Listed(row, reference, kind, value, tier, classification, key, at)
