"""`tutela queue`: what waits to be sent, what was accepted, and the receipts."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tutela.provider.connecting import NOT_ACCEPTED, server_options, signed_in
from tutela.provider.delivering import deliver
from tutela.provider.destinations import carrier_to
from tutela.provider.handing import show
from tutela.provider.printing import print_plainly, table
from tutela.provider.queue import REFUSED, WAITING, Destination, Queued, opened_queue
from tutela.provider.records import records_option, said_of_records
from tutela.provider.telling import say

NUMBER = click.argument("number", type=click.IntRange(1))


@click.group()
def queue() -> None:
    """Reports on their way out, and the receipts of those that arrived."""


@queue.command("send")
@click.option("--to", type=click.Choice(["tutela", "ncmec"]), default="tutela", show_default=True)
@records_option
@server_options
def send_queue(
    *, to: Destination, directory: Path, server: str | None, username: str | None, secret: str | None
) -> None:
    """Send what waits for this server, the oldest first. However often it is cut short, each report arrives once.

    Exit 0: all are accepted, or nothing waited. 1: some were refused; queue show says why. 2: used wrongly. 3: the
    server was not reached, and the rest goes on waiting.
    """
    refused = accepted = 0
    with said_of_records(), opened_queue(directory) as waiting:
        address, credential = signed_in(server, username, secret)
        if waiting.waiting(to, address):
            with carrier_to(to, address, credential) as carrier:
                for done in deliver(waiting, carrier):
                    show(done)
                    refused += done.queued.state == REFUSED
                    accepted += done.queued.state != REFUSED
        elsewhere = {each.server for each in waiting.all() if each.state == WAITING}
    say(f"{accepted} accepted, {refused} refused.")
    if elsewhere:
        say(f"For other servers wait more: {', '.join(sorted(elsewhere))}.")
    sys.exit(NOT_ACCEPTED if refused else 0)


@queue.command("show")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal, too.")
@records_option
def show_queue(*, as_json: bool, directory: Path) -> None:
    """What waits, what was refused and why, what was accepted and when. No word of what the reports say."""
    with said_of_records(), opened_queue(directory) as found:
        rows = found.all()
    if as_json or not sys.stdout.isatty():
        for row in rows:
            click.echo(json.dumps(_facts(row)))
        return
    made = table("no.", "reference", "to", "state", "number", "since", folding="why")
    for row in rows:
        where = row.destination if row.destination == "bundle" else f"{row.destination} {row.server}"
        since = row.settled_at or row.queued_at
        number = str(row.number or "") if row.state not in (WAITING, REFUSED) else ""
        made.add_row(str(row.id), row.reference or row.key or "", where, row.state, number, since, row.why or "")
    print_plainly(made if rows else "The queue is empty.")


def _facts(row: Queued) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in ("body", "receipt", "step")}


@queue.command("receipt")
@NUMBER
@records_option
def receipt_of(*, number: int, directory: Path) -> None:
    """The receipt of NUMBER (no. in queue show), as it came: to keep, to complete with, to verify."""
    with said_of_records(), opened_queue(directory) as found:
        row = found.get(number)
    if row.receipt is None:
        raise click.ClickException(f"{number} has no receipt yet: it is {row.state}.")
    click.echo(row.receipt, nl=False)


@queue.command("again")
@NUMBER
@records_option
def wait_again(*, number: int, directory: Path) -> None:
    """Put NUMBER, which was refused, back to wait."""
    with said_of_records(), opened_queue(directory) as found:
        found.again(number)
    say(f"{number} waits. Send with: tutela queue send")


@queue.command("drop")
@NUMBER
@click.option("--yes", is_flag=True, help="Do not ask.")
@records_option
def drop(*, number: int, yes: bool, directory: Path) -> None:
    """Erase NUMBER, which waits or was refused: it will not be sent."""
    with said_of_records(), opened_queue(directory) as found:
        row = found.get(number)
        if not yes:
            click.confirm(f"Erase {row.reference or number} ({row.state}) unsent?", abort=True, err=True)
        found.drop(number)
    say(f"{number} is erased.")
