"""A service of the CyberTipline's wire that is not ours: it links nothing, and every /submit opens another report."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs

from tutela.exchange.cybertip import Code, answer, done_answer


class Foreign:
    def __init__(self) -> None:
        self.server = ""
        self.opened: dict[int, bytes] = {}
        self.finished: dict[int, bytes] = {}
        self._numbers = count(500)
        self._lock = threading.Lock()

    def answer(self, call: str, body: bytes) -> tuple[int, bytes]:
        with self._lock:
            if call == "status":
                return 200, answer(Code.OK)
            if call == "submit":
                number = next(self._numbers)
                self.opened[number] = body
                return 200, answer(Code.OK, report_id=number)
            if call == "fileinfo":
                # It knows files by their ids alone.
                return 400, answer(Code.FILE_MISSING)
            number = int(parse_qs(body.decode())["id"][0])
            return self._settled(call, number)

    def _settled(self, call: str, number: int) -> tuple[int, bytes]:
        say = done_answer if call == "finish" else answer
        if number in self.finished:
            return 409, say(Code.ALREADY_FINISHED, report_id=number)
        if number not in self.opened:
            return 404, say(Code.REPORT_MISSING, report_id=number)
        said = self.opened.pop(number)
        if call == "finish":
            self.finished[number] = said
        return 200, say(Code.OK, report_id=number)

    def texts(self) -> list[str]:
        """What each finished report says in its own words, to tell them apart."""
        return sorted(re.search(r"text-[0-9]+", said.decode()).group() for said in self.finished.values())


@contextmanager
def standing() -> Iterator[Foreign]:
    foreign = Foreign()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, said = foreign.answer(self.path.rpartition("/")[2], body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """A test's output is no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        foreign.server = f"http://127.0.0.1:{server.server_port}/ispws"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield foreign
        server.shutdown()
        thread.join()
