"""Put each report into a case: the same account, person, device or address makes one case; a shared file only a link.

One reader at a time (the cursor's row is locked), a fixed number of questions a batch, however many reports it holds.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from tutela.accounts.policy import HOUSE, Actor
from tutela.audit import actions as audit
from tutela.audit.cursor import follow
from tutela.audit.models import Cursor
from tutela.audit.poison import AGAIN_AFTER, apart
from tutela.cases import rules
from tutela.cases.actions.linking import Table, carry_links, link_by_indicator, link_by_item, write_links
from tutela.cases.actions.scoring import score
from tutela.cases.models import Case, CaseReport, Unplaced
from tutela.reports.actions.writing import subject
from tutela.reports.models import Identifier, News, Report

FOLLOWED = (News.What.MATCHED, News.What.COMPLETED)
CURSOR: Final = "cases.link"
log = logging.getLogger(__name__)


def link_waiting(*, limit: int = 200) -> int:
    """Gather the reports of which there is news; returns how many news there were."""
    with follow(CURSOR, News.objects.filter(what__in=FOLLOWED), limit=limit) as news:
        numbers = list(dict.fromkeys(each.report_id for each in news))
        if numbers:
            _gather_each(numbers, datetime.now(UTC))
        return len(news)


def place_unplaced(*, now: datetime | None = None, limit: int = 200, by: Actor = HOUSE) -> int:
    """Try again those that could not be gathered, each after a while; returns how many are still unplaced."""
    now = now or datetime.now(UTC)
    with transaction.atomic():
        # The same lock that the reader of the news holds: one at a time.
        if Cursor.objects.select_for_update(skip_locked=True).filter(name=CURSOR).first():
            due = Unplaced.objects.filter(tried_at__lte=now - AGAIN_AFTER).order_by("tried_at")
            numbers = list(due.values_list("report_id", flat=True)[:limit])
            if numbers:
                audit.record("case.gathering_tried_again", by=by, details={"reports": len(numbers)})
                _gather_each(numbers, now)
    return Unplaced.objects.count()


def _gather_each(numbers: Sequence[int], now: datetime) -> None:
    def aside(number: int, error: str) -> None:
        Unplaced.objects.update_or_create(report_id=number, defaults={"tried_at": now, "error": error})
        log.error("a report could not be gathered: %s; %d are unplaced", error, Unplaced.objects.count())

    def gather(some: Sequence[int]) -> None:
        _gather(list(_in_order(Report.objects.select_related("key"), some)))
        Unplaced.objects.filter(report__in=some).delete()

    apart(numbers, gather, aside=aside)


def _in_order(reports: "QuerySet[Report]", numbers: Sequence[int]) -> Iterable[Report]:
    """In the order of the news; what was withdrawn or erased meanwhile belongs to no case."""
    found = reports.filter(state=Report.State.FINISHED, erased_at=None).in_bulk(numbers)
    return (found[number] for number in numbers if number in found)


def _gather(reports: list[Report]) -> None:
    strong = _strong(reports)
    table = _lay_out(reports, {token for mine in strong.values() for token in mine})
    for report in reports:
        _place(report, strong[report.pk], table)
    CaseReport.objects.bulk_create(table.joined)
    link_by_item(reports, table)
    link_by_indicator(reports, table)
    score([table.cases[number] for number in table.touched])
    write_links(table)


def _strong(reports: list[Report]) -> dict[int, dict[bytes, str]]:
    """Of each report its strong tokens with their kinds; the values were never written down."""
    found: dict[int, dict[bytes, str]] = defaultdict(dict)
    rows = Identifier.objects.filter(report__in=reports, strong=True).values_list("report_id", "token", "kind")
    for number, token, kind in rows:
        found[number][bytes(token)] = kind
    return found


def _lay_out(reports: list[Report], tokens: set[bytes]) -> Table:
    case_of = dict(CaseReport.objects.filter(report__in=reports).values_list("report_id", "case_id"))
    holders: dict[bytes, set[int]] = defaultdict(set)
    held = _with_case(Identifier.objects.filter(strong=True, token__in=tokens)).values_list("token", "case")
    for token, case in held.distinct():
        holders[bytes(token)].add(case)
    numbers = {*case_of.values(), *(case for cases in holders.values() for case in cases)}
    # Locked, so that nobody reads a case while it changes; in one order, so that two never wait for each other.
    cases = Case.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
    return Table({case.pk: case for case in cases}, case_of, holders)


def _with_case(rows: "QuerySet[Identifier]") -> "QuerySet[Identifier]":
    case = CaseReport.objects.filter(report=OuterRef("report")).values("case")
    return rows.annotate(case=Subquery(case)).filter(case__isnull=False)


def _place(report: Report, tokens: dict[bytes, str], table: Table) -> None:
    near: dict[int, set[str]] = defaultdict(set)
    for token, kind in tokens.items():
        for number in table.holders[token]:
            near[number].add(kind)
    own = table.case_of.get(report.pk)
    gathering = sorted(n for n in {*near, *([own] if own else [])} if table.cases[n].state in rules.GATHERING)
    if own and own not in gathering:
        home = table.cases[own]
    elif gathering:
        home = table.cases[gathering[0]]
        for other in gathering[1:]:
            _merge(table.cases[other], home, near, table)
        if own:
            # News of a report that is in its case already: it was completed, and says something else now.
            gather_again(home, because="a report was completed")
    else:
        home = _open(report, table)
    if table.case_of.get(report.pk) is None:
        _join(report, home, sorted(near.get(home.pk, ())), table)
    for number, why in near.items():
        table.link(home.pk, number, why)
    for token in tokens:
        table.holders[token].add(home.pk)
    if home.state in rules.GATHERING:
        table.touched.add(home.pk)


def _open(report: Report, table: Table) -> Case:
    case = Case.objects.create(first_received_at=report.received_at)
    table.cases[case.pk] = case
    return case


def _join(report: Report, case: Case, why: list[str], table: Table) -> None:
    table.joined.append(CaseReport(case=case, report=report, why=why))
    table.case_of[report.pk] = case.pk
    gather_again(case, because="a report joined")
    # Without the case's number: after erasure it would tell whose rows these were.
    audit.record("case.report_joined", by=HOUSE, subject=subject(report), details={"why": why})


def gather_again(case: Case, *, because: str, by: Actor = HOUSE) -> None:
    """A reading covers what was there to be read: a case that grows is read anew."""
    was, case.state = case.state, rules.check_move(case.state, "gather")
    if was == rules.ASSESSED:
        case.forget_readings()
        audit.record("case.reopened", by=by, subject=case.subject, details={"because": because})


def _merge(case: Case, into: Case, near: dict[int, set[str]], table: Table) -> None:
    """The younger case's reports come under the older one's decision; the younger keeps its number and its story."""
    case.state = rules.check_move(case.state, "merge")
    case.forget_readings()
    case.merged_into, case.updated_at = into, datetime.now(UTC)
    case.save()
    gather_again(into, because="a report joined")
    moved = _move_reports(case, into, table)
    why = near.pop(case.pk, set())
    near[into.pk] |= why
    for holders in table.holders.values():
        if case.pk in holders:
            holders.remove(case.pk)
            holders.add(into.pk)
    carry_links(case, into, table)
    table.touched.discard(case.pk)
    details = {"into": into.pk, "reports": moved, "why": sorted(why)}
    audit.record("case.merged", by=HOUSE, subject=case.subject, details=details)


def _move_reports(case: Case, into: Case, table: Table) -> int:
    moved = CaseReport.objects.filter(case=case).update(case=into)
    joined = [member for member in table.joined if member.case_id == case.pk]
    for member in joined:
        member.case = into
    held = [number for number, holder in table.case_of.items() if holder == case.pk]
    table.case_of |= dict.fromkeys(held, into.pk)
    return moved + len(joined)
