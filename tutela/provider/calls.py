"""The calls of our own API: what is asked, and how the answer is read. The clients only carry them.

Each may be repeated: reading changes nothing, and an identical resend is linked, never counted twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

import httpx

from tutela.exchange.matching import MOST_HASHES, Answer, Asked, Found, Question
from tutela.exchange.messages import Report
from tutela.provider.answered import Followed, Page, Receipt, read_as
from tutela.provider.wire import problem

REPORTS_A_PAGE = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Call(Generic[T]):
    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    params: dict[str, int] | None = None

    def request(self) -> dict[str, Any]:
        """For a wire's `ask`."""
        said = {"Content-Type": "application/json"} if self.body is not None else {}
        return {
            "method": self.method,
            "path": f"api/v1/{self.path}",
            "may_repeat": True,
            "content": self.body,
            "headers": said | self.headers,
            "params": self.params,
        }

    def answer(self, answer: httpx.Response) -> T:
        """Raises Refused, NotUnderstood."""
        if not answer.is_success:
            raise problem(answer)
        return self.read(answer)


def to_bytes(report: Report) -> bytes:
    """Make these once and keep them: a resend is recognised by its bytes."""
    return report.model_dump_json(exclude_none=True, exclude_defaults=True).encode()


def send(report: Report | bytes, *, key: str | None) -> Call[Receipt]:
    headers = {"Idempotency-Key": key} if key else {}
    return Call("POST", "reports", _receipt, body=_raw(report), headers=headers)


def complete(number: int, report: Report | bytes, *, token: str) -> Call[Receipt]:
    headers = {"Completion-Token": token}
    return Call("POST", f"reports/{number}/completion", _receipt, body=_raw(report), headers=headers)


def follow(number: int) -> Call[Followed]:
    return Call("GET", f"reports/{number}", lambda answer: read_as(Followed, answer.content))


def receipt(number: int) -> Call[Receipt]:
    return Call("GET", f"reports/{number}/receipt", _receipt)


def page(after: int) -> Call[Page]:
    params = {"after": after, "limit": REPORTS_A_PAGE}
    return Call("GET", "reports", lambda answer: read_as(Page, answer.content), params=params)


def match(hashes: Iterable[Asked], service: str | None = None) -> Iterator[Call[list[Found]]]:
    """One call for each batch; positions count from the first hash of all."""
    begin, rest = 0, iter(hashes)
    while batch := list(islice(rest, MOST_HASHES)):
        question = Question.model_validate({"hashes": batch, "service": service})
        body = question.model_dump_json(exclude_none=True).encode()
        yield Call("POST", "match", partial(_found, begin), body=body)
        begin += len(batch)


def _found(begin: int, answer: httpx.Response) -> list[Found]:
    return [replace(found, position=begin + found.position) for found in read_as(Answer, answer.content).found]


def _raw(report: Report | bytes) -> bytes:
    return report if isinstance(report, bytes) else to_bytes(report)


def _receipt(answer: httpx.Response) -> Receipt:
    return Receipt.read(answer.content, linked=answer.headers.get("Tutela-Resend") == "linked")
