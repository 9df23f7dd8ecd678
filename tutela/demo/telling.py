"""What the demonstration says while it runs: bars in a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

SHOWN = {
    "received": "reports the senders hold an acknowledgement for",
    "stored": "distinct reports in the database",
    "resent": "sent once more by the senders",
    "duplicates_linked": "resends linked to the report they repeat",
    "lost": "acknowledged and not kept",
    "doubled": "kept twice",
    "matched_items": "items that match a verified indicator",
    "cases": "cases",
    "confirmed": "confirmed by two people",
    "referrals": "referrals, one for each competent authority",
    "waiting_outside": "waiting to be carried to an authority outside this installation",
    "acknowledged": "acknowledged by the authority",
    "audit_links": "links in the audit's chain",
    "audit_ok": "the chain verifies",
    "seconds": "seconds",
}


class Teller:
    def __init__(self) -> None:
        self.console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        return self.console.is_terminal

    def say(self, sentence: str) -> None:
        self.console.print(sentence)

    @contextmanager
    def bar(self, what: str, total: int) -> "Iterator[Bar]":
        if not self.is_terminal:
            yield Bar(self, what, total, None)
            return
        columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(what, total=total)
            yield Bar(self, what, total, lambda done: progress.update(task, completed=done))

    def addresses(self, rows: list[tuple[str, str, str]]) -> None:
        """Lines, not a table: an address that is cut leads nowhere."""
        for who, what, where in rows:
            self.say(f"  {who}: {what}\n    {where}")

    def summary(self, figures: dict[str, Any], problems: list[str]) -> None:
        table = Table("what happened", "", box=None, pad_edge=False)
        for name, sentence in SHOWN.items():
            table.add_row(sentence, _shown(figures[name]))
        self.console.print(table)
        for problem in problems:
            self.say(f"PROBLEM: {problem}")


class Bar:
    """Counts up; without a terminal it says a line at every quarter."""

    def __init__(self, teller: Teller, what: str, total: int, draw: Callable[[int], None] | None) -> None:
        self._teller, self._what, self._total, self._draw = teller, what, total, draw
        self._said = 0
        self.done = 0

    def step(self) -> None:
        self.reach(self.done + 1)

    def reach(self, done: int) -> None:
        self.done = done
        if self._draw is not None:
            self._draw(done)
            return
        quarter = 4 * done // self._total if self._total else 4
        if quarter > self._said:
            self._said = quarter
            self._teller.say(f"{self._what}: {done} of {self._total}")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
