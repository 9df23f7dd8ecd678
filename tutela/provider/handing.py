"""Write reports down, then hand them over: at once, or later by `tutela queue send`."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import click

from tutela.exchange import messages
from tutela.law.competence import Choice
from tutela.provider import bundling
from tutela.provider.client import Receipt
from tutela.provider.connecting import NOT_ACCEPTED, signed_in
from tutela.provider.delivering import Carrier, Delivered, deliver
from tutela.provider.destinations import BadReport, To, address_of, carrier_to, check_sayable
from tutela.provider.printing import print_plainly, show_receipt
from tutela.provider.queue import ACCEPTED, REFUSED, WAITING, Queue, Queued, opened_queue
from tutela.provider.telling import say


class Parcel(NamedTuple):
    """The bytes of one report; `key` is the sender's number where the message holds no reference."""

    raw: bytes
    key: str | None = None


@dataclass
class Handed:
    queued: list[Queued] = field(default_factory=list)
    exit_code: int = 0


def hand(
    parcels: Sequence[Parcel],
    *,
    to: To,
    directory: Path,
    only_queue: bool,
    seat: bundling.Seat,
    state: str | None,
    because: str | None,
    server: str | None,
    username: str | None,
    secret: str | None,
    file_is_kept: bool = False,
) -> Handed:
    """`file_is_kept`: whoever sends holds the report in a file, so that what is refused need not stay here, too.

    Raises BadRecords and click's errors; what was put down before stays in the queue.
    """
    _check(parcels, to)
    with opened_queue(directory) as queue:
        if to.destination == "bundle":
            return _bundle(queue, parcels, to, lambda report: bundling.chosen(report, state, because, seat))
        if only_queue:
            address = address_of(server)
            put = [queue.put(raw, to=to.destination, server=address, key=key) for raw, key in parcels]
            say(f"{len(put)} written down for {address}. Send with: tutela queue send")
            return Handed(put)
        address, credential = signed_in(server, username, secret)
        put = [queue.put(raw, to=to.destination, server=address, key=key) for raw, key in parcels]
        for each in put:
            if each.state == ACCEPTED:
                show(Delivered(each, _kept_receipt(each)))
        if all(each.state == ACCEPTED for each in put):
            return Handed(put)
        with _still_waiting(queue, put), carrier_to(to.destination, address, credential) as carrier:
            return _deliver(queue, carrier, put, file_is_kept=file_is_kept)


def _check(parcels: Sequence[Parcel], to: To) -> None:
    for raw, _ in parcels:
        try:
            check_sayable(messages.Report.model_validate_json(raw), to.destination)
        except BadReport as error:
            sentence = f"The CyberTipline's wire cannot carry this report; nothing was sent.\n{error}"
            raise click.ClickException(sentence) from error


@contextmanager
def _still_waiting(queue: Queue, put: Sequence[Queued]) -> Iterator[None]:
    try:
        yield
    except Exception:
        waiting = sum(queue.get(each.id).state == WAITING for each in put)
        say(f"Nothing is lost: {waiting} of {len(put)} wait in the queue. Send with: tutela queue send")
        raise


def _deliver(queue: Queue, carrier: Carrier, put: Sequence[Queued], *, file_is_kept: bool) -> Handed:
    """Only what is meant now: what waits from before goes by `tutela queue send`."""
    handed = Handed()
    for done in deliver(queue, carrier, only={each.id for each in put}):
        handed.queued.append(done.queued)
        show(done)
        if done.queued.state == REFUSED:
            handed.exit_code = NOT_ACCEPTED
            if file_is_kept:
                queue.drop(done.queued.id)
    return handed


def _kept_receipt(queued: Queued) -> Receipt | None:
    """What was accepted before is not sent again: elsewhere than here it might count twice."""
    if queued.destination != "tutela" or queued.receipt is None:
        return None
    return Receipt.read(queued.receipt, linked=True)


def show(done: Delivered) -> None:
    queued, name = done.queued, done.queued.reference or done.queued.key or done.queued.sha256[:12]
    if queued.state == REFUSED:
        say(f"Error: {name} was refused: {queued.why}")
    elif done.receipt is not None:
        show_receipt(done.receipt)
    elif queued.state == ACCEPTED:
        print_plainly(f"{name} is accepted as number {queued.number} by {queued.server}.")


def _bundle(
    queue: Queue,
    parcels: Sequence[Parcel],
    to: To,
    chosen: Callable[[messages.Report], list[Choice]],
) -> Handed:
    if len(parcels) > 1 and not (to.file and to.file.is_dir()):
        raise click.UsageError("A bundle holds one report: name a directory (bundle:DIR), or make one with --together.")
    handed = Handed()
    for raw, _ in parcels:
        report = messages.Report.model_validate_json(raw)
        try:
            told = chosen(report)
        except bundling.BadRecipient as error:
            raise click.UsageError(str(error)) from error
        file = to.bundle_named(report.reference or "report")
        queued = queue.put(raw, to="bundle", server=str(file.absolute()))
        handed.queued.append(bundling.write(queue, queued, file, told=told))
        _say_bundle(handed.queued[-1], file, told, queue.directory)
    return handed


def _say_bundle(queued: Queued, file: Path, told: Sequence[Choice], directory: Path) -> None:
    sha256 = json.loads(queued.receipt or b"{}").get("sha256")
    print_plainly(f"{file} is written (SHA-256 {sha256}). Nobody has received it yet: hand it to")
    for choice in told:
        print_plainly(f"  {bundling.said_of(choice)}")
    key = bundling.own_key(directory).public.text()
    print_plainly(f"It verifies with: tutela dossier verify {file} --key-text {key}")
