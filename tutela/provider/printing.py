"""Answers of a server as a person reads them; a file or another program gets whole lines."""

import click
from rich.console import Console
from rich.table import Table

from tutela.provider.client import Receipt

_WIDE = 200


def print_plainly(what: object) -> None:
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(what, soft_wrap=not isinstance(what, Table))


def table(*columns: str, folding: str) -> Table:
    """The last column may be long."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, no_wrap=True)
    made.add_column(folding, overflow="fold")
    return made


def show_receipt(receipt: Receipt) -> None:
    before = ", sent before and linked to it" if receipt.linked else ""
    print_plainly(f"Report {receipt.number} is accepted{before}. Complete: {receipt.completeness} of 100.")
    for each in receipt.missing:
        print_plainly(f"  missing ({each.points}): {each.what}; without it {each.consequence}")


def warn(sentence: str) -> None:
    click.secho(sentence, err=True, bold=True)
