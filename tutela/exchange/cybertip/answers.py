"""What a CyberTipline server answers: codes, the two answer messages, and how a client reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from lxml import etree

from tutela.exchange import xml


class Code(IntEnum):
    """The documented codes, each with the HTTP status and the sentence we answer by default."""

    status: int
    sentence: str

    def __new__(cls, number: int, status: int, sentence: str) -> "Code":
        code = int.__new__(cls, number)
        code._value_ = number
        code.status = status
        code.sentence = sentence
        return code

    OK = 0, 200, "Success"
    SERVER_ERROR = 1000, 503, "The server could not answer; send the same request again later."
    SAVE_ERROR = 1100, 503, "Nothing was saved; send the same request again later."
    UPLOAD_ERROR = 1110, 503, "The upload was not taken; send the same request again later."
    FILE_UPLOAD_ERROR = 1111, 503, "The file was not taken; send the same request again later."
    NOT_FOUND = 1210, 404, "There is nothing at this address."
    UPDATE_ERROR = 1300, 503, "Nothing was changed; send the same request again later."
    AUTHENTICATION_REQUIRED = 2000, 401, "Send valid credentials (HTTP Basic)."
    NOT_AUTHORISED = 3000, 403, "These credentials do not open this call."
    NO_SUBMISSION = 3100, 403, "These credentials may not submit reports."
    NO_UPDATE = 3300, 403, "These credentials may not change reports."
    INVALID_REQUEST = 4000, 400, "The request lacks something or has the wrong form."
    VALIDATION = 4100, 400, "The message breaks a rule of the format."
    MALFORMED_XML = 4110, 400, "The body is not well-formed XML."
    MALFORMED_FILE = 4200, 400, "The file could not be read."
    REPORT_MISSING = 5001, 404, "There is no such report."
    FILE_MISSING = 5002, 404, "There is no such file in this report."
    ALREADY_RETRACTED = 5101, 409, "The report was retracted before."
    ALREADY_FINISHED = 5102, 409, "The report was finished before."


class Family(StrEnum):
    """What a client does next depends on the family: the documented list of codes is not exhaustive."""

    SUCCESS = "success"
    SERVER = "server"
    AUTHENTICATION = "authentication"
    AUTHORISATION = "authorisation"
    REQUEST = "request"
    STATE = "state"
    UNKNOWN = "unknown"


_FAMILIES = (Family.SERVER, Family.AUTHENTICATION, Family.AUTHORISATION, Family.REQUEST, Family.STATE)


def family(code: int) -> Family:
    if code == 0:
        return Family.SUCCESS
    thousands = code // 1000
    return _FAMILIES[thousands - 1] if 1 <= thousands <= len(_FAMILIES) else Family.UNKNOWN


def answer(
    code: Code,
    description: str | None = None,
    report_id: int | None = None,
    file_id: str | None = None,
    md5: str | None = None,
) -> bytes:
    """`reportResponse`, for every call but `/finish`; `/status` gives no report id."""
    root = _begin("reportResponse", code, description or code.sentence, report_id)
    _add(root, "fileId", file_id)
    _add(root, "hash", md5)
    return _end(root)


def done_answer(
    code: Code, report_id: int | None = None, file_ids: Iterable[str] = (), description: str | None = None
) -> bytes:
    """`reportDoneResponse`, for `/finish`.

    Errors too: the root of a `/finish` error is not documented, and an open client fails on `reportResponse` there,
    on an answer without a number, and on a description that stands before it. So ours stands last.
    """
    root = _begin("reportDoneResponse", code, None, report_id)
    if code is Code.OK:
        files = etree.SubElement(root, "files")
        for file_id in file_ids:
            _add(files, "fileId", file_id)
    _add(root, "responseDescription", description or (None if code is Code.OK else code.sentence))
    return _end(root)


def _begin(name: str, code: Code, description: str | None, report_id: int | None) -> etree._Element:
    root = etree.Element(name)
    _add(root, "responseCode", str(int(code)))
    _add(root, "responseDescription", description)
    _add(root, "reportId", None if report_id is None else str(report_id))
    return root


def _add(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        etree.SubElement(parent, name).text = text


def _end(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class BadAnswer(ValueError):
    """Not an answer of this format: the client must not guess whether the call succeeded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` may be one we do not know: ask for its `family`. `hash` is the MD5 of an uploaded file."""

    code: int
    description: str | None = None
    report_id: int | None = None
    file_id: str | None = None
    hash: str | None = None
    file_ids: tuple[str, ...] = ()

    @property
    def family(self) -> Family:
        return family(self.code)


def read_answer(body: bytes) -> Answer:
    """Either root is taken for any call. Unknown elements are passed over: a server may say more than is documented.

    Raises `BadAnswer`; an empty body (as with some 401 answers) too: look at the HTTP status first.
    """
    try:
        root = xml.parse(body)
    except xml.BadXml as error:
        raise BadAnswer(f"The answer is not XML that can be read: {error}") from None
    if root.tag not in {"reportResponse", "reportDoneResponse"}:
        raise BadAnswer("The answer's root is neither reportResponse nor reportDoneResponse.")
    code = _number(root, "responseCode")
    if code is None:
        raise BadAnswer("The answer has no responseCode.")
    return Answer(
        code,
        _text(root, "responseDescription"),
        _number(root, "reportId"),
        _text(root, "fileId"),
        _text(root, "hash"),
        tuple(name for file in root.iterfind("files/fileId") if (name := (file.text or "").strip())),
    )


def _text(root: etree._Element, name: str) -> str | None:
    return (root.findtext(name) or "").strip() or None


def _number(root: etree._Element, name: str) -> int | None:
    if (text := _text(root, name)) is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadAnswer(f"The answer's {name} is not a number.")
    return int(text)
