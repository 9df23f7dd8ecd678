"""One list catches up with its server: what is signed is believed and nothing else, whole or not at all."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tutela.exchange.lists import HEAD_KIND, ListedEntry, read_change, read_head, read_part
from tutela.matching.lists import BadList, Head, Known, Mixed, Way, check_head, way
from tutela.provider.fetched import Fetched
from tutela.provider.kept_lists import KeptList, KeptLists, Row
from tutela.provider.list_server import ListServer
from tutela.seals.signatures import BadSignature, PublicKey, verify_statement


class Synced(NamedTuple):
    """What a sync did for one list: from which sequence (None: it was new) to which."""

    name: str
    before: int | None
    now: int
    entries: int
    expires_at: datetime


class Untrusted(BadList):
    """Signed by nobody whose signature counts here."""


def catch_up(
    lists: KeptLists,
    source: ListServer,
    *,
    server: str,
    name: str,
    keys: list[PublicKey],
    now: datetime,
    directory: Path,
) -> Synced:
    """`directory` is this list's own, for what was fetched. Raises BadList, TutelaError, OSError."""
    head = _head(source, name, keys)
    held = lists.of(name)
    if held is not None and held.server != server:
        raise BadList(f"A list named {name} is here already, from {held.server or 'files'}; remove it first.")
    known = held.known if held else None
    check_head(head, name=name, known=known, now=now)
    going = way(head, known)
    fetched = Fetched(directory, {*going.parts, *going.changes})
    for number, file in enumerate(going.parts):
        fetched.take(file, partial(source.part, name, going.begin, number, most_bytes=file.size_bytes))
    for sequence, file in enumerate(going.changes, going.begin + 1):
        fetched.take(file, partial(source.change, name, sequence, most_bytes=file.size_bytes))
    count = _take(lists, head, server=server, held=held, going=going, fetched=fetched)
    fetched.forget()
    return Synced(name, known.sequence if known else None, head.sequence, count, head.expires_at)


def _head(source: ListServer, name: str, keys: list[PublicKey]) -> Head:
    try:
        return read_head(verify_statement(source.head(name), HEAD_KIND, keys))
    except BadSignature as error:
        raise Untrusted(
            f"The signature under {name} does not count: {error}. Nothing was taken. If the server's key changed, get "
            "the new one from the publisher by another way and give it with --key."
        ) from error


def _take(lists: KeptLists, head: Head, *, server: str, held: KeptList | None, going: Way, fetched: Fetched) -> int:
    name = head.list
    anew = held is None or going.begin != held.sequence
    with lists.changing(entries=anew or bool(going.changes)):
        if lists.of(name) != held:
            fetched.forget()
            raise BadList(f"{name} was removed or imported here during this sync; nothing was taken. Sync again.")
        known = Known(head.sequence, head.chain, head.issued_at)
        lists.note(name, server=server, known=known, expires_at=head.expires_at)
        if anew:
            lists.clear(name)
        for file in going.parts:
            lists.put(name, (_row(entry, value) for entry, value in read_part(fetched.read(file))))
        for file in going.changes:
            _apply(lists, name, fetched.read(file))
        count = lists.count(name)
        if count != head.entries:
            raise Mixed(f"{name} would hold {count} entries where {head.entries} were signed; nothing was taken.")
    return count


def _apply(lists: KeptLists, name: str, change: bytes) -> None:
    for reference, listed in read_change(change):
        lists.drop(name, reference)
        if listed is not None:
            lists.put(name, [_row(*listed)])


def _row(entry: ListedEntry, value: bytes) -> Row:
    return Row(entry.reference, entry.kind, value, entry.tier, entry.classification, entry.expires_on)
