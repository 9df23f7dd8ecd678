"""A provider's lists: kept in one directory, synced from servers or imported from files, asked as one catalogue."""

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from tutela.exchange.lists import HEAD_KIND, ListedEntry, read_change, read_head, read_part
from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry
from tutela.matching.lists import BadList, Head, Known, Mixed, check_changes, check_head, check_part, needs_snapshot
from tutela.provider.kept_lists import KeptList, KeptLists, Row
from tutela.provider.list_server import ListServer
from tutela.seals.signatures import BadSignature, PublicKey, verify_statement

_HERE = Path("~/.local/share/tutela/lists")


class Synced(NamedTuple):
    """What a sync did for one list: from which sequence (None: it was new) to which."""

    name: str
    before: int | None
    now: int
    entries: int
    expires_at: datetime


class Lists:
    """Nothing is taken that does not verify; what was held stays until the new state is whole."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = (directory or _HERE).expanduser()

    def names(self) -> tuple[str, ...]:
        return tuple(kept.name for kept in self.kept())

    def kept(self) -> list[KeptList]:
        with self._opened() as lists:
            return lists.lists()

    def trust(self, server: str, keys: Iterable[PublicKey]) -> None:
        """Whose signatures count for this server's lists from now on, beside those that did."""
        with self._opened() as lists, lists.changing(entries=False):
            lists.trust(server, [key.text() for key in keys])

    def trusted(self, server: str) -> list[PublicKey]:
        with self._opened() as lists:
            return [PublicKey.from_text(each) for each in lists.trusted(server)]

    def sync(
        self, source: ListServer, *, server: str, names: Collection[str] = (), now: datetime | None = None
    ) -> Iterator[Synced]:
        """Catches up list by list (all that are offered, or those named). Raises BadList, BadSignature, TutelaError."""
        keys = self.trusted(server)
        if not keys:
            raise BadList("Whose signature counts for this server is not known yet: give its public keys once.")
        offered = {each.name for each in source.offered().lists}
        if strange := sorted(set(names) - offered):
            raise BadList(f"The server offers no list named {', '.join(strange)}; it offers {_all(offered)}.")
        for name in sorted(names or offered):
            with self._writing():
                done = self._sync(source, server, name, keys, now or datetime.now(UTC))
            # Never under the lock: whoever is told may ask for the catalogue before the next one.
            yield done

    def import_(self, name: str, entries: Sequence[Entry]) -> None:
        """Puts these in the place of what stood under this name. Raises BadList for the name of a synced list."""
        with self._writing(), self._opened() as lists:
            held = lists.of(name)
            if held is not None and held.server is not None:
                raise BadList(f"{name} is synced from {held.server}; import under another name, or remove it first.")
            with lists.changing():
                lists.note(name, server=None, known=None, expires_at=None)
                lists.clear(name)
                lists.put(name, map(_imported, entries))

    def remove(self, name: str) -> None:
        with self._writing(), self._opened() as lists, lists.changing():
            if lists.of(name) is None:
                raise BadList(f"There is no list named {name} here; there are {_all(n.name for n in lists.lists())}.")
            lists.remove(name)

    def catalogue(self, today: date | None = None) -> Catalogue:
        """Of everything that has not expired; made anew when a list changed. Raises BadCatalogue."""
        today = today or datetime.now(UTC).date()
        # Compared with no list at all, nothing would ever match, and that would read as an answer.
        if not (self.directory / "lists.sqlite3").exists() or not self.names():
            raise BadCatalogue(f"There is no list in {self.directory}; sync or import one first.")
        with self._opened() as lists:
            if not self._is_new(lists.generation(), today):
                with self._writing():
                    self._make(lists, today)
            try:
                return Catalogue.open(self.directory / "catalogue")
            except BadCatalogue:
                # It is made of what is kept here: damaged or gone, it is made anew.
                with self._writing():
                    (self.directory / "catalogue.made").unlink(missing_ok=True)
                    self._make(lists, today)
        return Catalogue.open(self.directory / "catalogue")

    def unconfirmed(self, now: datetime | None = None) -> Iterator[str]:
        """A sentence for each list of which nobody confirms any more that it is the newest."""
        for each in self.kept():
            if each.is_stale(now or datetime.now(UTC)):
                yield (
                    f"The list {each.name} was last confirmed until {each.expires_at:%Y-%m-%d %H:%M} UTC: what was "
                    "withdrawn since then still matches here. Sync."
                )

    def _sync(self, source: ListServer, server: str, name: str, keys: list[PublicKey], now: datetime) -> Synced:
        head = read_head(verify_statement(source.head(name), HEAD_KIND, keys))
        with self._opened() as lists:
            held = lists.of(name)
            if held is not None and held.server != server:
                raise BadList(f"A list named {name} is here already, from {held.server or 'files'}; remove it first.")
            known = held.known if held else None
            check_head(head, name=name, known=known, now=now)
            parts: list[bytes] = []
            begin, chain = (known.sequence, known.chain) if known else (0, "")
            if needs_snapshot(head, known):
                begin, chain = head.snapshot.sequence, head.snapshot.chain
                parts = [source.part(name, begin, number) for number in range(len(head.snapshot.parts))]
                for part, data in zip(head.snapshot.parts, parts, strict=True):
                    check_part(part, data)
            changes = [source.change(name, sequence) for sequence in range(begin + 1, head.sequence + 1)]
            check_changes(head, chain, changes)
            anew = bool(parts) or known is None or begin != known.sequence
            with lists.changing(entries=anew or bool(changes)):
                lists.note(name, server=server, known=_known(head), expires_at=head.expires_at)
                if anew:
                    lists.clear(name)
                for data in parts:
                    lists.put(name, [_row(entry, value) for entry, value in read_part(data)])
                for data in changes:
                    _apply(lists, name, data)
                count = lists.count(name)
                if count != head.entries:
                    raise Mixed(
                        f"{name} would hold {count} entries where {head.entries} were signed; nothing was taken."
                    )
        return Synced(name, known.sequence if known else None, head.sequence, count, head.expires_at)

    def _is_new(self, generation: int, today: date) -> bool:
        try:
            made = json.loads((self.directory / "catalogue.made").read_bytes())
            return bool(made["generation"] == generation and (made["until"] or "9999-12-31") > today.isoformat())
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _make(self, lists: KeptLists, today: date) -> None:
        with lists.reading():
            generation, until = lists.generation(), lists.next_expiry(today)
            if self._is_new(generation, today):
                return  # somebody else made it while this process waited
            made = Catalogue.build(lists.entries(today))
        made.save(self.directory / "catalogue")
        said = {"generation": generation, "until": until.isoformat() if until else None}
        draft = self.directory / f".made.{os.getpid()}"
        draft.write_text(json.dumps(said), encoding="ascii")
        draft.replace(self.directory / "catalogue.made")

    @contextmanager
    def _opened(self) -> Iterator[KeptLists]:
        lists = KeptLists(self.directory / "lists.sqlite3")
        try:
            yield lists
        finally:
            lists.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One process at a time syncs, imports or makes the catalogue; readers are not held up."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            stream = (self.directory / ".lock").open("ab")
        except OSError as error:
            raise BadList(f"The lists in {self.directory} cannot be changed: {error.strerror}.") from None
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def _known(head: Head) -> Known:
    return Known(head.sequence, head.chain, head.issued_at)


def _row(entry: ListedEntry, value: bytes) -> Row:
    return Row(entry.reference, entry.kind, value, entry.tier, entry.classification, entry.expires_on)


def _imported(entry: Entry) -> Row:
    return Row(entry.reference, entry.kind, entry.value, entry.label.tier, entry.label.classification)


def _apply(lists: KeptLists, name: str, change: bytes) -> None:
    for reference, listed in read_change(change):
        lists.drop(name, reference)
        if listed is not None:
            lists.put(name, [_row(*listed)])


def _all(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


__all__ = ["BadSignature", "Lists", "Synced"]
