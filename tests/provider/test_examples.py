"""The examples of the documentation do what they say: leads come out, and nothing is blocked."""

import asyncio
import importlib.util
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import RequestFactory

from tests.provider import kept
from tutela.demo.pictures import draw, redraw
from tutela.provider import hashing
from tutela.provider.comparing import Comparer
from tutela.provider.leads import read_leads

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
CHANGED, SAME, OTHER = redraw(1, variation=3).data, draw(1).data, draw(77).data


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def comparer(tmp_path_factory):
    return Comparer(kept.keep(tmp_path_factory.mktemp("lists")))


def leads_in(path):
    return list(read_leads(path.read_text().splitlines())) if path.exists() else []


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda file: file.stem)
def test_each_is_short_and_says_what_a_match_is_not(file):
    text = file.read_text()
    assert len(text.splitlines()) < 80
    said = re.sub(r"\s+", " ", text)
    assert "A match is a lead, not a verdict: a person decides" in said
    assert "must never be blocked by itself" in said


def test_the_watcher_waits_until_a_file_is_whole_and_compares_it_once(tmp_path, comparer):
    watcher, folder, leads = example("folder_watcher"), tmp_path / "in", tmp_path / "leads"
    folder.mkdir()
    seen = {}
    (folder / "a").write_bytes(CHANGED[:100])
    assert list(watcher.settled(folder, seen)) == []
    (folder / "a").write_bytes(CHANGED)
    assert list(watcher.settled(folder, seen)) == []
    assert list(watcher.settled(folder, seen)) == [folder / "a"]
    assert list(watcher.settled(folder, seen)) == []
    (folder / "b").write_bytes(OTHER)
    watcher.watch(folder, leads, comparer, rounds=4, wait=0)
    assert [(lead.name, len(lead.matches)) for lead in leads_in(leads)] == [(str(folder / "a"), 1)]
    assert (folder / "a").read_bytes() == CHANGED


def test_an_upload_is_compared_while_it_comes_in_and_arrives_whole(tmp_path, settings, comparer, monkeypatch):
    module = example("django_upload_handler")
    monkeypatch.setattr(module, "comparer", comparer)
    settings.TUTELA_LEADS = str(tmp_path / "leads")
    files = {name: BytesIO(data) for name, data in (("changed", CHANGED), ("same", SAME), ("other", OTHER))}
    request = RequestFactory().post("/", files)
    request.upload_handlers = [module.ComparingHandler(request), MemoryFileUploadHandler(request)]
    assert {name: file.read() for name, file in request.FILES.items()} == {
        "changed": CHANGED, "same": SAME, "other": OTHER,
    }  # fmt: skip
    assert [lead.is_exact for lead in request.tutela_leads] == [False, True]
    assert leads_in(tmp_path / "leads") == request.tutela_leads
    assert "changed" not in (tmp_path / "leads").read_text()


def test_an_upload_that_is_too_long_to_hold_goes_through_uncompared(tmp_path, settings, comparer, monkeypatch):
    module = example("django_upload_handler")
    monkeypatch.setattr(module, "comparer", comparer)
    monkeypatch.setattr(module, "HELD_BYTES", 1000)
    settings.TUTELA_LEADS = str(tmp_path / "leads")
    request = RequestFactory().post("/", {"a": BytesIO(SAME)})
    request.upload_handlers = [module.ComparingHandler(request), MemoryFileUploadHandler(request)]
    assert request.FILES["a"].read() == SAME and leads_in(tmp_path / "leads") == []


@pytest.mark.parametrize(("body", "exact"), [(SAME, [True]), (CHANGED, [False]), (OTHER, [])])
def test_a_body_is_compared_on_its_way_and_the_service_gets_all_of_it(tmp_path, comparer, body, exact):
    got = []

    async def service(scope, receive, send):
        while True:
            message = await receive()
            got.append(message["body"])
            if not message.get("more_body"):
                await send({"type": "http.response.start", "status": 204, "headers": []})
                return

    middleware = example("asgi_middleware").ComparingMiddleware(service, leads=tmp_path / "leads", comparer=comparer)
    sent = put(middleware, body)
    assert (b"".join(got), sent[0]["status"]) == (body, 204)
    assert [(lead.name, lead.is_exact) for lead in leads_in(tmp_path / "leads")] == [("/a", one) for one in exact]


def test_what_is_no_file_passes_the_middleware_untouched(tmp_path):
    async def service(scope, receive, send):
        await send(await receive())

    middleware = example("asgi_middleware").ComparingMiddleware(service, leads=tmp_path / "leads", comparer=None)
    assert put(middleware, b"{}", kind=b"application/json") == [{"type": "http.request", "body": b"{}"}]


def put(app, body, kind=b"image/jpeg"):
    half = len(body) // 2
    parts = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:]},
    ]
    parts = parts if kind == b"image/jpeg" else [{"type": "http.request", "body": body}]
    sent = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/a", "headers": [(b"Content-Type", kind)]}
    asyncio.run(app(scope, receive, send))
    return sent


def test_lists_are_looked_for_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("TUTELA_LISTS", str(kept.keep(tmp_path)))
    assert Comparer().stream("a", BytesIO(SAME)).is_exact


def test_a_list_that_changed_counts_after_a_while(tmp_path, monkeypatch):
    kept.keep(tmp_path, count=1)
    comparer = Comparer(tmp_path)
    assert not comparer.stream("a", BytesIO(SAME)).matches
    kept.keep(tmp_path, count=3)
    assert not comparer.stream("a", BytesIO(SAME)).matches
    monkeypatch.setattr("tutela.provider.comparing.LOOKS_AGAIN_SECONDS", -1.0)
    assert comparer.stream("a", BytesIO(SAME)).is_exact
    assert len(SAME) < hashing.HELD_BYTES
