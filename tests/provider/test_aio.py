"""The client for asyncio says and reads the same as the other one: it is written once."""

import ast
import asyncio
import inspect
from pathlib import Path

import httpx
import pytest

from tests import cast
from tests.indicators.stories import active
from tests.indicators.stories import sha256 as file
from tests.provider.conftest import ONCE
from tests.provider.test_wire import CREDENTIAL, HERE, busy, lost
from tests.provider.written import item
from tutela.accounts.policy import Role
from tutela.exchange.matching import Asked
from tutela.provider import aio, calls
from tutela.provider.aio import AsyncTutela
from tutela.provider.client import Tutela, to_bytes
from tutela.provider.errors import Busy, NotFound, NotUnderstood, Unreachable, WhoAreYou
from tutela.provider.wire import Credential, Patience
from tutela.reports.models import Report, Resend


def run(house, story, credential=None):
    async def told():
        async with AsyncTutela(house.server, credential or house.bearer, patience=ONCE) as api:
            return await story(api)

    return asyncio.run(told())


def verbs(client):
    return {
        name: [(each.name, each.kind, each.default) for each in inspect.signature(one).parameters.values()]
        for name, one in vars(client).items()
        if inspect.isfunction(one) and not name.startswith("_")
    }


def test_both_clients_have_the_same_verbs_with_the_same_words():
    assert verbs(AsyncTutela) == verbs(Tutela)


def test_neither_client_builds_a_request_or_reads_an_answer_itself():
    for module in ("client", "aio"):
        tree = ast.parse((Path(aio.__file__).parent / f"{module}.py").read_text())
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not used & {"content", "json", "is_success", "status_code", "headers", "model_validate_json"}
    public = {name for name, one in vars(calls).items() if inspect.isfunction(one) and not name.startswith("_")}
    assert {"send", "complete", "follow", "receipt", "page", "match"} <= public


def test_a_report_is_sent_linked_completed_and_followed(house):
    message = cast.report()
    fuller = message.model_copy(update={"items": [item(1)]})

    async def story(api):
        first, again = await api.send(message), await api.send(to_bytes(message))
        better = await api.complete(first.number, fuller, token=first.complete_with)
        return first, again, better, await api.follow(first.number), await api.receipt(first.number)

    first, again, better, followed, latest = run(house, story)
    assert (first.linked, again.linked, again.raw) == (False, True, first.raw)
    assert better.completeness > first.completeness
    assert (followed.number, followed.state) == (first.number, "finished")
    assert latest.raw == better.raw
    assert (Report.objects.count(), Resend.objects.count()) == (1, 1)


def test_many_are_sent_at_once_and_listed_page_by_page(house, monkeypatch):
    monkeypatch.setattr(calls, "REPORTS_A_PAGE", 3)

    async def story(api):
        sent = await asyncio.gather(*(api.send(cast.report()) for _ in range(7)))
        return {each.number for each in sent}, [each.number async for each in api.mine()]

    sent, mine = run(house, story)
    assert sorted(sent) == mine and len(mine) == 7


def test_hashes_are_asked_in_batches(house, monkeypatch):
    known = active(file(), cast.ana().actor, cast.boris().actor)
    given = cast.credential(house.organisation, role=Role.PROVIDER_MATCHER)
    monkeypatch.setattr(calls, "MOST_HASHES", 2)
    asked = Asked(kind="sha256", value=bytes(known.value).hex())

    async def story(api):
        return [found.position async for found in api.match([asked] * 5)]

    assert run(house, story, Credential(given.credential.username, given.secret)) == [0, 1, 2, 3, 4]


def test_the_stranger_learns_nothing_and_a_wrong_secret_is_said(house):
    async def story(api):
        with pytest.raises(NotFound):
            await api.follow(99_999_999)

    run(house, story)

    async def wrong(api):
        with pytest.raises(WhoAreYou):
            await api.send(cast.report())

    run(house, wrong, Credential(house.bearer.username, "wrong"))


class Line:
    """A server that answers what a test told it to; an exception is a lost connection."""

    def __init__(self, *answers):
        self.answers, self.heard, self.waits = list(answers), [], []

    def api(self, **more):
        return AsyncTutela(HERE, CREDENTIAL, transport=httpx.MockTransport(self._answer), sleep=self._sleep, **more)

    async def _sleep(self, seconds):
        self.waits.append(seconds)

    def _answer(self, request):
        self.heard.append(request.content)
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def receipt():
    body = {"report": 7, "completeness": {"points": 1, "missing": []}, "complete_with": "a"}
    return httpx.Response(201, json={"kind": "receipt", "body": body})


async def sent_over(line, **more):
    async with line.api(**more) as api:
        return await api.send(b"{}")


def test_the_same_bytes_go_again_until_there_is_an_answer():
    line = Line(lost(), busy(**{"Retry-After": "5"}), lost(), receipt())
    assert asyncio.run(sent_over(line)).number == 7
    assert line.heard == [b"{}"] * 4
    assert line.waits == [0.5, 5.0, 2.0]


@pytest.mark.parametrize(("trouble", "error"), [(lost, Unreachable), (busy, Busy)])
def test_patience_ends(trouble, error):
    line = Line(*(trouble() for _ in range(3)))
    with pytest.raises(error):
        asyncio.run(sent_over(line, patience=Patience(tries=3)))
    assert line.waits == [0.5, 1.0]


@pytest.mark.parametrize("body", [b"", b"<html/>", b'{"ok": true}', b"\xff\x00"])
def test_an_answer_of_another_protocol_is_never_taken_for_success(body):
    with pytest.raises(NotUnderstood):
        asyncio.run(sent_over(Line(httpx.Response(201, content=body))))


def test_a_cancelled_call_may_be_made_again(house):
    raw = to_bytes(cast.report())

    async def story(api):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(api.send(raw), 0.000_1)
        return await api.send(raw)

    assert run(house, story).number == Report.objects.get().number
