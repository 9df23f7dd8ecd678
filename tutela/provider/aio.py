"""The same client for asyncio. What is asked and how answers are read stands in `calls`; only the carrying differs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, Literal, Self, TypeVar

import httpx

from tutela.exchange.matching import Asked, Found
from tutela.exchange.messages import Report
from tutela.provider import calls
from tutela.provider.answered import Followed, Receipt
from tutela.provider.calls import Call
from tutela.provider.client import TIMEOUT_SECONDS
from tutela.provider.errors import Unreachable
from tutela.provider.wire import Credential, Patience, Tries, auth_by, checked, options, unreachable

T = TypeVar("T")


class AsyncTutela:
    """Everything may be repeated, as with `Tutela`. Many calls may wait at once; a cancelled one may be repeated, too.

    Of `patience` all counts but its `sleep`.
    """

    def __init__(
        self,
        server: str,
        credential: Credential,
        *,
        scheme: Literal["bearer", "basic"] = "bearer",
        patience: Patience | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._patience, self._sleep = patience or Patience(), sleep
        self._http = httpx.AsyncClient(
            **options(server, auth_by(scheme, credential), timeout_seconds), transport=transport
        )

    async def send(self, report: Report | bytes, *, key: str | None = None) -> Receipt:
        """`key` is your own number for the report where the message holds none; the same one never names two."""
        return await self._do(calls.send(report, key=key))

    async def complete(self, number: int, report: Report | bytes, *, token: str) -> Receipt:
        return await self._do(calls.complete(number, report, token=token))

    async def follow(self, number: int) -> Followed:
        return await self._do(calls.follow(number))

    async def receipt(self, number: int) -> Receipt:
        return await self._do(calls.receipt(number))

    async def mine(self) -> AsyncIterator[Followed]:
        """All reports of this organisation, oldest first."""
        after: int | None = 0
        while after is not None:
            page = await self._do(calls.page(after))
            for report in page.reports:
                yield report
            after = page.next

    async def match(self, hashes: Iterable[Asked], *, service: str | None = None) -> AsyncIterator[Found]:
        """What the server knows of these, in batches, one after the other. A match is a lead, not a verdict."""
        for call in calls.match(hashes, service):
            for found in await self._do(call):
                yield found

    async def _do(self, call: Call[T]) -> T:
        return call.answer(await self._ask(**call.request()))

    async def _ask(self, *, method: str, path: str, may_repeat: bool, **what: Any) -> httpx.Response:
        tries = Tries(self._patience, may_repeat=may_repeat)
        while True:
            try:
                return tries.answered(await self._once(method, path, **what))
            except Unreachable as error:
                await self._sleep(tries.seconds_after(error))

    async def _once(self, method: str, path: str, **what: Any) -> httpx.Response:
        try:
            return checked(await self._http.request(method, path, **what))
        except httpx.TransportError as error:
            raise unreachable(error) from error

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
