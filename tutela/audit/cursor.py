"""Read an append-only table to the end and never skip a commit.

`max(id)` skips: a slow transaction may commit a smaller id after the reader has passed it. Here rows are ordered by the
transaction that wrote them, and only those older than every transaction still running are read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, models, transaction

from tutela.audit.models import Cursor

Row = TypeVar("Row", bound=models.Model)


def settled_before() -> int:
    """The oldest transaction still running; every smaller number is finished for good."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def after(rows: "models.QuerySet[Row]", *, txid: int, row: int, limit: int) -> list[Row]:
    return list(rows.filter(_beyond(txid, row), txid__lt=settled_before()).order_by("txid", "id")[:limit])


def unread(name: str, rows: "models.QuerySet[Row]") -> "models.QuerySet[Row]":
    """What the reader of this name has yet to come to, also what it may not read yet."""
    mine = Cursor.objects.filter(name=name).first() or Cursor(name=name)
    return rows.filter(_beyond(mine.txid, mine.row))


def _beyond(txid: int, row: int) -> models.Q:
    return models.Q(txid__gt=txid) | models.Q(txid=txid, id__gt=row)


@contextmanager
def follow(name: str, rows: "models.QuerySet[Row]", *, limit: int = 200) -> Iterator[list[Row]]:
    """The next rows for the reader of this name, in one transaction with what the reader does about them.

    Where another process is at the same work the list is empty. An exception leaves the cursor where it was.
    """
    with transaction.atomic():
        Cursor.objects.get_or_create(name=name)
        mine = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if mine is None:
            yield []
            return
        found = after(rows, txid=mine.txid, row=mine.row, limit=limit)
        yield found
        if found:
            mine.txid, mine.row = found[-1].txid, found[-1].pk  # type: ignore[attr-defined]
            mine.save(update_fields=["txid", "row"])
