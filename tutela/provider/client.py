"""The client of our own API: send a report, complete it, follow it; ask what is known of hashes."""

from collections.abc import Iterable, Iterator
from typing import Literal, Self, TypeVar

import httpx

from tutela.exchange.matching import Asked, Found
from tutela.exchange.messages import Report
from tutela.provider import calls
from tutela.provider.answered import Followed, Missing, Receipt
from tutela.provider.calls import Call, to_bytes
from tutela.provider.wire import Credential, Patience, Wire, auth_by

TIMEOUT_SECONDS = 30.0
T = TypeVar("T")


class Tutela:
    """Everything may be repeated: reading changes nothing, and an identical resend is linked, never counted twice."""

    def __init__(
        self,
        server: str,
        credential: Credential,
        *,
        scheme: Literal["bearer", "basic"] = "bearer",
        patience: Patience | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(
            server,
            auth_by(scheme, credential),
            patience=patience or Patience(),
            timeout_seconds=timeout_seconds,
            transport=transport,
        )

    def send(self, report: Report | bytes, *, key: str | None = None) -> Receipt:
        """`key` is your own number for the report where the message holds none; the same one never names two."""
        return self._do(calls.send(report, key=key))

    def complete(self, number: int, report: Report | bytes, *, token: str) -> Receipt:
        return self._do(calls.complete(number, report, token=token))

    def follow(self, number: int) -> Followed:
        return self._do(calls.follow(number))

    def receipt(self, number: int) -> Receipt:
        return self._do(calls.receipt(number))

    def mine(self) -> Iterator[Followed]:
        """All reports of this organisation, oldest first."""
        after: int | None = 0
        while after is not None:
            page = self._do(calls.page(after))
            yield from page.reports
            after = page.next

    def match(self, hashes: Iterable[Asked], *, service: str | None = None) -> Iterator[Found]:
        """What the server knows of these, any number of them, in batches. A match is a lead, not a verdict.

        `position` counts from the first hash given; hashes that are not known are not named. `service` is whose users'
        material this is, interpersonal or hosting: refused on a day on which no law allows it to compare.
        """
        for call in calls.match(hashes, service):
            yield from self._do(call)

    def _do(self, call: Call[T]) -> T:
        return call.answer(self._wire.ask(**call.request()))

    def close(self) -> None:
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


__all__ = ["Followed", "Missing", "Receipt", "Tutela", "to_bytes"]
