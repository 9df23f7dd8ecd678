"""Leads as they are shown: JSON Lines for a program, a table for a person, and one sentence at the end."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tutela.provider.hashing import was_read
from tutela.provider.leads import NOTE, Lead, LeadMatch
from tutela.provider.telling import FAILED, FOUND, FOUND_AND_FAILED, write


@dataclass
class Counts:
    looked_at: int = 0
    matching: int = 0
    unread: int = 0

    def add(self, lead: Lead) -> None:
        self.looked_at += 1
        self.matching += bool(lead.matches)
        self.unread += not was_read(lead)

    def exit_code(self) -> int:
        if self.matching:
            return FOUND_AND_FAILED if self.unread else FOUND
        return FAILED if self.unread else 0

    def sentence(self) -> str:
        unread = f"; {self.unread:,} could not be read" if self.unread else ""
        if not self.matching:
            return f"None of {self.looked_at:,} matches{unread}. What is new is on no list."
        return f"{self.matching:,} of {self.looked_at:,} match{unread}. {NOTE}"


def show(leads: Iterable[Lead], *, only_matches: bool, as_table: bool) -> Counts:
    """What could not be read is always shown: nobody knows that it matches nothing."""
    counts = Counts()
    if not as_table:
        _each(leads, counts, only_matches, lambda lead: write(lead.line()))
        return counts
    table = Table(box=None, pad_edge=False)
    for column in ("file", "how near", "list", "entry", "classification"):
        table.add_column(column, overflow="fold")
    _each(leads, counts, True, lambda lead: _add_rows(table, lead))
    if table.row_count:
        Console(markup=False, highlight=False, emoji=False, file=sys.stdout).print(table)
    return counts


def _each(leads: Iterable[Lead], counts: Counts, only_matches: bool, tell: Callable[[Lead], None]) -> None:
    for lead in leads:
        counts.add(lead)
        if lead.matches or not only_matches or not was_read(lead):
            tell(lead)


def _add_rows(table: Table, lead: Lead) -> None:
    if not lead.matches:
        table.add_row(lead.name, lead.refused, "", "", "")
    for match in lead.matches:
        table.add_row(lead.name, _how_near(match), match.list, match.reference, match.classification)


def _how_near(match: LeadMatch) -> str:
    if match.kind == "pdq":
        return f"looks alike ({match.distance_bits} of {match.threshold_bits} bits)"
    return "the same address" if match.kind == "url" else f"the same file ({match.kind})"
