"""A changing index shared by processes: a snapshot file, and beside it a journal of what came after.

Whoever changes the index appends to the journal under a lock; every process notices that the journal has grown when it
is next asked (one look at the file's size) and applies what is new. A merge writes a new snapshot while everybody goes
on. A crash anywhere in it loses nothing: the new snapshot says how far it covers the old journal and the new one, so
it fits whichever of them is found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tutela.matching.file import BadIndexFile, open_index, sync_directory, write_index
from tutela.matching.index import DEFAULT_RADIUS, Hits, Index, checked
from tutela.matching.journal import NAME_BYTES, append, changes, journal_name, write_journal

_ATTEMPTS = 5


class Store:
    """An index file and its journal. Every answer respects what any process had changed when it was asked.

    Needs a file system with POSIX locks. `check_contents` is explained at `open_index`.
    """

    def __init__(self, path: Path, *, check_contents: bool = True) -> None:
        self._path, self._journal = path, _journal_of(path)
        self._refreshing = Lock()
        self._index, self._name, self._end = self._opened(check_contents)
        self._seen = (0, 0, 0)
        with self._refreshing:
            self._refresh()

    @classmethod
    def create(cls, path: Path, index: Index) -> Self:
        """Writes a new store; an existing one at this path is refused."""
        if path.exists():
            raise BadIndexFile("There is an index file at this path already; remove it first or open it.")
        name = write_journal(_journal_of(path))
        write_index(path, index, {name: NAME_BYTES})
        return cls(path, check_contents=False)

    def __len__(self) -> int:
        return len(self.current())

    def query(self, hash_: bytes, radius: int = DEFAULT_RADIUS) -> list[tuple[int, int]]:
        return self.current().query(hash_, radius)

    def query_batch(self, hashes: NDArray[np.uint8], radius: int = DEFAULT_RADIUS) -> Hits:
        return self.current().query_batch(hashes, radius)

    def add(self, hashes: NDArray[np.uint8], ids: NDArray[np.int64]) -> None:
        """Returns when the addition is on disk: from then on every process's answers include it."""
        hashes, ids = checked(hashes, ids)
        self._append(ids, hashes)

    def withdraw(self, ids: NDArray[np.int64]) -> None:
        """Returns when the withdrawal is on disk: from then on every process's answers respect it."""
        self._append(np.asarray(ids, dtype=np.int64), None)

    def current(self) -> Index:
        """The index as of now, for several questions in a row."""
        if self._state_of_journal() != self._seen:
            with self._refreshing:
                self._refresh()
        return self._index

    def merge(self) -> None:
        """Folds the journal into a new snapshot, while everybody goes on asking and changing."""
        with self._refreshing:
            self._refresh()
            # These segments hold exactly what the journal says up to here. A withdrawal that arrives while they are
            # merged may already be in them; it is applied again from the journal, which changes nothing.
            before, covered = Index(self._index.segments), self._end
        merged = before.merged()
        with self._locked():
            old = journal_name(self._journal)
            draft = self._journal.with_name(f"{self._journal.name}.new")
            new = write_journal(draft, self._journal.read_bytes()[covered:])
            write_index(self._path, merged, {old: covered, new: NAME_BYTES})
            draft.replace(self._journal)
            sync_directory(self._journal.parent)

    def _append(self, ids: NDArray[np.int64], hashes: NDArray[np.uint8] | None) -> None:
        with self._locked(), self._refreshing:
            self._refresh()
            append(self._journal, self._end, ids, hashes)
            self._refresh()

    def _refresh(self) -> None:
        state = self._state_of_journal()
        if journal_name(self._journal) != self._name:
            self._index, self._name, self._end = self._opened(False)
        for change in changes(self._journal, self._end):
            if change.hashes is None:
                self._index.hide(change.ids)
            else:
                self._index.add(change.hashes, change.ids)
            self._end = change.end
        # With a half-written record at the end, look again next time whatever the size.
        self._seen = state if state[1] == self._end else (0, 0, 0)

    def _opened(self, check_contents: bool) -> tuple[Index, str, int]:
        """The snapshot, the journal's name, and where in it to begin. Tried again if a merge came in between."""
        for _ in range(_ATTEMPTS):
            name = journal_name(self._journal)
            contents = open_index(self._path, check_contents=check_contents)
            if name in contents.applied:
                return contents.opened, name, contents.applied[name]
        raise BadIndexFile("The journal beside this index file belongs to another one; restore both from one backup.")

    def _state_of_journal(self) -> tuple[int, int, int]:
        found = self._journal.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, across processes. The lock ends with its process, however that ends."""
        import fcntl

        with self._path.with_name(f"{self._path.name}.lock").open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def _journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.changes")
