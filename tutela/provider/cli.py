"""`tutela send`: reports that lie in files as CyberTipline messages."""

import sys
from pathlib import Path
from typing import Any

import click

from tutela.provider.client import Receipt, Tutela
from tutela.provider.connecting import NOT_ACCEPTED, NOT_REACHED, said_plainly, server_options, signed_in
from tutela.provider.errors import TutelaError, Unreachable
from tutela.provider.ispws import Ispws, is_tutela
from tutela.provider.printing import print_plainly, table
from tutela.provider.sending import Sent, send_written
from tutela.provider.written import read_files

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
    made = table("report", "number", "items", "complete", folding="missing")
    for name, said, receipt in rows:
        if isinstance(said, TutelaError):
            made.add_row(name, "not accepted", "", "", str(said))
            continue
        missing = ", ".join(each.name for each in receipt.missing) if receipt else "ask: tutela report show"
        number = f"{said.number} (sent before)" if said.before else str(said.number)
        points = f"{receipt.completeness} of 100" if receipt else ""
        made.add_row(name, number, str(said.items), points, missing)
    print_plainly(made)
