"""What a service asks of each file that comes in: one object, opened once, kept as new as the lists are."""

import logging
import os
import time
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from tutela.matching.index import DEFAULT_RADIUS
from tutela.provider.detecting import basis_today, named_in_environment
from tutela.provider.hashing import hash_file, hash_stream
from tutela.provider.leads import Lead
from tutela.provider.matching import Here, match, of_lead

LOOKS_AGAIN_SECONDS = 60.0
log = logging.getLogger(__name__)


class Comparer:
    """Against the lists in `directory`, where TUTELA_LISTS says, or where they usually are. For many threads at once.

    What it gives are leads: nothing is blocked, reported or kept by it. A list that was synced or imported meanwhile
    counts within a minute; one that nobody confirms any more is named once to this module's logger. Raises BadCatalogue
    where there are no lists to compare with, BadList where one that is named is not there.

    `service`, or TUTELA_SERVICE, is whose users' files these are, interpersonal or hosting: on a day on which no law
    allows that service to compare, a lead says so in `refused`, and its file is not even hashed.
    """

    def __init__(
        self,
        directory: Path | None = None,
        *,
        radius: int = DEFAULT_RADIUS,
        lists: Collection[str] | None = None,
        service: str | None = None,
    ) -> None:
        named = os.environ.get("TUTELA_LISTS")
        self._directory = directory or (Path(named) if named else None)
        self._radius, self._lists = radius, lists
        self._service = service or named_in_environment()
        if self._service:
            basis_today(self._service)  # a word that is no service is refused here, not at the first upload
        self._lock = Lock()
        self._opened: Here | None = None
        self._looked_at = 0.0
        self._warned: frozenset[str] = frozenset()

    def file(self, path: Path) -> Lead:
        return self._refused(str(path)) or self._compared(hash_file(path))

    def stream(self, name: str, stream: BinaryIO) -> Lead:
        """`name` is how a person will find the file again; the bytes are read to their end and not kept."""
        return self._refused(name) or self._compared(hash_stream(name, stream))

    def _refused(self, name: str) -> Lead | None:
        if not self._service or (basis := basis_today(self._service)).allowed:
            return None
        with self._lock:
            self._warn([basis.sentence])
        return Lead(name=name, at=datetime.now(UTC), refused=basis.sentence)

    def _compared(self, lead: Lead) -> Lead:
        return next(match([of_lead(lead)], self._here()))

    def _here(self) -> Here:
        from tutela.provider.lists import Lists

        with self._lock:
            now = time.monotonic()
            if self._opened is None or now - self._looked_at > LOOKS_AGAIN_SECONDS:
                kept = Lists(self._directory)
                opened = Here(kept.catalogue(), self._radius, self._lists)
                kept.check_names(self._lists or ())
                self._warn(kept.unconfirmed(self._lists or ()))
                self._opened, self._looked_at = opened, now
            return self._opened

    def _warn(self, sentences: Iterable[str]) -> None:
        told = frozenset(sentences)
        for new in sorted(told - self._warned):
            log.warning("%s", new)
        self._warned = told
