"""What an indicator may become, which fingerprints are refused or held back, and what bodies together say of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np

from tutela.accounts import moves
from tutela.exchange.words import OutcomeCode, Verdict
from tutela.law.authorities import EUROPOL, all_authorities
from tutela.law.bases import bases
from tutela.law.instruments import provision
from tutela.matching.hashes import SIZE_BYTES, popcount
from tutela.matching.placeholders import is_placeholder


class Kind(StrEnum):
    PDQ = "pdq"
    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    URL = "url"


class State(StrEnum):
    PROPOSED = "proposed"
    QUARANTINED = "quarantined"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Tier(StrEnum):
    """How well it is verified: A by one reader, B by two, C by two of different organisations."""

    A = "A"
    B = "B"
    C = "C"


class Category(StrEnum):
    """Closed, so that the list can never be widened to other content by writing another word.

    Both are material in the sense of dir-2011-93:art-2-c: the international baseline, or beyond it by national law.
    """

    BASELINE = "baseline"
    NATIONAL = "national"


class Outcome(StrEnum):
    """What all bodies together say; the field's four values."""

    NEGATIVE = "negative"
    SEED = "seed"
    POSITIVE = "positive"
    DISPUTED = "disputed"


class Refused(ValueError):
    """This may not be done with this indicator; the sentence says why, and never repeats the value."""


MOVES: Final[dict[State, dict[str, State]]] = {
    State.PROPOSED: {"confirm": State.ACTIVE, "withdraw": State.WITHDRAWN},
    State.QUARANTINED: {"release": State.PROPOSED, "withdraw": State.WITHDRAWN},
    State.ACTIVE: {"withdraw": State.WITHDRAWN},
    State.WITHDRAWN: {},
}
_SENTENCES: Final = {
    State.PROPOSED: "this indicator waits for its second reader",
    State.QUARANTINED: "this indicator is in quarantine: two people must release it first",
    State.ACTIVE: "this indicator is active",
    State.WITHDRAWN: "this indicator was withdrawn, and that is final",
}


check_move = partial(moves.check_move, MOVES, _SENTENCES)


@dataclass(frozen=True)
class Fingerprint:
    """`value` is canonical, as `tutela.matching.parse_hash` returns it; `quality` is PDQ's own."""

    kind: str
    value: bytes
    quality: int | None = None


@dataclass(frozen=True)
class Label:
    """A classification in somebody's scheme, as its owner writes it."""

    scheme: str
    version: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Passport:
    """`authority` and `legal_basis` are ids in the law's data; `made_by` tells how the fingerprint was made."""

    category: str
    authority: str
    legal_basis: str
    identified_on: date
    made_by: str
    labels: tuple[Label, ...] = field(default=())


def check_passport(passport: Passport, *, today: date) -> None:
    if passport.category not in set(Category):
        raise Refused(f"The category is one of: {', '.join(Category)}. No other content may be listed.")
    if passport.authority not in {each.id for each in (*all_authorities(), EUROPOL)}:
        raise Refused('The authority is an id in the law\'s data, as in "authority:fr".')
    if not _is_in_law(passport.legal_basis):
        raise Refused('The legal basis is the id of a provision in the law\'s data, as in "dir-2011-93:art-2-c".')
    if passport.identified_on > today:
        raise Refused("The day of identification lies in the future.")
    if not passport.made_by.strip() or len(passport.made_by) > 200:
        raise Refused("Say how the fingerprint was made, in 1 to 200 characters.")
    for label in passport.labels:
        if not all(0 < len(part.strip()) <= 100 for part in (label.scheme, label.version, label.code)):
            raise Refused("A classification names its scheme, the scheme's version and the code.")


def _is_in_law(id_: str) -> bool:
    if id_ in {basis.id for basis in bases()}:
        return True
    try:
        provision(id_)
    except LookupError:
        return False
    return True


RADIUS_BITS: Final = 31
LEAST_QUALITY: Final = 50
# Every photograph of the published test set has 128 bits set, by the median; outside this band the picture is unusual.
USUAL_BITS: Final = range(120, 137)


