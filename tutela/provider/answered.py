"""What a server answers, read: receipts, what became of reports. Nothing here goes over a line."""

import json
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tutela.provider.errors import NotUnderstood

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


class Page(BaseModel):
    reports: list[Followed]
    next: int | None


def read_as(model: type[Model], body: bytes) -> Model:
    """Raises NotUnderstood."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise NotUnderstood(
            "The server answered with something this client does not know; is it up to date?"
        ) from error
