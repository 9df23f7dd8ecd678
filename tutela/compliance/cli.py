"""`tutela compliance`: take over the registers' files, list the gaps of a state, write the matrix."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutela.law.dates import today

if TYPE_CHECKING:
    from tutela.compliance.models import Batch

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
SOURCE = click.option("--source", default="", help="Where the file was got; its name is taken where nothing is said.")
REFUSED = 3


@click.group()
def compliance() -> None:
    """What the law asks of the Member States, and whether it happened."""


@compliance.command("import-nim")
@click.argument("path", metavar="FILE", type=FILE)
@SOURCE
@click.option("--skip-other-acts", is_flag=True, help="Leave out rows whose CELEX number is another directive's.")
@AS_JSON
def import_nim(path: Path, source: str, skip_other_acts: bool, as_json: bool) -> None:
    """Notified national measures: SPARQL results in JSON. Exit 3 if refused; then nothing was taken over."""
    from tutela.compliance import actions

    _import(path, source, as_json, actions.import_measures, skip_other_acts=skip_other_acts)


@compliance.command("import-register")
@click.argument("path", metavar="FILE", type=FILE)
@SOURCE
@AS_JSON
def import_register(path: Path, source: str, as_json: bool) -> None:
    """Infringement decisions: the register's export in CSV. Exit 3 if refused; then nothing was taken over."""
    from tutela.compliance import actions

    _import(path, source, as_json, actions.import_decisions)


def _import(path: Path, source: str, as_json: bool, take_over: Any, **more: bool) -> None:
    from tutela.accounts.policy import HOUSE
    from tutela.compliance.models import Batch
    from tutela.compliance.rows import ImportRefused
    from tutela.compliance.rules import Refused

    before = set(Batch.objects.in_force().values_list("pk", flat=True))
    try:
        with path.open("rb") as file:
            batch = take_over(file, name=path.name, source=source or path.name, by=HOUSE, **more)
    except Refused as refusal:
        if as_json:
            found = refusal.problems if isinstance(refusal, ImportRefused) else ()
            problems = [each.as_row() for each in found] or [{"row": 0, "rule": str(refusal)}]
            click.echo(json.dumps({"imported": False, "problems": problems}, indent=2, ensure_ascii=False))
        else:
            click.echo(str(refusal), err=True)
        raise SystemExit(REFUSED) from None
    _say(batch, as_json, is_new=batch.pk not in before)


def _say(batch: "Batch", as_json: bool, *, is_new: bool) -> None:
    if as_json:
        said = {"batch": batch.pk, "rows": batch.rows, "replaces": batch.replaces_id, "notes": batch.notes}
        click.echo(json.dumps({"imported": True, "changed": is_new} | said, indent=2, ensure_ascii=False))
        return
    if not is_new:
        click.echo(f"Batch {batch.pk}: this very file is in force already; nothing was changed.")
        return
    replaced = f"; batch {batch.replaces_id} is replaced" if batch.replaces_id else ""
    click.echo(f"Batch {batch.pk}: {batch.rows} rows of {batch.name}{replaced}. {len(batch.notes)} notes.")
    for note in batch.notes:
        click.echo(f"row {note['row']}, {note['column']}, '{note['value']}': {note['rule']}")


@compliance.command("gaps")
@click.option("--state", required=True, help="A Member State's EU code, such as RO or EL.")
@AS_JSON
def gaps_command(state: str, as_json: bool) -> None:
    """What is missing in one state, each with the records that cause it. Exit 3 for a state that is not bound."""
    from tutela.compliance import tables
    from tutela.compliance.rules import Refused

    try:
        found = tables.gaps(state.strip().upper())
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(REFUSED) from None
    if as_json:
        click.echo(json.dumps({"as_of": today().isoformat()} | asdict(found), indent=2, ensure_ascii=False))
        return
    click.echo(f"{found.state}: {len(found.gaps)} gaps; {found.examined} of {found.provisions} articles were examined.")
    for sentence in found.not_known:
        click.echo(sentence)
    # Articles that lack a measure for one and the same reason are read better as one line.
    same: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for gap in found.gaps:
        same.setdefault((gap.kind, gap.sentence, gap.records), []).append(gap.provision)
    for (kind, sentence, records), about in same.items():
        click.echo(f"{kind}: {sentence} [{', '.join(records)}]")
        click.echo(f"  {len(about)}: {' '.join(about)}" if about[0] else "  the Directive as a whole")


@compliance.command("matrix")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--state", "states", multiple=True, help="Only this state; may be given again.")
@click.option("--theme", "themes", multiple=True, help="Only this theme, such as prevention; may be given again.")
def matrix_command(path: Path, states: tuple[str, ...], themes: tuple[str, ...]) -> None:
    """Write the matrix to FILE, whose ending says how: .csv, .json or .xlsx."""
    from django.conf import settings

    from tutela.compliance import tables
    from tutela.compliance.rules import Refused, check_state

    wanted = [each.strip().upper() for each in states]
    try:
        for each in wanted:
            check_state(each)
    except Refused as refusal:
        raise click.BadParameter(str(refusal), param_hint="--state") from None
    if path.suffix.lower() not in tables.WRITERS:
        raise click.BadParameter(f"end the name in {', '.join(tables.WRITERS)}", param_hint="FILE")
    found = tables.matrix(states=wanted, themes=themes)
    tables.write_file(found, path, as_of=today(), origin=settings.ORIGIN)
    click.echo(f"{len(found.cells)} cells: {len(found.provisions)} articles in {len(found.states)} states.")
