"""Links between cases that stay apart: a file that many strangers hold must not put them under one decision."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from tutela.cases.known import standing_matches
from tutela.cases.models import Case, CaseLink, CaseReport
from tutela.reports.models import Item, Match, Report

SAME_ITEM, SAME_INDICATOR = "same_item", "same_indicator"
Shared = TypeVar("Shared", bound=Hashable)


@dataclass
class Table:
    """What the batch works on: its cases, which case holds which report and token, and what is still to be written."""

    cases: dict[int, Case]
    case_of: dict[int, int]
    holders: dict[bytes, set[int]]
    links: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    touched: set[int] = field(default_factory=set)
    joined: list[CaseReport] = field(default_factory=list)

    def link(self, one: int, other: int, why: Iterable[str]) -> None:
        if one != other:
            self.links[min(one, other), max(one, other)].update(why)


def carry_links(case: Case, into: Case, table: Table) -> None:
    """What pointed at a case that was merged points at the one it went into."""
    for link in case.linked():
        table.link(into.pk, link.case_b_id if link.case_a_id == case.pk else link.case_a_id, link.why)
    case.linked().delete()
    for pair in [pair for pair in table.links if case.pk in pair]:
        why = table.links.pop(pair)
        table.link(into.pk, pair[1] if pair[0] == case.pk else pair[0], why)


def link_by_item(reports: list[Report], table: Table) -> None:
    mine = Item.objects.filter(report__in=reports, sha256__isnull=False).values_list("report_id", "sha256")
    shared = [(number, bytes(value)) for number, value in mine]
    same = Item.objects.filter(sha256__in={value for _, value in shared}).annotate(case=_case_of("report"))
    _link_to_oldest(shared, ((bytes(value), case) for value, case in _held(same, "sha256")), SAME_ITEM, table)


def link_by_indicator(reports: list[Report], table: Table) -> None:
    """Exact matches only: a resemblance links nobody."""
    exact = standing_matches().exclude(kind="pdq")
    shared = list(exact.filter(item__report__in=reports).values_list("item__report_id", "indicator_id"))
    same = exact.filter(indicator__in={value for _, value in shared}).annotate(case=_case_of("item__report"))
    _link_to_oldest(shared, _held(same, "indicator_id"), SAME_INDICATOR, table)


def _case_of(report: str) -> Subquery:
    return Subquery(CaseReport.objects.filter(report=OuterRef(report)).values("case"))


def _held(rows: "QuerySet[Item] | QuerySet[Match]", value: str) -> "QuerySet[Item] | QuerySet[Match]":
    return rows.filter(case__isnull=False).values_list(value, "case").distinct()


def _link_to_oldest(
    shared: Iterable[tuple[int, Shared]], held: Iterable[tuple[Shared, int]], why: str, table: Table
) -> None:
    """A star around the oldest case: a web between all of them would grow with the square and tell nothing more."""
    oldest: dict[Shared, int] = {}
    for value, case in held:
        oldest[value] = min(case, oldest.get(value, case))
    for number, value in shared:
        table.link(table.case_of[number], oldest[value], [why])


def write_links(table: Table) -> None:
    pairs = table.links
    known = {
        (link.case_a_id, link.case_b_id): link
        for link in CaseLink.objects.filter(case_a__in={a for a, _ in pairs}, case_b__in={b for _, b in pairs})
    }
    for pair, why in pairs.items():
        if pair in known:
            known[pair].why = sorted({*known[pair].why, *why})
    CaseLink.objects.bulk_update([known[pair] for pair in pairs if pair in known], ["why"])
    CaseLink.objects.bulk_create(
        CaseLink(case_a_id=a, case_b_id=b, why=sorted(why)) for (a, b), why in pairs.items() if (a, b) not in known
    )
