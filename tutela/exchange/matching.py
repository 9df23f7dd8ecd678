"""Asking a server what is known of hashes: hashes in, leads out. The API accepts it, the client sends it."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from tutela.exchange.messages import Part
from tutela.law.bases import Service
from tutela.matching.hashes import SIZE_BYTES, BadHash, parse_hash
from tutela.matching.urls import url_key

NOTE: Final = "A match is a lead, not a verdict: a person decides."
MOST_HASHES: Final = 10_000
# So many hashes fit, also where each stands on a line of its own.
LARGEST_BODY_BYTES: Final = 4 * 1024 * 1024
# Of relatives of one picture a list may hold thousands; the nearest tell what there is to know.
MOST_MATCHES: Final = 10

HashKind: TypeAlias = Literal["pdq", "md5", "sha1", "sha256", "url"]
HashText = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class BadQuestion(ValueError):
    """A stated hash cannot be one; `where` names its position, and neither repeats the value."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}")
        self.where, self.sentence = where, sentence


# No models but one: ten thousand of those cost the collector of garbage more than the search costs.
@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Asked:
    """One hash in any spelling of the field. `quality` is PDQ's own: below 50 nothing is compared."""

    kind: HashKind
    value: HashText
    quality: Annotated[int, Field(ge=0, le=100)] | None = None

    @classmethod
    def address(cls, url: str) -> "Asked":
        """By the SHA-256 of its canonical form, so that nobody learns the address itself. Raises BadUrl."""
        return cls(kind="url", value=url_key(url).hex())


class Question(Part):
    """`service`: whose users' material this is. Where it is said, it is refused on a day on which no law allows it."""

    hashes: Annotated[list[Asked], Field(min_length=1, max_length=MOST_HASHES)]
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator that is equal (distance and threshold 0) or near. `seed`: suspected, and nobody stands by it yet."""

    reference: str
    list: str
    tier: str
    classification: str
    kind: HashKind
    distance_bits: int
    threshold_bits: int
    verdict: Literal["positive", "seed"]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the hash at this position of the question, nearest first; `left_out` says how many more."""

    position: int
    matches: list[Match]
    left_out: int = 0


class Answer(BaseModel):
    """Positions that are not named are not known here. What was withdrawn or is doubted is never named."""

    model_config = ConfigDict(frozen=True)
    found: list[Found]
    note: str = NOTE


def values_of(hashes: Sequence[Asked]) -> list[bytes]:
    """The value behind each spelling. Raises BadQuestion."""
    return [_value(asked, position) for position, asked in enumerate(hashes)]


def _value(asked: Asked, position: int) -> bytes:
    # The canonical form's digest is spelled as every SHA-256 is.
    kind = "sha256" if asked.kind == "url" else asked.kind
    if len(asked.value) == 2 * SIZE_BYTES[kind] and asked.value.isalnum():
        try:
            return bytes.fromhex(asked.value)
        except ValueError:
            pass
    try:
        return parse_hash(kind, asked.value)
    except BadHash as error:
        raise BadQuestion(f"hashes.{position}.value", str(error)) from None
