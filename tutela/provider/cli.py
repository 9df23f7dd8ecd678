"""The providers' verbs: send, complete, follow."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tutela.exchange.messages import Report
from tutela.provider.client import Followed, Receipt, Tutela
from tutela.provider.connecting import NOT_ACCEPTED, NOT_REACHED, said_plainly, server_options, signed_in
from tutela.provider.errors import NotUnderstood, TutelaError, Unreachable
from tutela.provider.ispws import Ispws, is_tutela
from tutela.provider.sending import Sent, send_written
from tutela.provider.written import read_files

_WIDE = 200
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@server_options
def send(files: tuple[Path, ...], server: str | None, username: str | None, secret: str | None) -> None:
    """Send reports written as CyberTipline messages: NAME.report.xml with its NAME.file1.xml, NAME.file2.xml …

    All are checked before the first is sent. Files go by their hashes; keep the originals. The same command again
    doubles nothing. Exit 0: all are accepted. 1: some are not. 3: the server was not reached.
    """
    with said_plainly():
        reports = read_files(list(files))
    address, credential = signed_in(server, username, secret)
    with said_plainly():
        if not is_tutela(address + "/ispws"):
            raise TutelaError(f"{address} is not a Tutela server; nothing was sent.")
        with Ispws(address + "/ispws", credential, resends_are_linked=True) as ispws:
            ispws.status()
            sent = [(one.name, _tried(ispws, one)) for one in reports]
        with Tutela(address, credential, scheme="basic") as api:
            _show([(name, said, _receipt(api, said)) for name, said in sent])
    errors = [said for _, said in sent if isinstance(said, TutelaError)]
    if errors:
        sys.exit(NOT_REACHED if all(isinstance(error, Unreachable) for error in errors) else NOT_ACCEPTED)


def _tried(ispws: Ispws, one: Any) -> Sent | TutelaError:
    """One refused report must not hold back the others."""
    try:
        return send_written(ispws, one)
    except TutelaError as error:
        return error


def _receipt(api: Tutela, said: Sent | TutelaError) -> Receipt | None:
    if isinstance(said, TutelaError):
        return None
    try:
        return api.receipt(said.number)
    except TutelaError:
        # The report stands all the same; its receipt can be asked for at any time.
        return None


def _show(rows: list[tuple[str, Sent | TutelaError, Receipt | None]]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("report", "number", "items", "complete"):
        table.add_column(column, no_wrap=True)
    table.add_column("missing", overflow="fold")
    for name, said, receipt in rows:
        if isinstance(said, TutelaError):
            table.add_row(name, "not accepted", "", "", str(said))
            continue
        missing = ", ".join(each.name for each in receipt.missing) if receipt else "ask: tutela report show"
        number = f"{said.number} (sent before)" if said.before else str(said.number)
        points = f"{receipt.completeness} of 100" if receipt else ""
        table.add_row(name, number, str(said.items), points, missing)
    _print(table)


@click.group()
def report() -> None:
    """Send, complete or follow a report written as JSON."""


@report.command("send")
@click.argument("file", type=FILE)
@click.option("--key", help="Your own number for it, where the message holds no reference.")
@click.option("--receipt", "receipt_file", type=click.Path(path_type=Path), help="Keep the signed receipt here.")
@server_options
def send_one(
    *,
    file: Path,
    key: str | None,
    receipt_file: Path | None,
    server: str | None,
    username: str | None,
    secret: str | None,
) -> None:
    """Send FILE, a report as JSON. Exit 0: accepted, or linked to what you had sent before."""
    raw = _checked_report(file)
    address, credential = signed_in(server, username, secret)
    with said_plainly(), Tutela(address, credential) as api:
        _keep(api.send(raw, key=key), receipt_file)


@report.command("complete")
@click.argument("file", type=FILE)
@click.option("--with", "earlier", required=True, type=FILE, help="The receipt: it holds the number and the token.")
@click.option("--receipt", "receipt_file", type=click.Path(path_type=Path), help="Keep the new receipt here.")
@server_options
def complete_one(
    *,
    file: Path,
    earlier: Path,
    receipt_file: Path | None,
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
        _keep(api.complete(old.number, raw, token=old.complete_with), receipt_file)


def _checked_report(file: Path) -> bytes:
    raw = file.read_bytes()
    try:
        Report.model_validate_json(raw)
    except ValueError as error:
        raise click.ClickException(f"{file} is not a report; nothing was sent.\n{_rules(error)}") from error
    return raw


def _keep(receipt: Receipt, file: Path | None) -> None:
    if file:
        file.write_bytes(receipt.raw)
    _show_receipt(receipt)


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
            _show_receipt(api.receipt(number))


def _show_followed(followed: Followed) -> None:
    _print(
        f"Report {followed.number} ({followed.kind}, your reference {followed.reference or 'none'}): {followed.state}"
    )
    for step in followed.steps:
        _print(f"  {step.at}  {step.what}")
    for outcome in followed.outcomes:
        _print(f"  {outcome.at}  {outcome.authority}: {outcome.code}")


def _show_receipt(receipt: Receipt) -> None:
    before = ", sent before and linked to it" if receipt.linked else ""
    _print(f"Report {receipt.number} is accepted{before}. Complete: {receipt.completeness} of 100.")
    for each in receipt.missing:
        _print(f"  missing ({each.points}): {each.what}; without it {each.consequence}")


def _rules(error: ValueError) -> str:
    """Where and which rule; never the value, which may be a person's."""
    told = error.errors() if hasattr(error, "errors") else []
    return "\n".join(f"  {'.'.join(map(str, each['loc'])) or 'message'}: {each['msg']}" for each in told)


def _print(what: object) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        # A file or another program reads whole lines.
        console.width = _WIDE
    console.print(what, soft_wrap=not isinstance(what, Table))
