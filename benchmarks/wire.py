"""The least HTTP/1.1 client that keeps a timetable: a general one costs more processor time than what it measures."""

import asyncio
from typing import Self


class Line:
    """One kept connection; requests one after another."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, *, content_type: str, authorization: str) -> tuple[int, bytes]:
        """Status and body; raises OSError or EOFError where the line breaks."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        assert self._reader is not None
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        try:
            return await self._answer(self._reader)
        except BaseException:
            self.close()
            raise

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return status, await reader.readexactly(length)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Lines:
    """A fixed number of lines; whoever finds none free waits, and the waiting counts."""

    def __init__(self, host: str, port: int, *, number: int) -> None:
        self._free: asyncio.LifoQueue[Line] = asyncio.LifoQueue()
        for _ in range(number):
            self._free.put_nowait(Line(host, port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        while not self._free.empty():
            self._free.get_nowait().close()

    async def take(self) -> Line:
        return await self._free.get()

    def give_back(self, line: Line) -> None:
        self._free.put_nowait(line)
