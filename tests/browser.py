"""A real browser before a real server on loopback; import the fixtures `site`, `browser` and `visit` to use them.

Without a Chromium on this machine the tests skip and say so.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


def chromium() -> str | None:
    """The path named by TUTELA_CHROMIUM, or the first Chromium on the search path."""
    named = os.environ.get("TUTELA_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(fresh_database: object) -> Iterator[str]:
    """The whole house behind http://localhost:PORT, on this test's own database."""
    with served() as origin:
        yield origin


@contextmanager
def served() -> Iterator[str]:
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install one or set TUTELA_CHROMIUM")
    with _beside_playwrights_loop(), sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def _beside_playwrights_loop() -> Iterator[None]:
    # Playwright keeps an event loop in this thread, in which Django would refuse every query.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@dataclass
class Visit:
    """One reader's browser: what it asked for and what it complained about."""

    page: Page
    origin: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def asked(self, request: Request) -> None:
        self.requests.append(request)

    @property
    def third_party(self) -> list[str]:
        return [request.url for request in self.requests if not request.url.startswith(self.origin)]

    def go(self, path: str) -> Page:
        answer = self.page.goto(self.origin + path)
        # The page that says a fault is ours is a fine page, too, and every rule would pass on it.
        assert answer and answer.status < 500, (path, answer and answer.status)
        return self.page

    def axe(self, *rules: str) -> list[str]:
        """Each violation in a line: the rule and the first place. All rules where none is named."""
        # Only these are written out: what passed is a hundred times as much to carry from one process to the other.
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = list(rules)
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]

    def is_wider_than_its_window(self) -> bool:
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(wider))

    def photograph(self, name: str) -> None:
        """Kept only where TUTELA_SCREENSHOTS names a folder, for people to look at."""
        folder = os.environ.get("TUTELA_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


Visiting = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visiting]:
    """`visit(width=360, scheme="dark", java_script_enabled=False)`: a fresh context each time, closed at the end."""
    opened: list[BrowserContext] = []

    def start(*, width: int = 1280, scheme: Any = "light", **more: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
        opened.append(context)
        visit = Visit(page=context.new_page(), origin=site)
        context.on("request", visit.asked)
        visit.page.on("console", lambda said: visit.complaints.append(said.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield start
    for context in opened:
        context.close()
