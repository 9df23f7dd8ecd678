"""The client of the CyberTipline wire: the seven calls, for our server or for another one that speaks it."""

from typing import BinaryIO, Self

import httpx

from tutela.exchange.cybertip import Answer, BadAnswer, Code, Family, read_answer
from tutela.provider.errors import NotUnderstood, WrongState, refusal
from tutela.provider.wire import REPEATED, Credential, Patience, Wire

TIMEOUT_SECONDS = 60.0
XML = {"Content-Type": "text/xml; charset=utf-8"}
_STATUS = {
    Family.AUTHENTICATION: 401,
    Family.AUTHORISATION: 403,
    Family.REQUEST: 400,
}


class Ispws:
    """`resends_are_linked` says that the server is a Tutela: elsewhere a repeated /submit may become a second report,
    so there only what changes nothing is repeated."""

    def __init__(
        self,
        server: str,
        credential: Credential,
        *,
        resends_are_linked: bool,
        patience: Patience | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._may_repeat = resends_are_linked
        self._wire = Wire(
            server,
            httpx.BasicAuth(credential.username, credential.secret),
            patience=patience or Patience(),
            timeout_seconds=timeout_seconds,
            transport=transport,
        )

    def status(self) -> Answer:
        return _read(self._wire.ask("GET", "status", may_repeat=True))

    def xsd(self) -> bytes:
        answer = self._wire.ask("GET", "xsd", may_repeat=True)
        if not answer.is_success:
            raise _error(answer)
        return answer.content

    def submit(self, report: bytes) -> Answer:
        return self._post("submit", content=report, headers=XML)

    def upload(self, number: int, file: bytes | BinaryIO, *, name: str = "file") -> Answer:
        """The server hashes the bytes and drops them; keep the original."""
        return self._post("upload", data={"id": str(number)}, files={"file": (name, file)})

    def fileinfo(self, details: bytes) -> Answer:
        return self._post("fileinfo", content=details, headers=XML)

    def finish(self, number: int) -> Answer:
        return self._settle("finish", number, Code.ALREADY_FINISHED)

    def retract(self, number: int) -> Answer:
        return self._settle("retract", number, Code.ALREADY_RETRACTED)

    def _settle(self, call: str, number: int, already: Code) -> Answer:
        """Where the answer to the first try was lost, the second one hears that it is done: then it is done."""
        answer = self._ask(call, data={"id": str(number)})
        try:
            return _read(answer)
        except WrongState as error:
            if not answer.extensions[REPEATED] or error.code != already:
                raise
            return Answer(Code.OK, report_id=number)

    def _post(self, call: str, **what: object) -> Answer:
        return _read(self._ask(call, **what))

    def _ask(self, call: str, **what: object) -> httpx.Response:
        return self._wire.ask("POST", call, may_repeat=self._may_repeat, **what)

    def close(self) -> None:
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_tutela(server: str, *, transport: httpx.BaseTransport | None = None) -> bool:
    """Asked without a credential, so that none is shown to a stranger: our servers name their realm."""
    with Wire(server, None, patience=Patience(), timeout_seconds=TIMEOUT_SECONDS, transport=transport) as wire:
        answer = wire.ask("GET", "status", may_repeat=True)
    return answer.status_code == 401 and 'realm="Tutela"' in answer.headers.get("WWW-Authenticate", "")


def _read(answer: httpx.Response) -> Answer:
    if not answer.is_success:
        raise _error(answer)
    try:
        said = read_answer(answer.content)
    except BadAnswer as error:
        raise NotUnderstood(str(error)) from error
    if said.family is not Family.SUCCESS:
        raise _refused(said, answer.status_code)
    return said


def _error(answer: httpx.Response) -> Exception:
    """Some servers say the error in the body, some only in the status: an empty 401 is one too."""
    try:
        said = read_answer(answer.content)
    except BadAnswer:
        return refusal(answer.status_code, f"The server refused the call ({answer.status_code}).")
    return _refused(said, answer.status_code)


def _refused(said: Answer, status: int) -> Exception:
    sentence = said.description or "The server refused the call without saying why."
    by_family = _STATUS.get(said.family, 409 if said.code in (Code.ALREADY_FINISHED, Code.ALREADY_RETRACTED) else 404)
    return refusal(status if status >= 400 else by_family, sentence, code=said.code)
