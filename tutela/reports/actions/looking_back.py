"""Was this ever reported? What came in before is compared with the indicators that began to count since.

The looking reads every item's PDQ once, through an index of the new indicators, and holds no transaction open
meanwhile: one that is open for seconds would hold back every reader of the record. What it finds is only proposed; each
report is then matched again as a whole, by the one rule there is.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from numpy.typing import NDArray

from tutela.accounts.policy import HOUSE, Actor
from tutela.audit import actions as audit
from tutela.audit.cursor import follow
from tutela.audit.poison import AGAIN_AFTER
from tutela.indicators.matching import any_bytes, any_number
from tutela.indicators.memory import rows_of
from tutela.indicators.models import Change, Indicator
from tutela.indicators.rules import RADIUS_BITS, Kind, State
from tutela.matching import Index
from tutela.matching.segment import HASH_BYTES
from tutela.reports.actions.matching import KINDS, match_each
from tutela.reports.models import Item, Report, Sought
from tutela.reports.rules import FINISHED

# What was doubted while an item came in was not matched then: it is looked for when the doubt is taken back.
FOLLOWED: Final = (Change.What.ACTIVE, Change.What.CLEARED)
AT_ONCE: Final = 20_000
REPORTS_AT_ONCE: Final = 200
PICTURES_AT_ONCE: Final = 20_000
log = logging.getLogger(__name__)


def look_back(*, limit: int = AT_ONCE, now: datetime | None = None, by: Actor = HOUSE) -> int:
    """Look for the indicators that began to count since the last look; returns for how many."""
    now = now or datetime.now(UTC)
    while _heard(limit):
        pass
    numbers = _take(limit, now)
    if numbers:
        _look_apart(numbers, now, by)
    return len(numbers)


def _heard(limit: int) -> int:
    with follow("reports.sought", Change.objects.filter(what__in=FOLLOWED), limit=limit) as changes:
        wanted = {each.indicator_id for each in changes}
        # One that is being looked for at this moment may have counted only after the look began: it is looked for anew.
        Sought.objects.bulk_create(
            [Sought(indicator_id=number) for number in sorted(wanted)],
            update_conflicts=True,
            unique_fields=["indicator"],
            update_fields=["tried_at", "error"],
        )
        return len(changes)


def _take(limit: int, now: datetime) -> list[int]:
    """Nobody else takes these for a while; what is taken and not found by then is taken again."""
    with transaction.atomic():
        free = Sought.objects.filter(Q(tried_at=None) | Q(tried_at__lte=now - AGAIN_AFTER))
        numbers = list(
            free.select_for_update(skip_locked=True).order_by("pk").values_list("indicator_id", flat=True)[:limit]
        )
        Sought.objects.filter(indicator=any_number(numbers)).update(tried_at=now)
        return numbers


def _look_apart(numbers: Sequence[int], now: datetime, by: Actor) -> None:
    """Halved where it fails, so that one poison indicator among thousands costs a few looks and not thousands."""
    try:
        _look(numbers, now, by)
    except Exception as error:
        if len(numbers) > 1:
            half = len(numbers) // 2
            for part in (numbers[:half], numbers[half:]):
                _look_apart(part, now, by)
            return
        Sought.objects.filter(indicator__in=numbers).update(error=type(error).__name__)
        waiting = Sought.objects.exclude(error="").count()
        log.error("an indicator could not be looked for: %s; %d wait", type(error).__name__, waiting)


def _look(numbers: Sequence[int], now: datetime, by: Actor) -> None:
    wanted: dict[str, list[tuple[int, bytes]]] = {kind: [] for kind in Kind}
    rows = Indicator.objects.filter(pk=any_number(numbers), state=State.ACTIVE).values_list("kind", "pk", "value")
    for kind, number, value in rows:
        wanted[kind].append((number, bytes(value)))
    reports = sorted({*_with_equal(wanted), *_with_near(wanted[Kind.PDQ])})
    for begin in range(0, len(reports), REPORTS_AT_ONCE):
        _match_again(reports[begin : begin + REPORTS_AT_ONCE], now)
    with transaction.atomic():
        Sought.objects.filter(indicator=any_number(numbers), tried_at=now).delete()
        audit.record("reports.looked_back", by=by, details={"indicators": len(numbers), "reports": len(reports)})


def _match_again(numbers: Sequence[int], now: datetime) -> None:
    """Whoever matches one of them at this moment is waited for; what was never matched is matched in its own turn."""
    with transaction.atomic():
        again = Report.objects.select_for_update(of=("self",)).filter(pk__in=numbers, state=FINISHED)
        # Not asked in the question: whoever is matched for the first time at this moment would not be waited for.
        held = list(again.order_by("number").values_list("number", "matched_at"))
        match_each([number for number, matched_at in held if matched_at is not None], now=now)


def _with_equal(wanted: dict[str, list[tuple[int, bytes]]]) -> Iterator[int]:
    for column, kind in KINDS.items():
        if kind != Kind.PDQ and wanted[kind]:
            same = Item.objects.filter(**{column: any_bytes(value for _, value in wanted[kind])})
            yield from same.values_list("report_id", flat=True)


def _with_near(wanted: list[tuple[int, bytes]]) -> set[int]:
    if not wanted:
        return set()
    index = Index.build(rows_of([value for _, value in wanted]), np.array([number for number, _ in wanted]))
    found: set[int] = set()
    for items, hashes in pictures():
        met = np.unique(index.query_batch(hashes, RADIUS_BITS).query)
        if len(met):
            some = Item.objects.filter(pk=any_number(items[met].tolist()))
            found.update(some.values_list("report_id", flat=True))
    return found


# What cannot be a PDQ is left out of the answer and not of the question, which PostgreSQL else reads from end to end.
_PICTURES = """
SELECT max(id), string_agg(int8send(id), ''::bytea ORDER BY id) FILTER (WHERE octet_length(pdq) = %(size)s),
  string_agg(pdq, ''::bytea ORDER BY id) FILTER (WHERE octet_length(pdq) = %(size)s)
FROM (SELECT id, pdq FROM reports_item WHERE id > %(last)s AND pdq IS NOT NULL ORDER BY id LIMIT %(limit)s) AS piece
"""


def pictures() -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    """Every item's number and PDQ, so many at a time, each time as two columns and not as rows of objects."""
    last: int | None = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PICTURES, {"size": HASH_BYTES, "last": last, "limit": PICTURES_AT_ONCE})
            last, numbers, hashes = cursor.fetchone()
        if last is None:
            return
        yield (
            np.frombuffer(bytes(numbers or b""), dtype=">i8").astype(np.int64),
            np.frombuffer(bytearray(hashes or b""), dtype=np.uint8).reshape(-1, HASH_BYTES),
        )
