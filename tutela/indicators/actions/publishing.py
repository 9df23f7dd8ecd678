"""The lists that leave the house: what counts now, as signed changes; a head that is signed anew before it is old."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from tutela.accounts.policy import HOUSE
from tutela.audit import actions as audit
from tutela.audit.cursor import settled_before
from tutela.exchange.lists import (
    HEAD_KIND,
    MOST_LINES,
    FileBody,
    HeadBody,
    ListedEntry,
    SnapshotBody,
    write_change,
    write_parts,
)
from tutela.indicators.models import Change, Indicator, ListChange, Listing, PublishedList, SnapshotPart
from tutela.indicators.naming import classifications_of, reference_of
from tutela.indicators.rules import Category
from tutela.keys.keeper import house_signer
from tutela.matching.lists import START, chained

HEAD_STANDS: Final = timedelta(hours=24)
"""A reader who sees no newer head for a day knows that somebody keeps it away."""
SIGNED_ANEW_AFTER: Final = timedelta(minutes=10)
CHANGES_BETWEEN_SNAPSHOTS: Final = 100
A_SNAPSHOT_STANDS: Final = timedelta(days=1)
"""After its first change: a value that was withdrawn is not given away for long."""


def publish(*, now: datetime | None = None) -> int:
    """Compares each list with what counts, writes what changed, signs; returns how many changes were written.

    A list that fails holds no other one up; its error is raised when the others are done.
    """
    now, written, failed = now or datetime.now(UTC), 0, None
    for category in Category:
        try:
            written += _publish(str(category), now)
        except Exception as error:
            failed = error
    if failed is not None:
        raise failed
    return written


def _publish(name: str, now: datetime) -> int:
    with transaction.atomic():
        PublishedList.objects.get_or_create(name=name, defaults={"chain": START})
        mine = PublishedList.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if mine is None:
            return 0  # another process is at it
        # The floor first: what commits while the list is compared is compared again the next time.
        floor = settled_before()
        is_due = mine.issued_at is None or now - mine.issued_at >= SIGNED_ANEW_AFTER
        written = 0
        # Before each new signature in any case, so that nothing that was missed is signed for longer than this.
        if is_due or Change.objects.filter(txid__gte=mine.settled).exists():
            written = _write_changes(mine)
            mine.settled = floor
        if not written and not is_due:
            mine.save(update_fields=["settled"])
            return 0
        _snapshot_if_due(mine, now)
        mine.head, mine.issued_at = _signed_head(mine, now), now
        mine.save()
        if written:
            details = {"sequence": mine.sequence, "chain": mine.chain, "entries": mine.entries}
            audit.record("list.published", by=HOUSE, subject=f"list:{name}", details=details)
    return written


def _write_changes(mine: PublishedList) -> int:
    """What counts and is not listed, what is listed and counts no more; in files of at most 50,000 lines.

    Somebody must stand by it: what leaves the house is compared by others, and a seed is only suspected.
    """
    counting = Indicator.objects.that_count().filter(is_positive=True)
    # As differences of whole sets: right after an import, of which the database has no statistics yet, it would join
    # them row by row, and the time would grow with the square of the list.
    listed, mine_listed = Listing.objects.values_list("indicator"), mine.listings.values_list("indicator")
    put = sorted(number for (number,) in counting.filter(category=mine.name).values_list("pk").difference(listed))
    drop = sorted(number for (number,) in mine_listed.difference(counting.values_list("pk")))
    lines = [*((False, number) for number in drop), *((True, number) for number in put)]
    written = 0
    for begin in range(0, len(lines), MOST_LINES):
        some = lines[begin : begin + MOST_LINES]
        dropped = [number for is_put, number in some if not is_put]
        entries = list(_entries([number for is_put, number in some if is_put]))
        body = write_change(entries, [reference_of(number) for number in dropped])
        file = FileBody.of(body)
        mine.sequence, mine.chain = mine.sequence + 1, chained(mine.chain, file.sha256)
        mine.entries += len(entries) - len(dropped)
        ListChange.objects.create(list=mine, sequence=mine.sequence, body=body, **file.model_dump())
        Listing.objects.filter(indicator__in=dropped).delete()
        Listing.objects.bulk_create(Listing(list=mine, indicator_id=number) for is_put, number in some if is_put)
        written += 1
    return written


def _entries(numbers: list[int]) -> Iterator[ListedEntry]:
    words = classifications_of(numbers)
    rows = Indicator.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "kind", "value", "tier")
    for number, kind, value, tier in rows:
        yield ListedEntry.of(reference_of(number), kind, bytes(value), tier=tier, classification=words[number])


def _snapshot_if_due(mine: PublishedList, now: datetime) -> None:
    newest = mine.parts.order_by("-sequence").values_list("sequence", flat=True).first()
    if newest is not None and mine.sequence - newest < CHANGES_BETWEEN_SNAPSHOTS:
        changed = mine.changes.filter(sequence=newest + 1, at__lte=now - A_SNAPSHOT_STANDS)
        if not changed.exists():
            return
    if newest == mine.sequence or (newest is None and mine.entries == 0):
        return
    numbers = mine.listings.order_by("indicator").values_list("indicator", flat=True)
    for number, body in enumerate(write_parts(_in_batches(list(numbers)))):
        SnapshotPart.objects.create(
            list=mine,
            sequence=mine.sequence,
            number=number,
            chain=mine.chain,
            entries=mine.entries,
            body=body,
            **FileBody.of(body).model_dump(),
        )
    # Whoever is in the middle of the one before may finish; older ones, and the changes before them, are let go:
    # they hold values that were withdrawn since.
    if newest is not None:
        mine.parts.filter(sequence__lt=newest).delete()
        mine.changes.filter(sequence__lte=newest).delete()


def _in_batches(numbers: list[int]) -> Iterator[ListedEntry]:
    for begin in range(0, len(numbers), MOST_LINES):
        yield from _entries(numbers[begin : begin + MOST_LINES])


def _signed_head(mine: PublishedList, now: datetime) -> bytes:
    newest = mine.parts.order_by("-sequence").values_list("sequence", flat=True).first()
    parts = list(mine.parts.filter(sequence=newest).order_by("number").defer("body")) if newest is not None else []
    snapshot = SnapshotBody(
        sequence=parts[0].sequence if parts else 0,
        chain=parts[0].chain if parts else START,
        entries=parts[0].entries if parts else 0,
        parts=_files(parts),
    )
    body = HeadBody(
        list=mine.name,
        sequence=mine.sequence,
        chain=mine.chain,
        entries=mine.entries,
        changes=_files(mine.changes.order_by("sequence").defer("body")),
        snapshot=snapshot,
        issued_at=now,
        expires_at=now + HEAD_STANDS,
    )
    return json.dumps(house_signer().statement(HEAD_KIND, body.model_dump(mode="json"))).encode()


def _files(rows: Iterable[ListChange | SnapshotPart]) -> list[FileBody]:
    return [FileBody(sha256=row.sha256, size_bytes=row.size_bytes) for row in rows]
