"""A catalogue on disk: one file of columns and one index, named by a description that is replaced as a whole.

`catalogue.json` names the two files of this edition and, for each column, where it begins (a multiple of 64), its
length in bytes and its SHA-256. A crash while writing leaves the old description and the old files.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutela.matching.file import BadIndexFile, open_index, sync_directory, write_index
from tutela.matching.hashes import KINDS, SIZE_BYTES, Kind
from tutela.matching.index import Index
from tutela.matching.segment import ALIGNMENT

VERSION = 1
_DESCRIPTION = "catalogue.json"
_ATTEMPTS = 5


class BadCatalogue(ValueError):
    """There is no catalogue here, it is of another version, or damaged; the message says what to do."""


class Label(NamedTuple):
    """What a match says besides its distance. An unknown tier or classification is empty."""

    list: str
    tier: str
    classification: str


class Columns(NamedTuple):
    labels: tuple[Label, ...]
    values: dict[Kind, NDArray[np.uint8]]
    """[entries of the kind, bytes of the kind], in the order of the values."""
    keys: NDArray[np.uint64]
    label_of: NDArray[np.uint32]
    reference_ends: NDArray[np.uint64]
    """One more than there are entries: reference n lies between the ends n and n + 1."""
    references: NDArray[np.uint8]

    def begin(self, kind: Kind) -> int:
        """The number of the first entry of this kind."""
        return sum(len(self.values[each]) for each in KINDS[: KINDS.index(kind)])

    def kind_of(self, number: int) -> Kind:
        if not 0 <= number < len(self.label_of):
            raise IndexError(f"Entries are numbered from 0 to {len(self.label_of) - 1}.")
        return next(kind for kind in KINDS if number < self.begin(kind) + len(self.values[kind]))

    def named(self) -> dict[str, NDArray[Any]]:
        """Every column by the name under which the file holds it."""
        others = {name: getattr(self, name) for name in ("keys", "label_of", "reference_ends", "references")}
        return {**{f"values.{kind}": column for kind, column in self.values.items()}, **others}


def digest(columns: Columns) -> str:
    whole = sha256(json.dumps(columns.labels).encode())
    for column in columns.named().values():
        whole.update(np.ascontiguousarray(column).data)
    return whole.hexdigest()


def write(directory: Path, columns: Columns, index: Index) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    token = token_hex(8)
    files = {"columns": f"{token}.columns", "index": f"{token}.index"}
    said = {
        "version": VERSION,
        "labels": columns.labels,
        **files,
        "sections": _write_columns(directory / files["columns"], columns),
    }
    write_index(directory / files["index"], index)
    draft = directory / f".{token}.json"
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(said, stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(directory / _DESCRIPTION)
    sync_directory(directory)
    for old in [*directory.glob("*.columns"), *directory.glob("*.index")]:
        if old.name not in files.values():
            with suppress(OSError):
                old.unlink()


def read(directory: Path, *, check_contents: bool) -> tuple[Columns, Index]:
    """Tried again where a writer removed the files between the description's reading and theirs."""
    for left in range(_ATTEMPTS - 1, -1, -1):
        said = _described(directory)
        try:
            columns = _read_columns(directory / said["columns"], said, check_contents)
            return columns, open_index(directory / said["index"], check_contents=check_contents).opened
        except FileNotFoundError:
            if not left:
                raise BadCatalogue("A file of this catalogue is missing; sync or import the lists again.") from None
        except OSError as error:
            raise BadCatalogue(f"This catalogue cannot be read: {error.strerror}.") from None
        except (BadIndexFile, KeyError, TypeError, ValueError) as error:
            said_why = str(error) if isinstance(error, (BadIndexFile, BadCatalogue)) else "its columns do not fit."
            raise BadCatalogue(f"This catalogue is damaged ({said_why}) Sync or import the lists again.") from None
    raise AssertionError("the last attempt returns or raises")


def _described(directory: Path) -> dict[str, Any]:
    try:
        said = json.loads((directory / _DESCRIPTION).read_bytes())
    except OSError:
        raise BadCatalogue("There is no catalogue here; sync or import a list first.") from None
    except ValueError:
        raise BadCatalogue("The description of this catalogue is damaged; sync or import the lists again.") from None
    if not isinstance(said, dict) or said.get("version") != VERSION:
        raise BadCatalogue("This catalogue is of another version; sync or import the lists again.")
    if not all(
        isinstance(said.get(name), str) and Path(said[name]).name == said[name] for name in ("columns", "index")
    ):
        raise BadCatalogue("The description of this catalogue is damaged; sync or import the lists again.")
    return said


def _write_columns(path: Path, columns: Columns) -> dict[str, list[Any]]:
    sections: dict[str, list[Any]] = {}
    with path.open("wb") as stream:
        for name, column in columns.named().items():
            stream.write(bytes(-stream.tell() % ALIGNMENT))
            raw = np.ascontiguousarray(column).data.cast("B") if column.size else memoryview(b"")
            sections[name] = [stream.tell(), len(raw), sha256(raw).hexdigest()]
            stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    return sections


def _read_columns(path: Path, said: dict[str, Any], check_contents: bool) -> Columns:
    memory = (
        np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray) if path.stat().st_size else np.empty(0, np.uint8)
    )
    raw = dict(_sections(memory, said["sections"], check_contents))
    columns = Columns(
        tuple(Label(*map(str, each)) for each in said["labels"]),
        {kind: raw[f"values.{kind}"].reshape(-1, SIZE_BYTES["sha256" if kind == "url" else kind]) for kind in KINDS},
        raw["keys"].view(np.uint64),
        raw["label_of"].view(np.uint32),
        raw["reference_ends"].view(np.uint64),
        raw["references"],
    )
    entries = sum(map(len, columns.values.values()))
    if not len(columns.keys) == len(columns.label_of) == len(columns.reference_ends) - 1 == entries:
        raise BadCatalogue("its columns differ in length.")
    return columns


def _sections(
    memory: NDArray[np.uint8], sections: dict[str, Any], check_contents: bool
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    for name, (begin, length, checksum) in sections.items():
        part = memory[begin : begin + length]
        if begin < 0 or length < 0 or len(part) != length:
            raise BadCatalogue("it is cut short.")
        if check_contents and sha256(part.data).hexdigest() != checksum:
            raise BadCatalogue("its contents differ from their checksums.")
        yield name, part
