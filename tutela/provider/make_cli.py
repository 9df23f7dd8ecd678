"""`tutela report make`: from the leads of `tutela match` to reports with their receipts."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from tutela.exchange.completeness import completeness
from tutela.exchange.messages import Report
from tutela.provider.asking import ask, ask_for_whom
from tutela.provider.bundling import Seat
from tutela.provider.client import to_bytes
from tutela.provider.connecting import server_options
from tutela.provider.destinations import To, bundle_options, to_option
from tutela.provider.handing import Parcel, hand
from tutela.provider.known import Answers, BadAnswers, Known, choices, from_flags, read_answers
from tutela.provider.leads import BadLeads, Lead, read_leads
from tutela.provider.queue import REFUSED, opened_queue, strongest
from tutela.provider.records import records_option, said_of_records, write_whole
from tutela.provider.reporting import Lack, Said, check_said_of_each, lacks, new_reference, write_report
from tutela.provider.telling import say

LACKING = 4
"""Something is missing, and each is named: nothing was made and nothing sent."""
MOST_NAMED = 4
_ANSWERS = click.Path(exists=True, dir_okay=False, path_type=Path)


def known_options(command: Any) -> Any:
    for name, field in reversed(Known.model_fields.items()):
        words = choices(name)
        described = f"{field.description}" + (f" [{'|'.join(words)}]" if words else "")
        shown = f"{described[0].upper()}{described[1:]}."
        command = click.option(f"--{name.replace('_', '-')}", name, metavar="", help=shown)(command)
    return command


@click.command("make")
@click.argument("leads", type=click.File("r", encoding="utf-8"))
@to_option(default=None)
@click.option("--answers", "files", multiple=True, type=_ANSWERS, help='JSON: {"all": {…}, "leads": {NAME: {…}}}.')
@click.option("--together", is_flag=True, help="One report of all leads: one person's, one incident.")
@click.option("--incomplete", is_flag=True, help="Do not hold a report back for what would only make it better.")
@click.option("--again", is_flag=True, help="Report files anew that were reported before.")
@click.option("--queue", "only_queue", is_flag=True, help="Write them down and send them later: tutela queue send.")
@click.option("--keep", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="Keep each as DIR/REFERENCE.json, to complete it later.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask at the end whether to send.")
@known_options
@bundle_options
@records_option
@server_options
def make(
    *,
    leads: TextIO,
    to: To | None,
    files: tuple[Path, ...],
    together: bool,
    incomplete: bool,
    again: bool,
    only_queue: bool,
    keep: Path | None,
    yes: bool,
    directory: Path,
    established_in: str,
    represented_in: str,
    **said: Any,
) -> None:
    """From LEADS (what `tutela match` wrote, or - for standard input) to reports: one for each file, or one --together.

    Hashes and facts come from the leads. The rest is asked for by name: on a terminal one after the other; elsewhere
    say it by flags or in --answers, where null means that it is not known. Nothing is made up. What only looks alike
    must have been looked at by a person: --viewed-by, --viewed-at, --viewed-as. Other users of the machine see flags
    while the command runs: a person's data is better in --answers.

    Without --to the reports are written to standard output, one JSON a line, and nothing is sent.

    Exit 0: done. 1: a report was refused. 2: used wrongly. 3: the server was not reached; all wait in the queue.
    4: something is missing; each thing is named, and nothing was sent.
    """
    flags = {name: said.pop(name) for name in Known.model_fields}
    if only_queue and (to is None or to.destination == "bundle"):
        raise click.UsageError("--queue needs --to tutela or --to ncmec.")
    found, answers = _read(leads, files, flags, together=together)
    with said_of_records():
        if to is not None and not again:
            found = list(_new(found, directory, to))
        asks = leads.name != "<stdin>" and sys.stdin.isatty() and sys.stderr.isatty()
        groups = [found] if together and found else [[lead] for lead in found]
        for group in groups if asks else ():
            answers = ask(group, answers, reporter_needed=_is_ncmec(to))
        groups = [group for group in (_worth_reporting(group, answers) for group in groups) if group]
        _check_complete(groups, answers, reporter_needed=_is_ncmec(to), incomplete=incomplete or asks)
        parcels = [_parcel(group, answers) for group in groups]
        if keep:
            _keep(parcels, keep)
        if to is None or not parcels:
            _print(parcels)
            return
        seat = Seat(established_in, represented_in)
        if asks:
            if to.destination == "bundle":
                said["state"], said["because"], seat = ask_for_whom(parcels, said["state"], said["because"], seat)
            if not yes and not click.confirm(f"\n{_question(parcels, to)}", default=False, err=True):
                say("Nothing was sent.")
                return
        handed = hand(parcels, to=to, directory=directory, only_queue=only_queue, seat=seat, **said)
        _forget_refused(found, directory)
    sys.exit(handed.exit_code)


def _is_ncmec(to: To | None) -> bool:
    return to is not None and to.destination == "ncmec"


def _read(
    leads: TextIO, files: Sequence[Path], flags: dict[str, str | None], *, together: bool
) -> tuple[list[Lead], Answers]:
    try:
        read = list(read_leads(leads))
        answers = read_answers(files).but(Answers.model_construct(all=from_flags(flags), leads={}))
        answers.check_names(read)
        found = [lead for lead in read if lead.matches]
        check_said_of_each(found, answers, together=together)
    except UnicodeDecodeError:
        raise click.UsageError("These are no leads: they are not text. Give what `tutela match` wrote.") from None
    except (BadLeads, BadAnswers) as error:
        raise click.UsageError(str(error)) from error
    if len(found) < len(read):
        say(f"{len(read) - len(found)} of {len(read)} match nothing and are left out.")
    if not found:
        say("There is nothing to report here.")
    return found, answers


def _new(leads: Iterable[Lead], directory: Path, to: To) -> Iterable[Lead]:
    """A file that was reported there is not reported there again by a slip."""
    with opened_queue(directory) as queue:
        for lead in leads:
            said = queue.of_file(_digest(lead))
            before = [each for each in said if each.state != REFUSED and each.destination == to.destination]
            if not before:
                yield lead
                continue
            last = before[-1]
            number = f" as number {last.number}" if last.number else ""
            where = f"{last.state}{number} since {last.queued_at}, {last.destination} {last.server}"
            say(f"{lead.name} is left out: {where}. Say --again to report it anew.")


def _digest(lead: Lead) -> list[str]:
    named = {"SHA256": lead.sha256, "SHA1": lead.sha1, "MD5": lead.md5, "PDQ": lead.pdq}
    found = strongest({name: value for name, value in named.items() if value})
    return [found] if found else []


def _worth_reporting(group: Sequence[Lead], answers: Answers) -> list[Lead]:
    kept = []
    for lead in group:
        if answers.of(lead).viewed_as == "nothing":
            say(f"{lead.name} is left out: who looked saw nothing to report. A wrong entry? Tell the list's owner.")
        else:
            kept.append(lead)
    return kept


def _said(group: Sequence[Lead], answers: Answers) -> list[Said]:
    return [Said(lead, answers.of(lead)) for lead in group]


def _check_complete(
    groups: Sequence[Sequence[Lead]], answers: Answers, *, reporter_needed: bool, incomplete: bool
) -> None:
    try:
        found = [(group, lacks(_said(group, answers), reporter_needed=reporter_needed)) for group in groups]
    except BadAnswers as error:
        raise click.UsageError(str(error)) from error
    missing = [(group, lack) for group, all_ in found for lack in all_ if lack.needed or not incomplete]
    if not missing:
        return
    say("Nothing was made. Missing:")
    of: dict[Lack, list[str]] = {}
    for group, lack in missing:
        names = [lack.lead] if lack.lead else [lead.name for lead in group]
        of.setdefault(lack._replace(lead=""), []).extend(names)
    for lack, names in of.items():
        say(_line(lack, names))
    if not any(lack.needed for _, lack in missing):
        say("Answer each, or with null where it is not known; or say --incomplete to go on without.")
    sys.exit(LACKING)


def _line(lack: Lack, names: Sequence[str]) -> str:
    flags = (" or " if lack.either else " and ").join(f"--{name.replace('_', '-')}" for name in lack.names)
    kind = "needed" if lack.needed else "wished"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    of = ", ".join(names[:MOST_NAMED]) + more
    return f"  {flags or 'another lead'} ({kind}): {lack.what}\n      without it: {lack.without}\n      for: {of}"


def _parcel(group: Sequence[Lead], answers: Answers) -> Parcel:
    try:
        report = write_report(_said(group, answers), reference=new_reference())
    except BadAnswers as error:
        raise click.UsageError(str(error)) from error
    points = completeness(report).points
    say(f"{report.reference}: {len(report.items)} file{'s' * (len(report.items) > 1)}, complete {points} of 100")
    return Parcel(to_bytes(report))


def _question(parcels: Sequence[Parcel], to: To) -> str:
    verb = "Write" if to.destination == "bundle" else "Send"
    return f"{verb} {len(parcels)} report{'s' * (len(parcels) > 1)} to {to.file or to.destination} now?"


def _keep(parcels: Sequence[Parcel], directory: Path) -> None:
    for raw, _ in parcels:
        write_whole(directory / f"{Report.model_validate_json(raw).reference}.json", raw)


def _print(parcels: Sequence[Parcel]) -> None:
    for raw, _ in parcels:
        click.echo(raw.decode())


def _forget_refused(leads: Iterable[Lead], directory: Path) -> None:
    """What was refused before is replaced by what was made now."""
    with opened_queue(directory) as queue:
        for lead in leads:
            said = queue.of_file(_digest(lead))
            for each in said[:-1]:
                if each.state == REFUSED:
                    queue.drop(each.id)
