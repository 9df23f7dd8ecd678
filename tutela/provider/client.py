"""The client of our own API: send a report, complete it, follow it; ask what is known of hashes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, Self, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from tutela.exchange.matching import MOST_HASHES, Answer, Asked, Found, Question
from tutela.exchange.messages import Report
from tutela.provider.errors import NotUnderstood
from tutela.provider.wire import Bearer, Credential, Patience, Wire, problem

TIMEOUT_SECONDS = 30.0


Model = TypeVar("Model", bound=BaseModel)


class Outcome(BaseModel):
    model_config = ConfigDict(extra="ignore")
    authority: str
    code: str
    at: str


class Happened(BaseModel):
    model_config = ConfigDict(extra="ignore")
    at: str
    what: str


class Followed(BaseModel):
    """What became of a report, as its sender may know it."""

    model_config = ConfigDict(extra="ignore")
    number: int
    reference: str | None
    state: str
    kind: str
    received_at: str
    completeness: int | None
    steps: list[Happened]
    outcomes: list[Outcome]


@dataclass(frozen=True)
class Missing:
    name: str
    points: int
    what: str
    consequence: str


@dataclass(frozen=True)
class Receipt:
    """`statement` is what was signed; `raw` are the bytes to keep, for `tutela receipt verify`."""

    raw: bytes
    statement: dict[str, Any]
    linked: bool = False

    @classmethod
    def read(cls, raw: bytes, *, linked: bool = False) -> Self:
        """Reads, and does not verify. Raises NotUnderstood."""
        try:
            receipt = cls(raw, json.loads(raw), linked)
            _ = receipt.number, receipt.completeness, receipt.missing, receipt.complete_with
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotUnderstood("This is no receipt.") from error
        return receipt

    @property
    def body(self) -> dict[str, Any]:
        return dict(self.statement["body"])

    @property
    def number(self) -> int:
        return int(self.body["report"])

    @property
    def completeness(self) -> int:
        return int(self.body["completeness"]["points"])

    @property
    def missing(self) -> list[Missing]:
        return [Missing(**each) for each in self.body["completeness"]["missing"]]

    @property
    def complete_with(self) -> str:
        return str(self.body["complete_with"])


def to_bytes(report: Report) -> bytes:
    """Make these once and keep them: a resend is recognised by its bytes."""
    return report.model_dump_json(exclude_none=True, exclude_defaults=True).encode()


class Tutela:
    """Everything may be repeated: reading changes nothing, and an identical resend is linked, never counted twice."""

    def __init__(
        self,
        server: str,
        credential: Credential,
        *,
        scheme: Literal["bearer", "basic"] = "bearer",
        patience: Patience | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(
            server,
            Bearer(credential) if scheme == "bearer" else httpx.BasicAuth(credential.username, credential.secret),
            patience=patience or Patience(),
            timeout_seconds=timeout_seconds,
            transport=transport,
        )

    def send(self, report: Report | bytes, *, key: str | None = None) -> Receipt:
        """`key` is your own number for the report where the message holds none; the same one never names two."""
        raw = report if isinstance(report, bytes) else to_bytes(report)
        return _receipt(self._ask("POST", "reports", body=raw, headers={"Idempotency-Key": key} if key else {}))

    def complete(self, number: int, report: Report | bytes, *, token: str) -> Receipt:
        raw = report if isinstance(report, bytes) else to_bytes(report)
        headers = {"Completion-Token": token}
        return _receipt(self._ask("POST", f"reports/{number}/completion", body=raw, headers=headers))

    def follow(self, number: int) -> Followed:
        return _read(Followed, self._ask("GET", f"reports/{number}").content)

    def receipt(self, number: int) -> Receipt:
        return _receipt(self._ask("GET", f"reports/{number}/receipt"))

    def mine(self) -> Iterator[Followed]:
        """All reports of this organisation, oldest first."""
        after: int | None = 0
        while after is not None:
            page = _read(_Page, self._ask("GET", "reports", params={"after": after, "limit": 200}).content)
            yield from page.reports
            after = page.next

    def match(self, hashes: Iterable[Asked]) -> Iterator[Found]:
        """What the server knows of these, any number of them, in batches. A match is a lead, not a verdict.

        `position` counts from the first hash given; hashes that are not known are not named.
        """
        begin, rest = 0, iter(hashes)
        while batch := list(islice(rest, MOST_HASHES)):
            said = Question(hashes=batch).model_dump_json(exclude_none=True).encode()
            answer = _read(Answer, self._ask("POST", "match", body=said).content)
            for found in answer.found:
                yield replace(found, position=begin + found.position)
            begin += len(batch)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, int] | None = None,
    ) -> httpx.Response:
        said = {"Content-Type": "application/json"} if body is not None else {}
        answer = self._wire.ask(
            method,
            f"api/v1/{path}",
            may_repeat=True,
            content=body,
            headers=said | (headers or {}),
            params=params,
        )
        if not answer.is_success:
            raise problem(answer)
        return answer

    def close(self) -> None:
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Page(BaseModel):
    reports: list[Followed]
    next: int | None


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise NotUnderstood(
            "The server answered with something this client does not know; is it up to date?"
        ) from error


def _receipt(answer: httpx.Response) -> Receipt:
    return Receipt.read(answer.content, linked=answer.headers.get("Tutela-Resend") == "linked")
