"""`tutela demo`: put up a house of its own, fill it by its doors, say what happened and where to look."""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx

from tutela.config.durability import NotDurable
from tutela.config.localpg import LocalPostgresError
from tutela.config.serving import end_in_order
from tutela.demo.house import CannotStand, House, free_port
from tutela.demo.telling import Teller
from tutela.provider.errors import TutelaError

if TYPE_CHECKING:
    from tutela.demo.main_job import MainJob
    from tutela.demo.visitors import Visitors

CRASHES_AT = (1 / 3, 2 / 3)
DECIDED_SHARE, DECIDED_AT_LEAST = 0.1, 10


@click.command()
@click.option("--once", is_flag=True, help="End after the summary; exit 0 only if every promise was kept.")
@click.option("--reports", default=2000, show_default=True, type=click.IntRange(2, 1_000_000), metavar="N")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--chaos", is_flag=True, help="Kill server, worker and PostgreSQL twice in the middle of the sending.")
@click.option("--seed", default=7, show_default=True, type=int, help="The same seed tells the same reports.")
@click.option("--keep", is_flag=True, help="Leave the database where it is; the next demonstration removes it.")
def demo(*, once: bool, reports: int, json_file: Path | None, port: int, chaos: bool, seed: int, keep: bool) -> None:
    """Build a synthetic world, send reports through it, and show where to look."""
    end_in_order(1)
    teller = Teller()
    try:
        free = free_port(port)
        if port and free != port:
            teller.say(f"Port {port} is in use; this demonstration takes {free}.")
        house = House(free)
        try:
            job, is_well = _run(house, teller, reports, json_file=json_file, chaos=chaos, seed=seed)
            if not once and teller.is_terminal:
                _stay(house, teller, job.visitors(random.Random(seed)))
        except KeyboardInterrupt:
            raise click.Abort from None
        finally:
            house.close()
            if not keep:
                house.remove()
    except (CannotStand, LocalPostgresError, NotDurable, TutelaError, httpx.HTTPStatusError) as error:
        raise click.ClickException(str(error)) from error
    sys.exit(0 if is_well else 1)


def _stay(house: House, teller: Teller, visitors: "Visitors") -> None:
    visitors.say_how(house.server)
    teller.say(f"Look around: {house.server}/ (sign-ins for the demonstration: {house.server}/demo/). Ctrl-C ends it.")
    try:
        house.keep(visitors.serve)
    except KeyboardInterrupt:
        teller.say("Stopping.")


def _run(
    house: House, teller: Teller, reports: int, *, json_file: Path | None, chaos: bool, seed: int
) -> "tuple[MainJob, bool]":
    began = time.monotonic()
    teller.say("Starting PostgreSQL, the web server and the worker.")
    house.build()

    import django

    django.setup()
    from tutela.demo.main_job import MainJob

    job = MainJob(house, teller, reports, seed=seed, now=datetime.now(UTC))
    job.build_world()
    job.follow_one()
    job.send(crashes_at=CRASHES_AT if chaos else ())
    job.decide(max(DECIDED_AT_LEAST, int(reports * DECIDED_SHARE)))
    job.answer(random.Random(seed))
    tally = job.count()
    tally.figures["seconds"] = round(time.monotonic() - began, 1)
    teller.summary(tally.figures, tally.problems)
    if json_file:
        json_file.write_text(json.dumps(tally.figures, indent=2) + "\n")
    return job, not tally.problems
