"""Match what came in against what is known. A match is a lead: nothing follows from it by itself."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tutela.accounts.policy import HOUSE
from tutela.audit import actions as audit
from tutela.audit.poison import AGAIN_AFTER, apart
from tutela.indicators import matching
from tutela.indicators.matching import Fingerprint, Hit
from tutela.reports.actions.writing import subject
from tutela.reports.models import Item, Match, News, Report, Unmatched
from tutela.reports.rules import FINISHED

# How an item's column is called among the kinds of indicators.
KINDS: Final = {"sha256": "sha256", "sha1": "sha1", "md5": "md5", "pdq": "pdq", "url_key": "url"}
KNOWN, NEAR_KNOWN = "known_item", "near_known_item"
log = logging.getLogger(__name__)


def match_waiting(*, limit: int = 200) -> int:
    """Match the reports that wait, oldest first; returns how many. Two workers never take the same one."""
    with transaction.atomic():
        set_aside = Exists(Unmatched.objects.filter(report=OuterRef("pk")))
        numbers = _taken(Report.objects.filter(~set_aside, matched_at=None), limit=limit)
        match_each(numbers)
    return len(numbers)


def match_unmatched(*, now: datetime | None = None, limit: int = 200) -> int:
    """Try again those that could not be matched, each after a while; returns how many still cannot."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        due = Unmatched.objects.filter(tried_at__lte=now - AGAIN_AFTER).values("report")
        match_each(_taken(Report.objects.filter(pk__in=due), limit=limit), now=now)
    return Unmatched.objects.count()


def match_each(numbers: Sequence[int], *, now: datetime | None = None) -> None:
    """Of reports that the caller has locked; one that cannot be matched is set aside."""

    def aside(number: int, error: str) -> None:
        kept = {"tried_at": now or datetime.now(UTC), "error": error}
        Unmatched.objects.update_or_create(report_id=number, defaults=kept)
        log.error("a report could not be matched: %s; %d are unmatched", error, Unmatched.objects.count())

    apart(numbers, _match, aside=aside)


def _taken(waiting: "QuerySet[Report]", *, limit: int) -> list[int]:
    found = waiting.filter(state=FINISHED).select_for_update(skip_locked=True, of=("self",))
    return list(found.order_by("number").values_list("number", flat=True)[:limit])


def _match(numbers: Sequence[int]) -> None:
    """What was found before stays as it was found; only what is new is written, and told to the rooms above."""
    reports = list(Report.objects.filter(pk__in=numbers).select_related("key").order_by("number"))
    items = list(Item.objects.filter(report__in=reports).order_by("report_id", "position"))
    found = list(zip(items, matching.match([_fingerprints(item) for item in items]), strict=True))
    held = set(Match.objects.filter(item__in=items).values_list("item_id", "indicator_id"))
    fresh = [_row(item, hit) for item, hits in found for hit in hits if (item.pk, hit.indicator_id) not in held]
    Match.objects.bulk_create(fresh, ignore_conflicts=True)
    standing: dict[int, list[Hit]] = defaultdict(list)
    for item, hits in found:
        standing[item.report_id] += hits
    new = {match.item.report_id for match in fresh}
    _write_down([each for each in reports if each.matched_at is None or each.pk in new], standing)
    Unmatched.objects.filter(report__in=numbers).delete()


def _fingerprints(item: Item) -> list[Fingerprint]:
    return [
        Fingerprint(kind=kind, value=bytes(value), quality=item.pdq_quality if kind == "pdq" else None)
        for column, kind in KINDS.items()
        if (value := getattr(item, column)) is not None
    ]


def _row(item: Item, hit: Hit) -> Match:
    return Match(
        item=item,
        indicator_id=hit.indicator_id,
        kind=hit.kind,
        distance_bits=hit.distance_bits,
        threshold_bits=hit.threshold_bits,
    )


def _write_down(reports: list[Report], standing: dict[int, list[Hit]]) -> None:
    """A report that was matched before is recognised: an indicator that was confirmed since knows an item of it."""
    now, news = datetime.now(UTC), []
    for report in reports:
        mine = standing[report.pk]
        exact = sum(hit.kind != "pdq" for hit in mine)
        said = [KNOWN] * bool(exact) + [NEAR_KNOWN] * bool(len(mine) - exact)
        report.signals = [*(signal for signal in report.signals if signal not in (KNOWN, NEAR_KNOWN)), *said]
        what = News.What.MATCHED if report.matched_at is None else News.What.RECOGNISED
        report.matched_at = report.matched_at or now
        details = {"exact": exact, "perceptual": len(mine) - exact}
        audit.record(f"report.{what}", by=HOUSE, subject=subject(report), details=details)
        news.append(News(report=report, what=what))
    Report.objects.bulk_update(reports, ["signals", "matched_at"])
    News.objects.bulk_create(news)
