"""`tutela law`: check the records, ask what applies on a day, read the provisions."""

import json
from datetime import date, datetime

import click

from tutela.law.bases import Purpose, Service, basis_on
from tutela.law.catalogue import check
from tutela.law.dates import today
from tutela.law.instruments import all_instruments, instruments, provisions

REFUSED = 3


DAY = click.DateTime(formats=["%Y-%m-%d"])


def day(given: datetime | None) -> date:
    return given.date() if given else today()


@click.group("law")
def law() -> None:
    """The law as data."""


@law.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--on", type=DAY, help="The day to check for; today by default.")
def check_command(*, as_json: bool, on: datetime | None) -> None:
    """Are all records valid and sourced? Exit 1 if not; records not checked for a year only warn."""
    report = check(day(on))
    if as_json:
        found = {
            "on": report.on.isoformat(),
            "valid": report.is_valid,
            "counts": report.counts,
            "certainty": report.certainties,
            "problems": report.problems,
            "stale": report.stale,
        }
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for kind, number in report.counts.items():
            click.echo(f"{number:5}  {kind}")
        click.echo(", ".join(f"{number} {certainty}" for certainty, number in report.certainties.items()))
    for problem in report.problems:
        click.echo(f"problem: {problem}", err=True)
    if report.stale:
        click.echo(f"warning: {len(report.stale)} records not checked for a year, {report.stale[0]} first", err=True)
    raise SystemExit(0 if report.is_valid else 1)


@law.command("basis")
@click.option("--on", type=DAY, help="The day of the operation; today by default.")
@click.option("--service", type=click.Choice([each.value for each in Service]), required=True)
@click.option("--purpose", type=click.Choice([each.value for each in Purpose]), required=True)
@click.option("--end-to-end-encrypted", is_flag=True, help="The communications are end-to-end encrypted.")
@click.option("--audio", is_flag=True, help="The communications are audio.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def basis_command(
    *, on: datetime | None, service: str, purpose: str, end_to_end_encrypted: bool, audio: bool, as_json: bool
) -> None:
    """May this service do this on that day? Exit 0 if a legal basis is recorded, 3 if not."""
    answer = basis_on(day(on), service, purpose, end_to_end_encrypted=end_to_end_encrypted, audio=audio)
    if as_json:
        found = {
            "allowed": answer.allowed,
            "basis": answer.basis_id,
            "provision": answer.provision,
            "first": answer.interval.first and answer.interval.first.isoformat(),
            "last": answer.interval.last and answer.interval.last.isoformat(),
            "sentence": answer.sentence,
            "certainty": answer.certainty,
        }
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        click.echo(f"{'allowed' if answer.allowed else 'refused'}: {answer.sentence}")
        click.echo(f"certainty: {answer.certainty}")
    raise SystemExit(0 if answer.allowed else REFUSED)


@law.command("provisions")
@click.argument("instrument_id", required=False)
@click.option("--profile", "profiles", multiple=True, help="Switch a proposal on; may be given again.")
@click.option("--unverified", is_flag=True, help="Also rows from memory, marked.")
def provisions_command(*, instrument_id: str | None, profiles: tuple[str, ...], unverified: bool) -> None:
    """List the instruments, or the provisions of one."""
    try:
        shown = instruments(profiles)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--profile") from problem
    if instrument_id is None:
        for each in shown:
            click.echo(f"{each.id:20} {len(provisions(each.id)):4}  {each.short} ({each.status})")
        return
    if instrument_id not in {each.id for each in shown}:
        names = ", ".join(each.id for each in all_instruments())
        raise click.UsageError(f"no such law; a proposal needs --profile. The instruments are {names}")
    for row in provisions(instrument_id, include_unverified=unverified):
        mark = f" [{row.source.mark}]" if row.source.mark else ""
        click.echo(f"{row.id:34} {row.reference}: {row.duty}{mark}")
