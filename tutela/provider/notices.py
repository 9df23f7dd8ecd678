"""`tutela notice`: what was removed or suspended, and what its user was told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from tutela.provider.entries import About, BadEntry, Decision, Measure, Object, Redress, checked
from tutela.provider.ledger import opened_ledger
from tutela.provider.moments import PAST
from tutela.provider.printing import print_plainly, table, warn
from tutela.provider.records import records_option, said_of_records
from tutela.provider.telling import say


def one_of(words: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([each.value for each in words])


REFERENCE = click.argument("reference")
TOLD_OF = click.option(
    "--told-of", "told_of", multiple=True, type=one_of(Redress),
    help="Redress the user was told of: all three are due. Say it several times.",
)  # fmt: skip
DAY = click.DateTime(["%Y-%m-%d"])


@contextmanager
def said_of_entries() -> Iterator[None]:
    with said_of_records():
        try:
            yield
        except BadEntry as error:
            raise click.UsageError(str(error)) from error


@click.group()
def notice() -> None:
    """What users were told about decisions; pseudonyms only, on this machine only."""


@notice.command("add")
@REFERENCE
@click.option("--about", type=one_of(About), required=True, help="Known or new material, or solicitation.")
@click.option("--object", "object_", type=one_of(Object), required=True, help="One item, or one account.")
@click.option("--measure", type=one_of(Measure), required=True)
@click.option("--at", "decided_at", type=PAST, required=True, help="When it was decided: 2026-11-22T08:30:00Z.")
@click.option("--in-union/--outside-union", default=None, help="Of an account: is its user in the Union?")
@click.option("--report", type=click.IntRange(1), help="The number of the report about it.")
@click.option("--told-at", type=PAST, help="When the user was told.")
@TOLD_OF
@click.option("--hold-until", type=DAY, help="An authority asked not to tell before that day.")
@records_option
def add(*, object_: str, hold_until: datetime | None, directory: Path, **said: Any) -> None:
    """Write down one decision. REFERENCE is your pseudonym for the item or account: no address, name or number.

    Exit 0: it stands in the ledger, now or before. 2: it cannot be written down like this; the message says why.
    """
    told = said | {"object": object_, "hold_until": hold_until.date() if hold_until else None}
    with said_of_entries(), opened_ledger(directory) as ledger:
        decision = checked(Decision, told)
        is_new = ledger.add(decision)
    say(f"{decision.reference} {'is written down' if is_new else 'was written down before'}.")
    _warn(decision)


@notice.command("told")
@REFERENCE
@click.option("--at", type=PAST, required=True, help="When the user was told.")
@TOLD_OF
@records_option
def told_user(*, reference: str, at: datetime, told_of: tuple[str, ...], directory: Path) -> None:
    """Write down that the user was told, and of which redress."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        decision = ledger.told(reference, at=at, of=frozenset(map(Redress, told_of)))
    say(f"{reference}: told.")
    _warn(decision)


@notice.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@records_option
def import_(*, file: Any, directory: Path) -> None:
    """Decisions from FILE, one JSON object a line with the names of `notice list --json`: all of them, or none."""
    decisions = []
    with said_of_entries(), opened_ledger(directory) as ledger:
        for number, line in enumerate(file, 1):
            if line.strip():
                decisions.append(_read(number, line))
        new = ledger.add_all(decisions)
    say(f"{new} written down, {len(decisions) - new} stood there before.")


def _read(number: int, line: str) -> Decision:
    try:
        return checked(Decision, json.loads(line))
    except BadEntry as error:
        raise BadEntry(f"Line {number}: {error}") from None
    except ValueError:
        raise BadEntry(f"Line {number} is not JSON.") from None


@notice.command("list")
@click.option("--untold", is_flag=True, help="Only those whose user was not told yet, or not of all redress.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines.")
@records_option
def list_(*, untold: bool, as_json: bool, directory: Path) -> None:
    """The decisions in the ledger. Exit 0."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        found = [each for each in ledger.decisions() if not untold or each.told_at is None or each.untold_of]
    if as_json:
        for each in found:
            click.echo(each.model_dump_json(exclude_none=True))
        return
    made = table("reference", "about", "what", "decided", "told", folding="still due")
    for each in found:
        what = f"{each.object} {each.measure}"
        made.add_row(each.reference, each.about, what, _day(each.decided_at), _day(each.told_at), _due(each))
    print_plainly(made if found else "Nothing is due." if untold else "The ledger holds no decision.")


@notice.command("since")
@click.argument("day", type=DAY)
@records_option
def since(*, day: datetime, directory: Path) -> None:
    """Say that everything from DAY on stands in this ledger, so that a zero in the yearly form is one."""
    with said_of_entries(), opened_ledger(directory) as ledger:
        ledger.keep_since(day.date())
    say(f"Kept since {day.date()}.")


def _warn(decision: Decision) -> None:
    if due := _due(decision):
        warn(f"{decision.reference}: {due} (Regulation (EU) 2021/1232, Article 3(1)(g)(vi)).")


def _due(decision: Decision) -> str:
    if decision.told_at is not None:
        return f"not told of: {', '.join(decision.untold_of)}" if decision.untold_of else ""
    if decision.hold_until and decision.hold_until > datetime.now(UTC).date():
        return f"held until {decision.hold_until}, at an authority's request"
    return "the user was not told yet"


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
