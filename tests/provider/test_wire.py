import httpx
import pytest

from tutela.exchange.cybertip import Code, answer, done_answer
from tutela.provider.client import Tutela
from tutela.provider.errors import (
    BadMessage,
    Busy,
    NotAllowed,
    NotFound,
    NotUnderstood,
    Refused,
    TutelaError,
    Unreachable,
    WhoAreYou,
    WrongState,
)
from tutela.provider.ispws import Ispws, is_tutela
from tutela.provider.wire import BadAddress, Credential, Patience, checked_address

SECRET = "text-of-a-secret"
CREDENTIAL = Credential("ba-1", SECRET)
HERE = "http://127.0.0.1:1"


class Line:
    """A server that answers what a test told it to, one answer a request; an exception is a lost connection."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.heard: list[httpx.Request] = []
        self.waits: list[float] = []
        self.patience = Patience(sleep=self.waits.append)
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.heard.append(request)
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    def ispws(self, *, ours: bool = True) -> Ispws:
        return Ispws(HERE, CREDENTIAL, resends_are_linked=ours, patience=self.patience, transport=self.transport)

    def api(self) -> Tutela:
        return Tutela(HERE, CREDENTIAL, patience=self.patience, transport=self.transport)


def lost() -> Exception:
    return httpx.ReadError("the line broke")


def busy(**headers: str) -> httpx.Response:
    return httpx.Response(503, headers=headers, content=answer(Code.SERVER_ERROR))


def ok(number: int = 7) -> httpx.Response:
    return httpx.Response(200, content=answer(Code.OK, report_id=number))


@pytest.mark.parametrize("address", ["https://tutela.example", "tutela.example/", "http://localhost:8000", HERE])
def test_an_address_that_can_be_used(address):
    assert not checked_address(address).endswith("/")


@pytest.mark.parametrize(
    "address",
    [
        "http://tutela.example",
        "ftp://tutela.example",
        "https://",
        "https://a:b@tutela.example",
        "https://t.example/?a=b",
    ],
)
def test_an_address_that_would_show_a_report_or_a_secret_is_refused(address):
    with pytest.raises(BadAddress):
        checked_address(address)


def test_our_server_gets_the_same_bytes_again_until_it_answers():
    line = Line(lost(), busy(), lost(), ok())
    assert line.ispws().submit(b"<report/>").report_id == 7
    assert [request.content for request in line.heard] == [b"<report/>"] * 4
    assert len(line.waits) == 3


@pytest.mark.parametrize("call", ["submit", "upload", "fileinfo", "finish", "retract"])
@pytest.mark.parametrize("trouble", [lost(), busy()])
def test_another_server_is_never_told_twice(call, trouble):
    """What it would make of a repeated report nobody knows."""
    line = Line(trouble, ok())
    ispws = line.ispws(ours=False)
    said = {"submit": (b"",), "upload": (7, b""), "fileinfo": (b"",), "finish": (7,), "retract": (7,)}[call]
    with pytest.raises(Unreachable):
        getattr(ispws, call)(*said)
    assert len(line.heard) == 1


def test_reading_may_be_repeated_anywhere():
    line = Line(lost(), ok())
    assert line.ispws(ours=False).status().code == 0


def test_patience_ends():
    line = Line(*[busy() for _ in range(6)])
    with pytest.raises(Busy):
        line.ispws().status()
    assert line.waits == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_a_server_that_asks_for_time_gets_it_up_to_the_longest_wait():
    line = Line(busy(**{"Retry-After": "5"}), busy(**{"Retry-After": "3600"}), busy(**{"Retry-After": "soon"}), ok())
    line.ispws().status()
    assert line.waits == [5.0, 8.0, 2.0]


def test_a_lost_answer_to_finish_is_a_finished_report():
    already = httpx.Response(409, content=done_answer(Code.ALREADY_FINISHED, report_id=7))
    assert Line(lost(), already).ispws().finish(7).report_id == 7


def test_a_report_that_somebody_finished_before_is_said_to_be():
    already = httpx.Response(409, content=done_answer(Code.ALREADY_FINISHED, report_id=7))
    with pytest.raises(WrongState) as refused:
        Line(already).ispws().finish(7)
    assert refused.value.code == Code.ALREADY_FINISHED


def test_no_redirect_is_followed():
    line = Line(httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))
    with pytest.raises(TutelaError):
        line.ispws().status()
    assert len(line.heard) == 1


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (Code.AUTHENTICATION_REQUIRED, 401, WhoAreYou),
        (Code.NO_SUBMISSION, 403, NotAllowed),
        (Code.REPORT_MISSING, 404, NotFound),
        (Code.FILE_MISSING, 404, NotFound),
        (Code.ALREADY_RETRACTED, 409, WrongState),
        (Code.VALIDATION, 400, BadMessage),
    ],
)
@pytest.mark.parametrize("says_it_in_the_status", [True, False])
def test_each_documented_code_is_its_own_error(code, status, error, says_it_in_the_status):
    """Some servers answer 200 and say the error in the body only."""
    line = Line(httpx.Response(status if says_it_in_the_status else 200, content=answer(code)))
    with pytest.raises(error) as refused:
        line.ispws().status()
    assert (refused.value.code, type(refused.value)) == (code, error)


def test_an_empty_401_is_one_too():
    with pytest.raises(WhoAreYou):
        Line(httpx.Response(401)).ispws().status()


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<reportResponse/>", b'{"ok": true}', b"\xff\x00"])
def test_an_answer_of_another_protocol_is_never_taken_for_success(body):
    with pytest.raises(NotUnderstood):
        Line(httpx.Response(200, content=body)).ispws().status()
    with pytest.raises(NotUnderstood):
        Line(httpx.Response(201, content=body)).api().send(b"{}")


def test_a_page_in_between_is_not_taken_for_a_refusal_of_the_server():
    with pytest.raises(NotUnderstood):
        Line(httpx.Response(418, content=b"<html>go away</html>")).api().follow(1)


def test_a_problem_names_its_faults():
    problem = {"title": "no", "type": "urn:tutela:problem:invalid", "errors": [{"where": "a.b", "rule": "must"}]}
    with pytest.raises(Refused) as refused:
        Line(httpx.Response(422, json=problem)).api().send(b"{}")
    assert refused.value.code == "invalid"
    assert [(fault.where, fault.rule) for fault in refused.value.faults] == [("a.b", "must")]


def test_the_secret_stands_in_no_representation():
    line = Line(*[lost() for _ in range(6)])
    with pytest.raises(Unreachable) as error:
        line.ispws().status()
    assert SECRET not in f"{CREDENTIAL!r} {CREDENTIAL} {error.value} {error.value!r}"


@pytest.mark.parametrize(
    ("answered", "ours"),
    [
        (httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="Tutela", charset="UTF-8"'}), True),
        (httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="Other"'}), False),
        (httpx.Response(401), False),
        (httpx.Response(200, content=b"<html/>"), False),
        (httpx.Response(404), False),
    ],
)
def test_a_server_is_known_before_any_credential_is_shown_to_it(answered, ours):
    line = Line(answered)
    assert is_tutela(HERE, transport=line.transport) is ours
    assert "Authorization" not in line.heard[0].headers
