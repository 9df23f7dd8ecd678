"""A bundle for the police under Article 18 of the Digital Services Act, signed with the provider's own key."""

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tutela.exchange import messages
from tutela.exchange.article_18 import KIND, about, bundle_files, recipients, states_named
from tutela.law.authorities import EUROPOL, MEMBER_STATES, authority
from tutela.law.competence import Choice
from tutela.law.dates import today
from tutela.provider.queue import Queue, Queued
from tutela.provider.records import write_whole
from tutela.seals.bundle import write_bundle
from tutela.seals.canonical import digest
from tutela.seals.signatures import Signer


class BadRecipient(ValueError):
    """Whom the bundle is for cannot be said like this; the message says what to change."""


class Seat(NamedTuple):
    """Where the provider is; empty where it has no seat or no representative in the Union."""

    establishment: str = ""
    representative: str = ""


def own_key(directory: Path) -> Signer:
    """Made on first use. Give its public half to the authority by another way than the bundle."""
    return Signer.kept_at(directory.expanduser() / "bundle.key")


def chosen(report: messages.Report, state: str | None, because: str | None, seat: Seat) -> list[Choice]:
    """What a person says comes first, then what the report states. Raises BadRecipient."""
    for name, country in (("--established-in", seat.establishment), ("--represented-in", seat.representative)):
        if country and authority(country) is None:
            raise BadRecipient(f"{name} {country} is no Member State; they are {', '.join(MEMBER_STATES)}.")
    named = states_named(report)
    if state == "unknown":
        named = {}
    elif state:
        found = authority(state)
        if found is None:
            raise BadRecipient(f"--state {state} is no Member State; they are {', '.join(MEMBER_STATES)}, or unknown.")
        if not because and found.country not in named:
            raise BadRecipient(f"Say --because: why {found.country}? The report itself names no person there.")
        named = {found.country: because or named[found.country]}
    if not named and not (seat.establishment or seat.representative) and state is None:
        raise BadRecipient(
            "No state is named. Say --state (with --because) if you know it, else --established-in, the state you are "
            "established in, or --represented-in; or --state unknown if you are in none: then it is for Europol."
        )
    return recipients(
        named,
        establishment=seat.establishment,
        representative=seat.representative,
        on=today(),
    )


def write(queue: Queue, queued: Queued, file: Path, *, told: list[Choice]) -> Queued:
    """On the disk, whole, before the journal says so."""
    report = messages.Report.model_validate_json(queued.raw)
    made_at = datetime.fromisoformat(queued.queued_at)
    data = write_bundle(
        KIND, about(report, told), bundle_files(report, told, made_at=made_at), signer=own_key(queue.directory)
    )
    write_whole(file, data)
    said = {
        "bundle": str(file),
        "sha256": digest(data),
        "written_at": made_at.isoformat(),
        "for": [each.authority for each in told],
    }
    queue.written(queued.id, json.dumps(said).encode())
    return queue.get(queued.id)


def said_of(choice: Choice) -> str:
    """One line for the person who has to hand it over."""
    body = EUROPOL if choice.country == EUROPOL.country else authority(choice.country)
    if body is None:
        return choice.authority
    who = body.name if body.is_named else f"the competent authority of {body.country_name}"
    page = f" {body.contact_page}" if body.is_named and body.contact_page else ""
    note = "" if body.is_named else f" {body.source.note}"
    return f"{who} ({choice.country}): {choice.reason}.{page}{note}"
