"""`tutela report`: make one from leads, send it, complete it, follow it."""

import sys
from pathlib import Path
from typing import Any

import click

from tutela.exchange.messages import Report
from tutela.provider.bundling import Seat
from tutela.provider.client import Followed, Receipt, Tutela
from tutela.provider.connecting import said_plainly, server_options, signed_in
from tutela.provider.destinations import To, bundle_options, to_option
from tutela.provider.errors import NotUnderstood
from tutela.provider.handing import Parcel, hand
from tutela.provider.make_cli import make
from tutela.provider.printing import print_plainly, show_receipt
from tutela.provider.queue import opened_queue
from tutela.provider.records import records_option, said_of_records

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
RECEIPT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def report() -> None:
    """Make a report from leads; send, complete or follow one."""


report.add_command(make)


@report.command("send")
@click.argument("file", type=FILE)
@to_option(default="tutela")
@click.option("--queue", "only_queue", is_flag=True, help="Write it down and send it later: tutela queue send.")
@click.option("--key", help="Your own number for it, where the message holds no reference.")
@click.option("--receipt", "receipt_file", type=RECEIPT, help="Keep the receipt here, too.")
@bundle_options
@records_option
@server_options
def send_one(
    *,
    file: Path,
    to: To,
    only_queue: bool,
    key: str | None,
    receipt_file: Path | None,
    directory: Path,
    established_in: str,
    represented_in: str,
    **said: Any,
) -> None:
    """Send FILE, a report as JSON. It is written down first and sent then, so that nothing is lost or doubled.

    Exit 0: accepted, linked to what you had sent before, queued (--queue), or written as a bundle. 1: refused; the
    message says why. 2: used wrongly. 3: the server was not reached, and the report waits in the queue.
    """
    parcel = Parcel(_checked_report(file), key)
    seat = Seat(established_in, represented_in)
    with said_of_records():
        handed = hand([parcel], to=to, directory=directory, only_queue=only_queue, seat=seat, file_is_kept=True, **said)
    if receipt_file and handed.queued and handed.queued[0].receipt:
        receipt_file.write_bytes(handed.queued[0].receipt)
    sys.exit(handed.exit_code)


@report.command("complete")
@click.argument("file", type=FILE)
@click.option("--with", "earlier", required=True, type=FILE, help="The receipt: it holds the number and the token.")
@click.option("--receipt", "receipt_file", type=RECEIPT, help="Keep the new receipt here, too.")
@records_option
@server_options
def complete_one(
    *,
    file: Path,
    earlier: Path,
    receipt_file: Path | None,
    directory: Path,
    server: str | None,
    username: str | None,
    secret: str | None,
) -> None:
    """Put FILE, a fuller account, in place of what the receipt is for; what was first said is kept beside it."""
    raw = _checked_report(file)
    try:
        old = Receipt.read(earlier.read_bytes())
    except NotUnderstood as error:
        raise click.ClickException(f"{earlier} is no receipt.") from error
    address, credential = signed_in(server, username, secret)
    with said_plainly(), Tutela(address, credential) as api:
        receipt = api.complete(old.number, raw, token=old.complete_with)
    with said_of_records(), opened_queue(directory) as queue:
        queue.completed(address, receipt.number, receipt.raw)
    if receipt_file:
        receipt_file.write_bytes(receipt.raw)
    show_receipt(receipt)


def _checked_report(file: Path) -> bytes:
    raw = file.read_bytes()
    try:
        Report.model_validate_json(raw)
    except ValueError as error:
        raise click.ClickException(f"{file} is not a report; nothing was sent.\n{_rules(error)}") from error
    return raw


@report.command("show")
@click.argument("number", type=click.IntRange(1))
@server_options
def show_one(number: int, server: str | None, username: str | None, secret: str | None) -> None:
    """What became of report NUMBER, and what it lacked."""
    address, credential = signed_in(server, username, secret)
    with said_plainly(), Tutela(address, credential) as api:
        followed = api.follow(number)
        _show_followed(followed)
        if followed.completeness is not None:
            show_receipt(api.receipt(number))


def _show_followed(followed: Followed) -> None:
    print_plainly(
        f"Report {followed.number} ({followed.kind}, your reference {followed.reference or 'none'}): {followed.state}"
    )
    for step in followed.steps:
        print_plainly(f"  {step.at}  {step.what}")
    for outcome in followed.outcomes:
        print_plainly(f"  {outcome.at}  {outcome.authority}: {outcome.code}")


def _rules(error: ValueError) -> str:
    """Where and which rule; never the value, which may be a person's."""
    told = error.errors() if hasattr(error, "errors") else []
    return "\n".join(f"  {'.'.join(map(str, each['loc'])) or 'message'}: {each['msg']}" for each in told)
