"""`tutela outcomes`: what became of your reports."""

import json
import sys
from contextlib import closing
from pathlib import Path

import click

from tutela.provider.client import Tutela
from tutela.provider.connecting import said_plainly, server_options, signed_in
from tutela.provider.outcomes import News, Outcomes
from tutela.provider.printing import print_plainly, table, warn
from tutela.provider.records import records_option, said_of_records
from tutela.provider.telling import say

WRONG = 12
"""An authority says that a report was wrong: a person acts on it, now."""


@click.command("outcomes")
@click.option("--all", "everything", is_flag=True, help="What was shown before, too.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal, too.")
@click.option("--deleted", type=click.IntRange(1), multiple=True, metavar="NUMBER",
              help="Say that what report NUMBER was about is deleted here: it was wrong.")  # fmt: skip
@records_option
@server_options
def outcomes(
    *,
    everything: bool,
    as_json: bool,
    deleted: tuple[int, ...],
    directory: Path,
    server: str | None,
    username: str | None,
    secret: str | None,
) -> None:
    """What authorities answered to your reports since you last asked: a table, or JSON Lines for a program.

    An authority that says "wrong, delete" is shown each time until you say --deleted NUMBER.

    Exit 0: read, news or none. 12: an authority says of a report that it was wrong. 1: the server refused. 2: used
    wrongly. 3: the server was not reached.
    """
    address, credential = signed_in(server, username, secret)
    with said_of_records(), closing(Outcomes(directory)) as kept:
        for number in deleted:
            kept.deleted(address, number)
        with said_plainly(), Tutela(address, credential) as api:
            found = kept.read(api, address, everything=everything)
            if sys.stdout.isatty() and not as_json:
                news = list(found)
                _show(news)
            else:
                news = [_told(each) for each in found]
        for each in news:
            kept.shown(address, each)
    wrong = [each for each in news if each.says_wrong]
    for each in wrong:
        warn(
            f"WRONG, DELETE: report {each.report} (your reference {each.reference or 'none'}), says {each.authority}. "
            f"Delete what you keep of it, restore what you took, then say: tutela outcomes --deleted {each.report}"
        )
    new = sum(each.is_new for each in news)
    say(f"{new} new, {len(wrong)} wrong." if news else "Nothing new.")
    sys.exit(WRONG if wrong else 0)


def _show(news: list[News]) -> None:
    made = table("report", "your reference", "outcome", "since", folding="authority")
    for each in news:
        code = "WRONG, DELETE" if each.says_wrong else each.code.replace("_", " ")
        made.add_row(str(each.report), each.reference or "", code, each.at, each.authority)
    if news:
        print_plainly(made)


def _told(each: News) -> News:
    click.echo(json.dumps(each._asdict()))
    return each
