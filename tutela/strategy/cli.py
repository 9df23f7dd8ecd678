"""`tutela strategy`: what is missing and why, what works elsewhere, who acts by when."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from tutela.law.cli import DAY, day

if TYPE_CHECKING:
    from tutela.strategy.gaps import Found, Gap
    from tutela.strategy.models import PriorityAction
    from tutela.strategy.practices import Practice

REFUSED = 3
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
ON = click.option("--on", type=DAY, help="The day to ask for; today by default.")


@click.group()
def strategy() -> None:
    """What was promised, what is missing, what works, who acts."""


@strategy.command("gaps")
@click.option("--state", "states", multiple=True, help="Only this state (EU code); may be given again.")
@click.option("--initiative", type=click.IntRange(1, 8), help="Only this one of the eight.")
@click.option("--private", is_flag=True, help="Also what states have not published; not to be passed on.")
@AS_JSON
@ON
def gaps_command(
    states: tuple[str, ...], initiative: int | None, private: bool, as_json: bool, on: datetime | None
) -> None:
    """Every gap with the records that cause it and what answers it elsewhere. Exit 3 for a state that is none."""
    from tutela.accounts.policy import HOUSE
    from tutela.cooperation.rules import Refused
    from tutela.strategy import monitor
    from tutela.strategy.models import practices

    by = HOUSE if private else None
    try:
        found = monitor.found(
            on=day(on), by=by, states=[each.strip().upper() for each in states], initiative=initiative
        )
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(REFUSED) from None
    if as_json:
        click.echo(json.dumps(_as_object(found, practices(by)), indent=2, ensure_ascii=False, default=str))
    else:
        _print(found, practices(by))


@strategy.command("actions")
@click.option("--late", is_flag=True, help="Only what is late.")
@AS_JSON
@ON
def actions_command(late: bool, as_json: bool, on: datetime | None) -> None:
    """The priority actions with owner, due day and standing; what is late says by how many days."""
    from tutela.strategy.models import PriorityAction

    asked = day(on)
    every = PriorityAction.objects.all()
    rows = [_action(each, asked) for each in (every.late(asked) if late else every)]
    if as_json:
        counts = {"all": every.count(), "late": every.late(asked).count()}
        click.echo(json.dumps({"on": asked, "n": counts, "actions": rows}, indent=2, ensure_ascii=False, default=str))
        return
    click.echo(f"{len(rows)} actions on {asked}.")
    for row in rows:
        lateness = f", {row['days_late']} days late" if row["days_late"] else ""
        click.echo(f"{row['standing']}{lateness}: {row['country']}, {row['owner']}: {row['what']} (due {row['due']})")


def _action(action: "PriorityAction", on: date) -> dict[str, Any]:
    names = ("initiative", "country", "owner", "what", "due", "done_on", "evidence_url", "reason", "gap")
    told = {name: getattr(action, name) for name in names}
    return {"id": action.pk, **told, "standing": action.standing(on), "days_late": action.days_late(on)}


def _as_object(found: "Found", practices: "tuple[Practice, ...]") -> dict[str, Any]:
    return {
        "on": found.on,
        "n": {"gaps": len(found.gaps), "looks": len(found.looks), "not_measured": len(found.not_measured)},
        "gaps": [_gap(each, practices) for each in found.gaps],
        "looks": [asdict(each) for each in found.looks],
    }


def _gap(gap: "Gap", practices: "tuple[Practice, ...]") -> dict[str, Any]:
    from tutela.strategy.practices import answering

    answers = [
        {"id": each.id, "name": each.name, "state": each.state, "source_url": each.source.source_url}
        for each in answering(gap, practices)
    ]
    return {"key": gap.key, **asdict(gap), "answered_elsewhere": answers}


def _print(found: "Found", practices: "tuple[Practice, ...]") -> None:
    from tutela.strategy.practices import answering

    click.echo(f"{len(found.gaps)} gaps on {found.on}; {len(found.not_measured)} of {len(found.looks)} not measured.")
    for gap in found.gaps:
        click.echo(f"{gap.key}: {gap.sentence} [{', '.join(gap.records)}]")
        for each in answering(gap, practices):
            click.echo(f"    works in {each.state}: {each.name}, {each.source.source_url}")
    for look in found.looks:
        n = f"{look.gaps} of {look.n}" if look.n is not None else f"not measured: {look.why}"
        click.echo(f"{look.state} {look.kind}: {n}")
