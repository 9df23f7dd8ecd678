"""Comparing what users of a service sent or keep is detection: it has a legal basis on the day, or it is refused.

Which service it is, only its provider can say. Encrypted and audio communications are out of scope whatever the date.
"""

import os
import sys
from typing import Final

import click

from tutela.law.bases import Basis, Purpose, Service, basis_on
from tutela.law.dates import today
from tutela.law.sources import MARKS
from tutela.provider.telling import say

VARIABLE: Final = "TUTELA_SERVICE"
NO_BASIS: Final = 4
"""The exit code: beside 3, where a server was not reached."""
SERVICES: Final = tuple(each.value for each in Service)

service_option = click.option(
    "--service",
    type=click.Choice(SERVICES),
    envvar=VARIABLE,
    help=f"Whose users' material this is ({VARIABLE}): refused on a day on which no law allows the comparison.",
)


def basis_today(service: str) -> Basis:
    """Raises ValueError, naming the known words, for a service that is not one of ours."""
    return basis_on(today(), service, Purpose.DETECTION)


def named_in_environment() -> str | None:
    return os.environ.get(VARIABLE) or None


def check_basis(service: str | None) -> None:
    """Says on which basis, or that nobody asked. Ends the command where there is none."""
    if service is None:
        say(f"No --service was named: whether the law allows this comparison today was not looked up ({VARIABLE}).")
        return
    basis = basis_today(service)
    mark = MARKS[basis.certainty]
    say(basis.sentence + (f" ({mark})" if mark else ""))
    if not basis.allowed:
        say("Nothing was compared.")
        sys.exit(NO_BASIS)
