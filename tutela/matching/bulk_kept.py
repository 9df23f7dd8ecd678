"""What is done of a run, kept beside its output: one file for each part, and a manifest that says of which run."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tutela.matching.bulk_columns import BadRow, BadSource, arrow

_SAID = {
    "version": "it is of another version",
    "source": "the source has changed",
    "edition": "the lists have changed",
    "columns": "other columns were asked",
    "carried": "other columns were carried over",
    "quality": "the quality was in another column",
    "radius": "the radius was another",
    "lists": "other lists were asked",
    "parts": "it was cut into other parts",
}


class Kept:
    """Used as `with kept.begun(manifest) as done`. Every failure to write is a BadSource, and what is done stays."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.directory = out.with_name(f"{out.name}.parts")

    @contextmanager
    def begun(self, manifest: dict[str, Any]) -> Iterator[set[int]]:
        """The numbers of the parts that are done. Raises BadSource where they are of another run, or it runs now."""
        with self._written():
            self.directory.mkdir(parents=True, exist_ok=True)
            lock = (self.directory / "lock").open("wb")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BadSource(f"Another command is writing {self._out} now; wait for it.") from None
            self._check(manifest)
            try:
                yield {int(path.stem) for path in self._parts() if _is_whole(path)}
            except BadRow:
                # To go on the source must be mended, and then these are the parts of another one.
                self.forget()
                raise
            except BaseException:
                if not self._parts():
                    self.forget()
                raise

    def _parts(self) -> list[Path]:
        return list(self.directory.glob("*.arrow"))

    def _check(self, manifest: dict[str, Any]) -> None:
        file = self.directory / "manifest.json"
        if not file.exists():
            self._put(file, json.dumps(manifest).encode())
            return
        try:
            before = json.loads(file.read_bytes())
            other = [why for name, why in _SAID.items() if before.get(name) != manifest[name]]
        except (ValueError, AttributeError):
            raise BadSource(f"{file} is damaged; remove {self.directory} and begin anew.") from None
        if other:
            raise BadSource(
                f"{self.directory} holds the parts of another run ({', '.join(other)}); remove it to begin anew, or "
                "ask as before."
            )

    def keep(self, number: int, data: bytes) -> None:
        self._put(self.directory / f"{number:08d}.arrow", data)

    def tables(self, count: int) -> Iterator[Any]:
        for number in range(count):
            with arrow().memory_map(str(self.directory / f"{number:08d}.arrow")) as stream:
                yield arrow().ipc.open_file(stream).read_all()

    @contextmanager
    def replacing(self) -> Iterator[Path]:
        """A draft of the output that takes its place in the end, or never was."""
        draft = self._out.with_name(f".{self._out.name}.{os.getpid()}")
        try:
            with self._written():
                yield draft
                _sync(draft)
                draft.replace(self._out)
        finally:
            draft.unlink(missing_ok=True)

    def forget(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def _put(self, path: Path, data: bytes) -> None:
        """Whole or not at all, whatever loses its power."""
        draft = path.with_name(f".{path.name}")
        with self._written():
            draft.write_bytes(data)
            _sync(draft)
            draft.replace(path)

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise BadSource(f"{self._out} cannot be written: {why}. What is done stays; run the same again.") from None


def _is_whole(path: Path) -> bool:
    try:
        with arrow().memory_map(str(path)) as stream:
            arrow().ipc.open_file(stream)
    except (OSError, arrow().ArrowException):
        return False
    return True


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
