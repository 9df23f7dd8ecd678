"""`tutela complaint`: what users answered, what was decided, and the figures of the yearly form."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tutela.provider.entries import Complaint, Kind, Outcome, Reason, checked
from tutela.provider.figures import Figure, Figures, figures
from tutela.provider.ledger import opened_ledger
from tutela.provider.moments import PAST
from tutela.provider.notices import REFERENCE, one_of, said_of_entries
from tutela.provider.printing import print_plainly, table, warn
from tutela.provider.records import records_option
from tutela.provider.telling import say

NUMBER = click.argument("number", type=click.IntRange(1))


@click.group()
def complaint() -> None:
    """What users answered to a decision, and what came of it."""


@complaint.command("add")
@REFERENCE
@click.option("--kind", type=one_of(Kind), required=True, help="To you, or to a court.")
@click.option("--at", "lodged_at", type=PAST, required=True, help="When it came: 2026-11-22T08:30:00Z.")
@click.option("--reason", type=one_of(Reason), help="In closed words: no person's story stands here.")
@records_option
def add(*, directory: Path, **said: Any) -> None:
    """Write down a complaint about the decision REFERENCE. It gets a number, to decide it by."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        lodged = ledger.complain(checked(Complaint, said))
    say(f"Complaint {lodged.number}. Decide it with: tutela complaint decide {lodged.number}")


@complaint.command("decide")
@NUMBER
@click.option("--outcome", type=one_of(Outcome), required=True)
@click.option("--at", type=PAST, required=True, help="When you, or the court, decided.")
@records_option
def decide(*, number: int, outcome: str, at: datetime, directory: Path) -> None:
    """Write down what was decided about complaint NUMBER."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        decided = ledger.decide(number, outcome=Outcome(outcome), at=at)
        report = ledger.get(decided.reference).report
    say(f"Complaint {number}: {decided.outcome}.")
    if decided.outcome is Outcome.RESTORED and report:
        warn(f"Report {report} was about this. Tell whoever received it that it was wrong, and the list's owner.")
    if decided.kind is Kind.JUDICIAL:
        say(f"When it is obeyed: tutela complaint complied {number} --at MOMENT")


@complaint.command("complied")
@NUMBER
@click.option("--at", type=PAST, required=True, help="When the court's decision was obeyed.")
@records_option
def complied(*, number: int, at: datetime, directory: Path) -> None:
    """Write down when a court's decision about complaint NUMBER was obeyed."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        ledger.comply(number, at=at)
    say(f"Complaint {number}: complied with.")


@complaint.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that nobody decided yet.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines.")
@records_option
def list_(*, only_open: bool, as_json: bool, directory: Path) -> None:
    """The complaints in the ledger, and how long the open ones wait."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        found = [each for each in ledger.complaints() if not only_open or each.outcome is None]
    if as_json:
        for each in found:
            click.echo(each.model_dump_json(exclude_none=True))
        return
    made = table("no.", "reference", "kind", "lodged", folding="decided")
    for each in found:
        made.add_row(str(each.number), each.reference, each.kind, each.lodged_at.date().isoformat(), _decided(each))
    print_plainly(made if found else "There is no open complaint." if only_open else "The ledger holds no complaint.")


def _decided(each: Complaint) -> str:
    if each.decided_at is None:
        return f"open for {(datetime.now(UTC) - each.lodged_at).days} days"
    return f"{each.outcome}, {each.decided_at.date()}"


@complaint.command("figures")
@click.option("--year", type=click.IntRange(2021, 2100), required=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON: all 45, with unit and definition.")
@records_option
def figures_of(*, year: int, as_json: bool, directory: Path) -> None:
    """Category 5 of the yearly form, 45 figures. What nobody counted is null, never zero.

    Every thing counts in the year in which it happened (UTC): a decision, a complaint, a restoration, a court's
    decision that was obeyed. A zero is said only where the ledger covers the year from 1 January on.
    """
    with said_of_entries(), opened_ledger(directory) as ledger:
        found = figures(ledger, year, as_of=datetime.now(UTC).date())
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        made = table("field", "value", "unit", folding="what")
        for code, figure in found.figures.items():
            made.add_row(code, _value(figure), figure.unit, figure.what + (" (optional)" if figure.optional else ""))
        print_plainly(made)
    _say_limits(found)


def _value(figure: Figure) -> str:
    match figure.value:
        case None:
            return "not known"
        case dict() as reasons:
            return ", ".join(f"{name} {count}" for name, count in reasons.items())
        case value:
            return str(value)


def _say_limits(found: Figures) -> None:
    if not found.covers_the_year:
        say(f"The ledger is kept since {found.kept_since}: what came before is not in it, and no zero is said.")
    if not found.year_is_over:
        say(f"{found.year} is not over: these are the figures as of {found.as_of}.")
    if found.left_out:
        say(f"{found.left_out} accounts are left out: nobody said whether their users are in the Union.")
