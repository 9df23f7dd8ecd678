"""Match what came in against what is known. A match is a lead: nothing follows from it by itself."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import HOUSE
from tutela.audit import actions as audit
from tutela.indicators import matching
from tutela.indicators.matching import Fingerprint
from tutela.reports.actions.writing import subject
from tutela.reports.models import Item, Match, News, Report
from tutela.reports.rules import FINISHED

# How an item's column is called among the kinds of indicators.
_KINDS = {"sha256": "sha256", "sha1": "sha1", "md5": "md5", "pdq": "pdq", "url_key": "url"}
KNOWN, NEAR_KNOWN = "known_item", "near_known_item"


def match_waiting(*, limit: int = 200) -> int:
    """Match the reports that wait, oldest first; returns how many. Two workers never take the same one."""
    with transaction.atomic():
        waiting = Report.objects.select_for_update(skip_locked=True, of=("self",)).select_related("key")
        reports = list(waiting.filter(state=FINISHED, matched_at=None).order_by("number")[:limit])
        if not reports:
            return 0
        items = list(Item.objects.filter(report__in=reports).order_by("report_id", "position"))
        found = _match(items)
        Match.objects.bulk_create(found, ignore_conflicts=True)
        _write_down(reports, found, {item.pk: item.report_id for item in items})
    return len(reports)


def _match(items: list[Item]) -> list[Match]:
    hits = matching.match([_fingerprints(item) for item in items])
    return [
        Match(
            item=item,
            indicator_id=hit.indicator_id,
            kind=hit.kind,
            distance_bits=hit.distance_bits,
            threshold_bits=hit.threshold_bits,
        )
        for item, item_hits in zip(items, hits, strict=True)
        for hit in item_hits
    ]


def _fingerprints(item: Item) -> list[Fingerprint]:
    return [
        Fingerprint(kind=kind, value=bytes(value), quality=item.pdq_quality if kind == "pdq" else None)
        for column, kind in _KINDS.items()
        if (value := getattr(item, column)) is not None
    ]


def _write_down(reports: list[Report], found: list[Match], report_of: dict[int, int]) -> None:
    now = datetime.now(UTC)
    for report in reports:
        mine = [match for match in found if report_of[match.item_id] == report.number]
        exact = sum(match.kind != "pdq" for match in mine)
        said = [KNOWN] * bool(exact) + [NEAR_KNOWN] * bool(len(mine) - exact)
        report.signals = [*(signal for signal in report.signals if signal not in (KNOWN, NEAR_KNOWN)), *said]
        report.matched_at = now
        details = {"exact": exact, "perceptual": len(mine) - exact}
        audit.record("report.matched", by=HOUSE, subject=subject(report), details=details)
    Report.objects.bulk_update(reports, ["signals", "matched_at"])
    News.objects.bulk_create(News(report=report, what=News.What.MATCHED) for report in reports)
