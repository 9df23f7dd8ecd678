"""The CyberTipline's own protocol, so that providers report here with the client they already have.

Two things differ, and the answers say so: a file is hashed and dropped, and `/fileinfo` without a file id registers a
file by its hashes alone.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, NotYours, relations
from tutela.api.access import basic
from tutela.api.problems import RETRY_AFTER_SECONDS
from tutela.api.uploads import HashAndDrop, Hashed, TooLarge
from tutela.exchange.cybertip import BadReport, Code, answer, done_answer, read_file_details, read_report, schema_text
from tutela.exchange.sniff import MediaRefused
from tutela.exchange.xml import BadXml
from tutela.keys.actions import KeyDestroyed
from tutela.reports import actions
from tutela.reports.fingerprints import BadDigest
from tutela.reports.receipts import NOT_STORED
from tutela.reports.rules import FINISHED

Call = Callable[[HttpRequest, Actor], HttpResponse]
Write = Callable[..., bytes]


class Refused(Exception):
    def __init__(self, code: Code, sentence: str | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def _reply(body: bytes, status: int = 200) -> HttpResponse:
    reply = HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")
    reply["Request-ID"] = str(uuid.uuid4())
    if status == 401:
        reply["WWW-Authenticate"] = 'Basic realm="Tutela", charset="UTF-8"'
    if status == 503:
        reply["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return reply


def _refusal(error: Exception) -> tuple[Code, str | None]:
    """Which documented code an error of the rooms is; none of the sentences repeats what was sent."""
    match error:
        case Refused():
            found = error.code, error.sentence
        case BadXml():
            found = (Code.MALFORMED_XML if error.code == "malformed" else Code.INVALID_REQUEST), str(error)
        case BadReport() | BadDigest() | MediaRefused():
            found = Code.VALIDATION, str(error)
        case NotYours():
            found = Code.REPORT_MISSING, None
        case actions.NoSuchFile():
            found = Code.FILE_MISSING, None
        case NotInThisState():
            found = (Code.ALREADY_FINISHED if error.state == FINISHED else Code.ALREADY_RETRACTED), str(error)
        case TooLarge():
            found = Code.MALFORMED_FILE, str(error)
        case KeyDestroyed():
            found = Code.ALREADY_FINISHED, "this report was erased"
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent() | MultiPartParserError():
            found = Code.INVALID_REQUEST, "The body is too large or cannot be read."
        case _:
            raise error
    return found


def call(method: str, *, write: Write = answer) -> Callable[[Call], Callable[[HttpRequest], HttpResponse]]:
    """One call of the protocol: who speaks, then what they ask, then an answer in the protocol's own words."""

    def decorate(view: Call) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponse:
            try:
                if request.method != method:
                    raise Refused(Code.INVALID_REQUEST, f"This call is made with {method}.")
                actor = basic(request)
                if actor is None:
                    raise Refused(Code.AUTHENTICATION_REQUIRED)
                if not relations(actor, Act.REPORT_SUBMIT):
                    raise Refused(Code.NO_SUBMISSION)
                return view(request, actor)
            except (OperationalError, InterfaceError):
                connections.close_all()
                return _reply(write(Code.SERVER_ERROR), Code.SERVER_ERROR.status)
            except Exception as error:
                code, sentence = _refusal(error)
                if code is Code.AUTHENTICATION_REQUIRED and write is done_answer:
                    # Clients know a 401 without a body; a reportDoneResponse without a number they cannot read.
                    return _reply(b"", code.status)
                return _reply(write(code, description=sentence, report_id=_said_id(request)), code.status)

        return answered

    return decorate


@call("GET")
def status(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _reply(answer(Code.OK, f"Remote User : {actor.id}"))


@call("GET")
def xsd(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _reply(schema_text())


@call("POST")
def submit(request: HttpRequest, actor: Actor) -> HttpResponse:
    received = actions.open_report(read_report(request.body), request.body, by=actor, channel="ispws")
    return _reply(answer(Code.OK, report_id=received.report.number))


@call("POST")
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    request.upload_handlers = [HashAndDrop(request)]
    number = _report_id(request)
    file = request.FILES.get("file")
    if not isinstance(file, Hashed):
        raise Refused(Code.FILE_MISSING, "Send the file as the multipart field 'file'.")
    item = actions.add_file(number, file.fingerprints, by=actor)
    return _reply(answer(Code.OK, NOT_STORED, report_id=number, file_id=item.file_id, md5=bytes(item.md5).hex()))


@call("POST")
def fileinfo(request: HttpRequest, actor: Actor) -> HttpResponse:
    details = read_file_details(request.body)
    item = actions.add_details(details.report_id, details.file_id, details.item, request.body, by=actor)
    file_id = None if details.file_id else item.file_id
    return _reply(answer(Code.OK, report_id=details.report_id, file_id=file_id))


@call("POST", write=done_answer)
def finish(request: HttpRequest, actor: Actor) -> HttpResponse:
    number = _report_id(request)
    _, file_ids = actions.finish(number, by=actor)
    return _reply(done_answer(Code.OK, report_id=number, file_ids=file_ids))


@call("POST")
def retract(request: HttpRequest, actor: Actor) -> HttpResponse:
    number = _report_id(request)
    actions.retract(number, by=actor)
    return _reply(answer(Code.OK, report_id=number))


def _report_id(request: HttpRequest) -> int:
    text = request.POST.get("id", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused(Code.INVALID_REQUEST, "Send the report's number in the field 'id'.")
    request.said_id = int(text)  # type: ignore[attr-defined]
    return int(text)


def _said_id(request: HttpRequest) -> int | None:
    """The number the sender asked about: an open client cannot read the error of `/finish` without it."""
    return getattr(request, "said_id", None)
