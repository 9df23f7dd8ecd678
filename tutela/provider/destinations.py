"""Where a report goes: a Tutela server, NCMEC's service, or a bundle for the police."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from tutela.exchange import messages
from tutela.exchange.cybertip import BadReport, write_file_details, write_report
from tutela.provider.client import Tutela
from tutela.provider.connecting import said_plainly
from tutela.provider.delivering import Carrier, ToNcmec, ToTutela, as_cybertip
from tutela.provider.ispws import Ispws, is_tutela
from tutela.provider.queue import Destination
from tutela.provider.wire import Credential, checked_address


class To(NamedTuple):
    destination: Destination
    file: Path | None = None

    def bundle_named(self, reference: str) -> Path:
        """The file as it was named, or one of its own in the directory that was named."""
        file = self.file or Path()
        return file / f"{reference}.zip" if file.is_dir() else file


class ToType(click.ParamType):
    name = "tutela|ncmec|bundle:FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> To:
        if isinstance(value, To):
            return value
        if value in ("tutela", "ncmec"):
            return To(value)
        kind, _, file = str(value).partition(":")
        if kind == "bundle" and file:
            path = Path(file)
            if not (path if path.is_dir() else path.parent).is_dir():
                self.fail(f"there is no directory {path.parent} to write the bundle into", param, ctx)
            return To("bundle", path)
        return self.fail("say tutela, ncmec or bundle:FILE", param, ctx)


def to_option(*, default: str | None) -> Any:
    return click.option(
        "--to",
        type=ToType(),
        default=default,
        show_default=default is not None,
        help="tutela and ncmec: the service at --server. bundle:FILE: a signed zip for the police (DSA, Article 18).",
    )


def bundle_options(command: Any) -> Any:
    for option in (
        click.option("--represented-in", metavar="STATE", default="", help="Bundle: where your representative is."),
        click.option("--established-in", metavar="STATE", default="", help="Bundle: the state you are established in."),
        click.option("--because", help="Bundle: why that state, in a sentence."),
        click.option("--state", metavar="STATE", help="Bundle: the Member State concerned (FR), or unknown."),
    ):
        command = option(command)
    return command


@contextmanager
def carrier_to(to: Destination, address: str, credential: Credential) -> Iterator[Carrier]:
    """For NCMEC's service the address is its whole base; none is built in, so that nothing goes there by a slip."""
    with said_plainly():
        if to == "tutela":
            with Tutela(address, credential) as api:
                yield ToTutela(address, api)
        else:
            ours = is_tutela(address)
            with Ispws(address, credential, resends_are_linked=ours) as ispws:
                ispws.status()
                yield ToNcmec(address, ispws, files_by_hash=ours)


def address_of(server: str | None) -> str:
    """For what is queued only: no secret is needed yet. Raises UsageError."""
    if not server:
        raise click.UsageError("Say --server (or set TUTELA_SERVER): where is it to go later?")
    with said_plainly():
        return checked_address(server)


def check_sayable(report: messages.Report, to: Destination) -> None:
    """Raises BadReport where the CyberTipline's wire cannot carry it; better now than in the night."""
    if to == "ncmec":
        said, items = as_cybertip(report, files_by_hash=True)
        write_report(said)
        for item in items:
            write_file_details(1, None, item)


__all__ = ["BadReport", "To", "address_of", "bundle_options", "carrier_to", "check_sayable", "to_option"]
