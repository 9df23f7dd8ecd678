"""A provider's lists: kept in one directory, synced from servers or imported from files, asked as one catalogue."""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry
from tutela.matching.lists import BadList
from tutela.provider.catching_up import Synced, Untrusted, catch_up
from tutela.provider.errors import NotUnderstood, Refused
from tutela.provider.kept_lists import KeptList, KeptLists, Row
from tutela.provider.list_server import ListServer
from tutela.seals.signatures import PublicKey

__all__ = ["Lists", "NoSuchList", "Synced", "Untrusted"]

_HERE = Path("~/.local/share/tutela/lists")


class NoSuchList(BadList):
    """Somebody named a list that is not kept here."""


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
            return _keys(lists, server)

    def distrust(self, key_id: str) -> None:
        """The key counts no longer. What was taken under it stays; remove the list where that is doubted, too."""
        with self._opened() as lists, lists.changing(entries=False):
            keys = {key.key_id: key for server in lists.servers() for key in _keys(lists, server)}
            if key_id not in keys:
                raise BadList(f"No key {key_id} is trusted here; these are: {_all(keys)}.")
            lists.distrust(keys[key_id].text())

    def trusted_everywhere(self) -> dict[str, list[PublicKey]]:
        """By server."""
        with self._opened() as lists:
            return {server: _keys(lists, server) for server in lists.servers()}

    def sync(
        self, source: ListServer, *, server: str, names: Collection[str] = (), now: datetime | None = None
    ) -> Iterator[Synced]:
        """Catches up list by list (all that are offered, or those named). Raises BadList, TutelaError.

        A list that is refused holds no other one up: what was wrong is raised when the others are done.
        """
        keys = self.trusted(server)
        if not keys:
            raise BadList("Whose signature counts for this server is not known yet: give its public keys once.")
        offered = {each.name for each in source.offered().lists}
        if strange := sorted(set(names) - offered):
            raise BadList(f"The server offers no list named {', '.join(strange)}; it offers {_all(offered)}.")
        wrong: list[Exception] = [] if names else self._no_longer(offered, server)
        for name in sorted(names or offered):
            try:
                with self._opened() as lists, self._alone("sync"):
                    done = catch_up(
                        lists,
                        source,
                        server=server,
                        name=name,
                        keys=keys,
                        now=now or datetime.now(UTC),
                        directory=self._fetched(name),
                    )
            except (BadList, NotUnderstood, Refused) as error:
                wrong.append(error)
                continue
            # Never under the lock: whoever is told may ask for the catalogue before the next one.
            yield done
        if len(wrong) == 1:
            raise wrong[0]
        if wrong:
            raise BadList("\n".join(map(str, wrong)))

    def _no_longer(self, offered: Collection[str], server: str) -> list[Exception]:
        """What a server offers is signed by nobody: a list that is left out there would seem to be confirmed."""
        held = {kept.name for kept in self.kept() if kept.server == server}
        if not held and not offered:
            return [BadList("The server offers no list.")]
        return [
            BadList(
                f"The server no longer offers {name}. What you hold of it stays, and nobody confirms it any more: ask "
                "the publisher, and remove it if it was given up."
            )
            for name in sorted(held - set(offered))
        ]

    def import_(self, name: str, entries: Sequence[Entry]) -> None:
        """Puts these in the place of what stood under this name. Raises BadList for the name of a synced list."""
        with self._opened() as lists, lists.changing():
            held = lists.of(name)
            if held is not None and held.server is not None:
                raise BadList(f"{name} is synced from {held.server}; import under another name, or remove it first.")
            lists.note(name, server=None, known=None, expires_at=None)
            lists.clear(name)
            lists.put(name, map(_imported, entries))

    def remove(self, name: str) -> None:
        with self._opened() as lists, lists.changing():
            held = lists.of(name)
            if held is None:
                raise BadList(f"There is no list named {name} here; there are {_all(n.name for n in lists.lists())}.")
            lists.remove(name)
        # Only of a synced one is the name known to be no way out of this directory.
        if held.server is not None:
            shutil.rmtree(self._fetched(name), ignore_errors=True)

    def catalogue(self, today: date | None = None) -> Catalogue:
        """Of everything that has not expired; made anew when a list changed. Raises BadCatalogue."""
        today = today or datetime.now(UTC).date()
        # Compared with no list at all, nothing would ever match, and that would read as an answer.
        none = BadCatalogue(f"There is no list in {self.directory}; sync or import one first.")
        if not (self.directory / "lists.sqlite3").exists():
            raise none
        with self._opened() as lists:
            if lists.is_empty():
                raise none
            if not self._is_new(lists.generation(), today):
                self._make(lists, today)
            try:
                return Catalogue.open(self.directory / "catalogue")
            except BadCatalogue:
                # It is made of what is kept here: damaged or gone, it is made anew.
                (self.directory / "catalogue.made").unlink(missing_ok=True)
                self._make(lists, today)
            return Catalogue.open(self.directory / "catalogue")

    def check_names(self, names: Collection[str]) -> None:
        """Raises NoSuchList: compared with a list that is not here, nothing would ever match."""
        here = self.names()
        if unknown := sorted(set(names) - set(here)):
            raise NoSuchList(f"No list here is named {', '.join(unknown)}; these are: {_all(here)}.")

    def unconfirmed(self, names: Collection[str] = (), *, now: datetime | None = None) -> Iterator[str]:
        """A sentence for each list (of all, or those named) of which nobody confirms any more that it is the newest."""
        for each in self.kept():
            if (not names or each.name in names) and each.is_stale(now or datetime.now(UTC)):
                yield (
                    f"The list {each.name} was last confirmed until {each.expires_at:%Y-%m-%d %H:%M} UTC: what was "
                    "withdrawn since then still matches here. Sync."
                )

    def _fetched(self, name: str) -> Path:
        return self.directory / "fetched" / name

    def _is_new(self, generation: int, today: date) -> bool:
        try:
            made = json.loads((self.directory / "catalogue.made").read_bytes())
            return bool(made["generation"] == generation and (made["until"] or "9999-12-31") > today.isoformat())
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _make(self, lists: KeptLists, today: date) -> None:
        with self._alone("catalogue"):
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
        """What the disk or SQLite refuses is said in a sentence, whatever was being done."""
        try:
            lists = KeptLists(self.directory / "lists.sqlite3")
            try:
                yield lists
            finally:
                lists.close()
        except sqlite3.Error as error:
            raise BadList(f"The lists in {self.directory} cannot be opened or changed: {error}.") from error
        except OSError as error:
            raise BadList(
                f"The lists in {self.directory} cannot be opened or changed: {error.strerror or error}."
            ) from error

    @contextmanager
    def _alone(self, at: str) -> Iterator[None]:
        """One process at a time syncs, and one makes the catalogue; neither waits for the other, and no reader does."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.directory / f".{at}.lock").open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def _keys(lists: KeptLists, server: str) -> list[PublicKey]:
    return [PublicKey.from_text(each) for each in lists.trusted(server)]


def _imported(entry: Entry) -> Row:
    return Row(entry.reference, entry.kind, entry.value, entry.label.tier, entry.label.classification)


def _all(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
