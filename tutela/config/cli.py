"""The operators' verbs."""

import json
import os
import sys

import click

from tutela.config import serving
from tutela.config.durability import NotDurable
from tutela.config.localpg import LocalPostgresError

THROWAWAY_HELP = "accept a database that may forget what it acknowledged; for trials only"


def _in_plain_words(error: Exception) -> click.ClickException:
    return click.ClickException(str(error))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--throwaway", is_flag=True, help=THROWAWAY_HELP)
def serve(host: str, port: int, threads: int, throwaway: bool) -> None:
    """Start database, migrations, worker and web server; Ctrl-C stops them in order."""
    serving.end_in_order(0)
    try:
        with serving.database(throwaway=throwaway):
            serving.migrate()
            processes = serving.Processes(serving.web_command(host, port, threads), serving.worker_command())
            processes.start()
            click.echo(f"Tutela answers at http://{host}:{port}/")
            try:
                processes.keep()
            except KeyboardInterrupt:
                click.echo("Stopping.")
            finally:
                processes.stop()
    except (LocalPostgresError, NotDurable) as error:
        raise _in_plain_words(error) from error


@click.command()
@click.option("--throwaway", is_flag=True, help=THROWAWAY_HELP)
def work(throwaway: bool) -> None:
    """Run the schedule in this process."""
    from tutela.config import working

    try:
        with serving.database(throwaway=throwaway):
            working.main()
    except (LocalPostgresError, NotDurable) as error:
        raise _in_plain_words(error) from error


@click.command()
def check() -> None:
    """Durability, keys, anchors, migrations: each said with what to change."""
    try:
        with serving.database(throwaway=False):
            set_up()
            from tutela.config.fitness import findings

            found = findings()
    except (LocalPostgresError, NotDurable) as error:
        raise _in_plain_words(error) from error
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    click.echo("Fit to accept reports.")


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="print the verdict as JSON")
@click.option("--throwaway", is_flag=True, help=THROWAWAY_HELP)
def verify(as_json: bool, throwaway: bool) -> None:
    """Recompute the chain and hold it against the anchored heads; exit 1 and name the place where it was altered."""
    try:
        with serving.database(throwaway=throwaway):
            set_up()
            from django.conf import settings

            from tutela.audit import actions
            from tutela.audit.verify import verify as recompute
            from tutela.keys.keeper import house_signer

            verdict = recompute(actions.heads(settings.ANCHORS_HOME), [house_signer().public])
    except (LocalPostgresError, NotDurable) as error:
        raise _in_plain_words(error) from error
    if as_json:
        places = [{"place": finding.place, "what": finding.what} for finding in verdict.findings]
        click.echo(json.dumps({"ok": verdict.ok, "links": verdict.links, "heads": verdict.heads, "findings": places}))
    else:
        for finding in verdict.findings:
            click.echo(f"{finding.place}: {finding.what}", err=True)
        click.echo(f"{verdict.links} links, {verdict.heads} anchored heads, {len(verdict.findings)} findings.")
    sys.exit(0 if verdict.ok else 1)


def set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", serving.SETTINGS)
    django.setup()