@dataclass(frozen=True)
class Near:
    distance_bits: int
    label: str


class Benign:
    """Pictures known to be nothing: their PDQ hashes and their names."""

    def __init__(self, labels: Mapping[bytes, str]) -> None:
        self._labels = list(labels.values())
        self._hashes = np.frombuffer(b"".join(labels), dtype=np.uint8).reshape(-1, 32)

    def nearest(self, pdq: bytes) -> Near | None:
        """The nearest one within the radius at which a match would count."""
        if not self._labels:
            return None
        distances = np.bitwise_count(self._hashes ^ np.frombuffer(pdq, dtype=np.uint8)).sum(axis=1, dtype=np.int64)
        place = int(distances.argmin())
        bits = int(distances[place])
        return Near(bits, self._labels[place]) if bits <= RADIUS_BITS else None


def gates(fingerprint: Fingerprint, benign: Benign) -> list[str]:
    """Sentences for which it is held in quarantine, none when it passes; raises `Refused` where it can never serve."""
    if fingerprint.kind not in set(Kind):
        raise Refused(f"An indicator is one of: {', '.join(Kind)}.")
    if len(fingerprint.value) != SIZE_BYTES.get(fingerprint.kind, 32):
        raise Refused(
            f"The length does not fit {fingerprint.kind}: give its {SIZE_BYTES.get(fingerprint.kind, 32)} bytes."
        )
    if fingerprint.kind != Kind.PDQ:
        if is_placeholder(fingerprint.kind, fingerprint.value):
            raise Refused("This is the digest of an empty file, or a placeholder: it would match what is nothing.")
        return []
    return _pdq_gates(fingerprint, benign)


def _pdq_gates(fingerprint: Fingerprint, benign: Benign) -> list[str]:
    bits, quality = popcount(fingerprint.value), fingerprint.quality
    if quality is None or not LEAST_QUALITY <= quality <= 100:
        raise Refused(
            f"A PDQ hash needs its quality, from {LEAST_QUALITY} to 100. Below, unrelated pictures share it: "
            "list the file's SHA-256 instead."
        )
    if is_placeholder(fingerprint.kind, fingerprint.value):
        raise Refused(f"{bits} of 256 bits are set, as in an empty picture: list the file's SHA-256 instead.")
    holds = []
    if bits not in USUAL_BITS:
        holds.append(f"{bits} of 256 bits are set; a photograph has {USUAL_BITS[0]} to {USUAL_BITS[-1]}")
    near = benign.nearest(fingerprint.value)
    if near is not None:
        holds.append(f'{near.distance_bits} bits from a picture known to be benign: "{near.label}"')
    return holds


def tier(first_organisation: int, second_organisation: int) -> Tier:
    return Tier.B if first_organisation == second_organisation else Tier.C


def outcome(verdicts: Iterable[str]) -> Outcome:
    """What nobody stands by yet is a seed."""
    said = set(verdicts)
    if Verdict.NEGATIVE in said:
        return Outcome.DISPUTED if said - {Verdict.NEGATIVE} else Outcome.NEGATIVE
    return Outcome.POSITIVE if Verdict.POSITIVE in said else Outcome.SEED


_RIGHT: Final = frozenset(
    {
        OutcomeCode.INVESTIGATION_OPENED,
        OutcomeCode.INVESTIGATION_SUPPORTED,
        OutcomeCode.CHILD_PROTECTED,
        OutcomeCode.OTHER_ACTION,
    }
)


@dataclass(frozen=True)
class Precision:
    """Of what rested on this indicator, how much held. Where no action was taken, neither is known."""

    counts: dict[OutcomeCode, int]
    right: int
    wrong: int

    @property
    def share(self) -> float | None:
        """None where nothing was answered: no figure is better than a false one."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None


def precision(codes: Iterable[str]) -> Precision:
    said = Counter(OutcomeCode(code) for code in codes)
    return Precision(
        counts={code: said[code] for code in OutcomeCode},
        right=sum(said[code] for code in _RIGHT),
        wrong=said[OutcomeCode.WRONG_DELETE],
    )
