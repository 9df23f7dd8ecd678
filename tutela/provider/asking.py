"""Ask a person at a terminal for what is missing, by its name, with what follows where it stays unknown."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from tutela.exchange.messages import Report
from tutela.provider.bundling import BadRecipient, Seat, chosen
from tutela.provider.handing import Parcel
from tutela.provider.known import OF_THE_PROVIDER, Answers, BadAnswers, Known, choices, one_answer
from tutela.provider.leads import NOTE, Lead
from tutela.provider.reporting import DEPENDS_ON, VIEWED, Lack, Said, lacks, only_looks_alike


def ask(leads: Sequence[Lead], answers: Answers, *, reporter_needed: bool) -> Answers:
    """What is still missing of these leads, which become one report. Enter says: not known."""
    for lead in leads:
        _show(lead)
        answers = _about(lead, answers)
        if answers.of(lead).viewed_as == "nothing":
            return answers
    tried: set[Lack] = set()
    while lack := next((each for each in _open(leads, answers, reporter_needed) if each not in tried), None):
        if not lack.needed:
            tried.add(lack)
        _explain(lack)
        for name in lack.names:
            answers = _asked(name, answers, needed=lack.needed and not lack.either, of=leads)
            if _is_enough(lack, name, answers.of(leads[0])):
                break
    return answers


def _is_enough(lack: Lack, name: str, known: Known) -> bool:
    """One of several was answered; or it is not known, and the rest hangs on it."""
    if lack.either:
        return getattr(known, name) is not None
    return getattr(known, name) is None and name in DEPENDS_ON.values()


def ask_for_whom(
    parcels: Sequence[Parcel], state: str | None, because: str | None, seat: Seat
) -> tuple[str | None, str | None, Seat]:
    """After a long talk nothing is refused for a flag that was not said: whom the bundle is for is asked, too."""
    while True:
        try:
            for raw, _ in parcels:
                chosen(Report.model_validate_json(raw), state, because, seat)
            return state, because, seat
        except BadRecipient as error:
            click.echo(f"\n{error}", err=True)
        state = click.prompt("state — the Member State concerned, two letters, or unknown", err=True).strip()
        state = state if state == "unknown" else state.upper()
        if state == "unknown":
            said = click.prompt("established_in — your own state; Enter if in none", "", show_default=False, err=True)
            seat = Seat(said.strip().upper(), seat.representative)
        else:
            because = click.prompt("because — why that state, in a sentence", err=True)


def _open(leads: Sequence[Lead], answers: Answers, reporter_needed: bool) -> list[Lack]:
    return [
        lack
        for lack in lacks([Said(lead, answers.of(lead)) for lead in leads], reporter_needed=reporter_needed)
        if lack.names and not lack.lead
    ]


def _show(lead: Lead) -> None:
    alike = "only looks alike; a person must look before anything is said of it"
    how = alike if only_looks_alike(lead) else "this very file"
    click.secho(f"\n{lead.name}: {how}", bold=True, err=True)
    for match in lead.matches:
        near = f"{match.distance_bits} of {match.threshold_bits} bits" if match.threshold_bits else "equal"
        click.echo(f"  {match.list} {match.reference} ({match.classification}; {match.kind}, {near})", err=True)
    click.echo(f"  {NOTE}", err=True)


def _about(lead: Lead, answers: Answers) -> Answers:
    """What is needed of this file, one name after the other."""
    while missing := next((lack for lack in lacks([Said(lead, answers.of(lead))]) if lack.lead and lack.names), None):
        _explain(missing)
        for name in missing.names:
            answers = _asked(name, answers, needed=True, of=[lead])
            if name == "viewed_as" and answers.of(lead).viewed_as == "nothing":
                return answers
    if not only_looks_alike(lead) and not any(answers.of(lead).is_said(name) for name in VIEWED):
        if click.confirm("Has a person at your service looked at it?", default=False, err=True):
            for name in VIEWED:
                answers = _asked(name, answers, needed=True, of=[lead])
        else:
            answers = answers.but(_of([lead], one_answer("viewed_by", "")))
    return answers


def _explain(lack: Lack) -> None:
    click.secho(f"\nMissing: {lack.what}.", err=True, bold=lack.needed)
    click.echo(f"  Without it: {lack.without}." + ("" if lack.needed else " Enter if it is not known."), err=True)


def _asked(name: str, answers: Answers, *, needed: bool, of: Sequence[Lead]) -> Answers:
    words = choices(name)
    shown = f"{name} — {Known.model_fields[name].description}" + (f" [{', '.join(words)}]" if words else "")
    while True:
        text = click.prompt(shown, default=None if needed else "", show_default=False, err=True)
        try:
            said = one_answer(name, _moment_of(text))
        except BadAnswers as error:
            click.echo(str(error), err=True)
            continue
        # What was answered of one account must not slip into the next report.
        return answers.but(Answers(all=said) if name in OF_THE_PROVIDER else _of(of, said))


def _moment_of(text: str) -> str:
    """Whoever looks while the question stands need not look up the time."""
    return datetime.now(UTC).isoformat(timespec="seconds") if text.strip() == "now" else text


def _of(leads: Sequence[Lead], said: Known) -> Answers:
    return Answers.model_construct(all=Known(), leads={lead.name: said for lead in leads})
