"""The providers' machines: they write down, send, hear the answer, write that down; some send twice."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from tutela.demo.ledger import Ledger
from tutela.demo.pictures import Drawn, draw, redraw
from tutela.demo.stories import Pictured, Planned
from tutela.demo.world import Provider
from tutela.exchange.cybertip import write_file_details, write_report
from tutela.exchange.messages import Digest, Item, Report
from tutela.provider.client import Receipt, Tutela, to_bytes
from tutela.provider.errors import NotUnderstood
from tutela.provider.ispws import Ispws
from tutela.provider.wire import Patience

AT_ONCE = 6
LONGEST_WAIT_SECONDS = 1.0
TRIES = 180


class Retries:
    """Waits, and counts how often; so the ledger's resends and the line's own can be told apart."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.count += 1
        time.sleep(seconds)


@dataclass(frozen=True)
class Lines:
    """One provider's two doors."""

    api: Tutela
    ispws: Ispws


class Senders:
    def __init__(self, server: str, providers: list[Provider], ledger: Ledger) -> None:
        self.retries = Retries()
        self._ledger = ledger
        patience = Patience(
            tries=TRIES, first_wait_seconds=0.1, longest_wait_seconds=LONGEST_WAIT_SECONDS, sleep=self.retries.sleep
        )
        self._lines = [
            Lines(
                Tutela(server, one.bearer, patience=patience),
                Ispws(f"{server}/ispws", one.basic, resends_are_linked=True, patience=patience),
            )
            for one in providers
        ]

    def send_all(self, planned: Iterable[Planned], *, after_each: Callable[[], None]) -> None:
        """Several at once, as several providers would. What goes wrong with one is raised, and the rest is not sent."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for sent in as_completed([pool.submit(self._send, one) for one in planned]):
                    sent.result()
                    after_each()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _send(self, planned: Planned) -> None:
        if planned.door == "api":
            self.send_by_api(planned)
        else:
            self._send_by_ispws(planned)

    def send_by_api(self, planned: Planned) -> Receipt:
        raw = to_bytes(with_fingerprints(planned))
        receipt = self._api_once(planned, raw)
        if planned.twice:
            self._api_once(planned, raw)
        return receipt

    def _api_once(self, planned: Planned, raw: bytes) -> Receipt:
        self._ledger.sending(planned.reference, hashlib.sha256(raw).hexdigest())
        receipt = self._lines[planned.provider].api.send(raw)
        self._ledger.accepted(planned.reference, receipt.number)
        return receipt

    def _send_by_ispws(self, planned: Planned) -> None:
        """Files are really uploaded: the server hashes and drops them."""
        line = self._lines[planned.provider].ispws
        raw = write_report(planned.message.model_copy(update={"items": []}))
        digest = hashlib.sha256(raw).hexdigest()
        self._ledger.sending(planned.reference, digest)
        number = _number(line.submit(raw).report_id)
        for pictured, item in zip(planned.pictures, planned.message.items, strict=True):
            uploaded = line.upload(number, drawn(pictured).data, name=item.name or "file")
            line.fileinfo(write_file_details(number, uploaded.file_id, item))
        line.finish(number)
        self._ledger.accepted(planned.reference, number)
        if planned.twice:
            self._ledger.sending(planned.reference, digest)
            self._ledger.accepted(planned.reference, _number(line.submit(raw).report_id))


def drawn(pictured: Pictured) -> Drawn:
    if pictured.variation is None:
        return draw(pictured.number)
    return redraw(pictured.number, variation=pictured.variation)


def with_fingerprints(planned: Planned) -> Report:
    items = [
        _with_fingerprints(item, drawn(pictured))
        for pictured, item in zip(planned.pictures, planned.message.items, strict=True)
    ]
    return planned.message.model_copy(update={"items": items})


def _with_fingerprints(item: Item, picture: Drawn) -> Item:
    digests = [
        Digest(algorithm="MD5", value=picture.digests.md5),
        Digest(algorithm="SHA256", value=picture.digests.sha256),
        Digest(algorithm="PDQ", value=picture.hashed.pdq.hex()),
    ]
    return item.model_copy(update={"digests": digests, "pdq_quality": picture.hashed.quality})


def _number(said: int | None) -> int:
    if said is None:
        raise NotUnderstood("The server answered without a report number.")
    return said
