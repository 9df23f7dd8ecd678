"""Compare what is uploaded to an ASGI service with the lists on this machine, while it comes in.

    app = ComparingMiddleware(app, leads="/srv/yourservice/leads.jsonl")

For services that take one file as the body of a request (PUT or POST of image/*, video/* or application/octet-stream).
A match is a lead, not a verdict: a person decides. Each one is written as a line to `leads`, which `tutela report`
reads. The request goes on unchanged whatever is found: a picture that only looks alike must never be blocked by itself,
and even an exact match is somebody's to look at.
"""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from tutela.provider.comparing import Comparer
from tutela.provider.hashing import HELD_BYTES

FILES = (b"image/", b"video/", b"application/octet-stream")
App = Callable[[Any, Any, Any], Awaitable[None]]


class ComparingMiddleware:
    def __init__(self, app: App, *, leads: str, comparer: Comparer | None = None) -> None:
        self.app, self.leads = app, Path(leads)
        self.comparer = comparer or Comparer()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] not in ("PUT", "POST") or not is_file(scope["headers"]):
            await self.app(scope, receive, send)
            return
        held = BytesIO()

        async def reading() -> Any:
            message = await receive()
            # What is longer is compared later, from where the service keeps it.
            if held.tell() <= HELD_BYTES:
                held.write(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body") and held.tell() <= HELD_BYTES:
                await asyncio.to_thread(self.compare, scope["path"], held)
            return message

        await self.app(scope, reading, send)

    def compare(self, path: str, held: BytesIO) -> None:
        held.seek(0)
        lead = self.comparer.stream(path, held)
        if lead.matches:
            with self.leads.open("a", encoding="utf-8") as out:
                out.write(lead.line())


def is_file(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.lower().startswith(FILES) for name, value in headers)
