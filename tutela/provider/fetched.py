"""The files of a list that is being synced, each checked when it came, until the list is taken.

They lie beside the lists, so that no list needs to fit into memory and an interrupted sync goes on where it stood.
"""

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from tutela.matching.lists import BadList, File, check_file


class Fetched:
    """Used by one sync at a time. Raises OSError where the disk refuses."""

    def __init__(self, directory: Path, wanted: Collection[File]) -> None:
        """Lets go of what an earlier sync left and this one does not need."""
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = {file.sha256 for file in wanted}
        for left in directory.iterdir():
            if left.name not in names:
                left.unlink()

    def take(self, file: File, ask: Callable[[], bytes]) -> None:
        """Asks for it where it is not here yet. Raises Mixed where it is not what was signed."""
        with suppress(OSError, BadList):
            self.read(file)
            return
        data = ask()
        check_file(file, data)
        # Whoever removed the list meanwhile removed the directory, too; the sync is refused when it comes to take it.
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._directory / f".{file.sha256}"
        draft.write_bytes(data)
        draft.replace(self._directory / file.sha256)

    def read(self, file: File) -> bytes:
        """Raises Mixed where the disk holds something else by now."""
        data = (self._directory / file.sha256).read_bytes()
        check_file(file, data)
        return data

    def forget(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
