"""What every verb that speaks with a server asks of its user, and how its failures are said."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from tutela.provider.errors import Refused, TutelaError, Unreachable
from tutela.provider.wire import Credential, checked_address
from tutela.provider.written import BadFiles

NOT_ACCEPTED, NOT_REACHED = 1, 3


class _NotReached(click.ClickException):
    exit_code = NOT_REACHED


@contextmanager
def said_plainly() -> Iterator[None]:
    try:
        yield
    except Unreachable as error:
        raise _NotReached(str(error)) from error
    except Refused as error:
        faults = "".join(f"\n  {fault.where}: {fault.rule}" for fault in error.faults)
        raise click.ClickException(f"{error}{faults}") from error
    except (TutelaError, BadFiles) as error:
        raise click.ClickException(str(error)) from error


def server_options(command: Any) -> Any:
    for option in (
        click.option("--secret", envvar="TUTELA_SECRET", help="Better by TUTELA_SECRET: arguments are seen by others."),
        click.option("--username", envvar="TUTELA_USERNAME", help="Your credential's name (TUTELA_USERNAME)."),
        click.option("--server", envvar="TUTELA_SERVER", help="For example https://tutela.example (TUTELA_SERVER)."),
    ):
        command = option(command)
    return command


def signed_in(server: str | None, username: str | None, secret: str | None) -> tuple[str, Credential]:
    """The server's address and who asks there; raises UsageError for what was not said."""
    named = (("--server", server), ("--username", username))
    absent = " and ".join(name for name, value in named if not value)
    if not server or not username:
        raise click.UsageError(f"Say {absent} (or set TUTELA_SERVER, TUTELA_USERNAME, TUTELA_SECRET).")
    if not secret:
        if not sys.stdin.isatty():
            raise click.UsageError("Set TUTELA_SECRET to your credential's secret.")
        secret = click.prompt("Secret", hide_input=True)
    with said_plainly():
        return checked_address(server), Credential(username.strip(), str(secret).strip())
