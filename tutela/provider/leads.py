"""What `tutela match` says of one file or hash, one JSON line each, and what `tutela report` reads."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

NOTE = "A match is a lead, not a verdict: a person decides."


class BadLeads(ValueError):
    """A line is no lead; the message names the line and what to change."""


class LeadMatch(BaseModel):
    """One entry of a list that is near: exact kinds have distance and threshold 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    list: str
    reference: str
    tier: str
    classification: str
    kind: str
    distance_bits: Annotated[int, Field(ge=0, le=256)]
    threshold_bits: Annotated[int, Field(ge=0, le=63)]


class Lead(BaseModel):
    """A file by its digests, or a bare hash; never its bytes. `refused` says why no picture hash could be made.

    A video has no `pdq` but `frames`: vPDQ's lines, `frame,quality,hash,timestamp`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    at: datetime
    size_bytes: int | None = None
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    pdq: str | None = None
    quality: Annotated[int, Field(ge=0, le=100)] | None = None
    frames: tuple[str, ...] | None = None
    refused: str | None = None
    matches: tuple[LeadMatch, ...] = ()
    note: Literal["A match is a lead, not a verdict: a person decides."] = NOTE

    @property
    def is_exact(self) -> bool:
        """Some list holds this very file. A perceptual match alone is weaker and never the last word."""
        return any(match.kind != "pdq" for match in self.matches)

    def line(self) -> str:
        return self.model_dump_json(exclude_none=True) + "\n"


def read_leads(lines: Iterable[str]) -> Iterator[Lead]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield Lead.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "line"
                raise BadLeads(f"Line {number} is not what `tutela match` writes: {where}: {first['msg']}") from None
