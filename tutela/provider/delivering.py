"""Bring what waits in the queue to where it goes, so that it arrives once, however often this is cut short."""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from tutela.exchange import messages
from tutela.exchange.cybertip import BadReport, Code, write_file_details, write_report
from tutela.provider.client import Receipt, Tutela
from tutela.provider.errors import BadMessage, NotFound, NotUnderstood, Refused, WrongState
from tutela.provider.ispws import Ispws
from tutela.provider.queue import REGISTERED, Destination, Queue, Queued


class Delivered(NamedTuple):
    """`queued` says whether it was accepted; `receipt` is a Tutela server's own."""

    queued: Queued
    receipt: Receipt | None = None


class Carrier(Protocol):
    to: Destination
    server: str

    def carry(self, queued: Queued, queue: Queue) -> Receipt | None:
        """Raises TutelaError."""


def deliver(queue: Queue, carrier: Carrier, *, only: Collection[int] | None = None) -> Iterator[Delivered]:
    """One after the other. What the server refuses for itself does not hold back the others; where the server, or this
    credential, is the trouble, everything goes on waiting and the error is raised."""
    with queue.sending():
        for queued in queue.waiting(carrier.to, carrier.server):
            if only is not None and queued.id not in only:
                continue
            try:
                receipt = carrier.carry(queued, queue)
            except (BadMessage, WrongState, BadReport) as error:
                queue.refused(queued.id, _why(error))
                yield Delivered(queue.get(queued.id))
            else:
                yield Delivered(queue.get(queued.id), receipt)


def _why(error: Exception) -> str:
    faults = error.faults if isinstance(error, Refused) else ()
    return f"{error}" + "".join(f"; {fault.where}: {fault.rule}" for fault in faults)


class ToTutela:
    to: Destination = "tutela"

    def __init__(self, server: str, api: Tutela) -> None:
        self.server, self._api = server, api

    def carry(self, queued: Queued, queue: Queue) -> Receipt:
        receipt = self._api.send(queued.raw, key=queued.key)
        queue.accepted(queued.id, receipt.number, receipt.raw)
        return receipt


class ToNcmec:
    """A repeated call may mean a second report there, so each step is written down before the next.

    Before /finish nothing counts: what was opened and cut is retracted and begun anew, or expires there by itself.
    /finish alone is repeated; the answer "finished before" then says that it is done.
    """

    to: Destination = "ncmec"

    def __init__(self, server: str, ispws: Ispws, *, files_by_hash: bool) -> None:
        """`files_by_hash`: the server registers a file without its bytes, as ours does. Elsewhere the hashes are told
        in words, because no file leaves this machine."""
        self.server, self._ispws, self._files_by_hash = server, ispws, files_by_hash

    def carry(self, queued: Queued, queue: Queue) -> None:
        number = queued.number
        if queued.step != REGISTERED or number is None or not self._finished_now_or_before(number):
            self._give_up(queued, queue)
            number = self._register(queued, queue)
            self._ispws.finish(number)
        said = {"report": number, "server": self.server, "finished_at": datetime.now(UTC).isoformat(timespec="seconds")}
        queue.accepted(queued.id, number, json.dumps(said).encode())

    def _finished_now_or_before(self, number: int) -> bool:
        """False: it expired there, or was retracted, and nothing of it stands."""
        try:
            self._ispws.finish(number)
        except WrongState as error:
            return error.code == Code.ALREADY_FINISHED
        except NotFound:
            return False
        return True

    def _give_up(self, queued: Queued, queue: Queue) -> None:
        if queued.number is None:
            return
        if not self._files_by_hash:
            # Ours would link what is sent again to the retracted report, and goes on with an open one by itself.
            with suppress(WrongState, BadMessage, NotFound):
                self._ispws.retract(queued.number)
        queue.opened(queued.id, None)

    def _register(self, queued: Queued, queue: Queue) -> int:
        report, items = as_cybertip(messages.Report.model_validate_json(queued.raw), self._files_by_hash)
        number = self._ispws.submit(write_report(report)).report_id
        if number is None:
            raise NotUnderstood("The server answered without a report number.")
        queue.opened(queued.id, number)
        for item in items:
            self._ispws.fileinfo(write_file_details(number, None, item))
        queue.registered(queued.id)
        return number


def as_cybertip(report: messages.Report, files_by_hash: bool) -> tuple[messages.Report, list[messages.Item]]:
    """What that wire has no field for is said in words: our reference, who keeps an original, hashes without files."""
    told = [*report.additional]
    if report.reference:
        told.append(f"Our reference: {report.reference}")
    if not files_by_hash:
        told += [_in_words(number, item) for number, item in enumerate(report.items, 1)]
    items = [_without_keeping(item) for item in report.items] if files_by_hash else []
    return report.model_copy(update={"additional": told, "items": []}), items


def _without_keeping(item: messages.Item) -> messages.Item:
    kept = _kept(item)
    told = [*item.additional, kept] if kept else item.additional
    return item.model_copy(update={"original": None, "reference": None, "additional": told})


def _in_words(number: int, item: messages.Item) -> str:
    """Short, because all files of a report share 20,000 characters there: of many matches the nearest, no frames."""
    facts = [f"{each.algorithm} {each.value}" for each in item.digests]
    facts += [
        f"{each.name}: {each.value}" for each in item.properties if not re.match(r"vpdq\.|match\.(?!1\.)", each.name)
    ]
    facts += [said for said in (item.url, _kept(item)) if said]
    return "\n".join([f"File {number} (not sent; by its hashes):", *facts])


def _kept(item: messages.Item) -> str:
    if item.original is None:
        return ""
    until = f" until {item.original.until}" if item.original.until else ""
    return f"The original is kept by {item.original.holder}{until}."
