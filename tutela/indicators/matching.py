"""What is known of these fingerprints? A hit is a lead: nothing follows from it by itself.

What remembers only proposes: the index in memory says which indicators may be near, and the database says which of them
count at this moment and how far they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Value
from numpy.typing import NDArray

from tutela.indicators.memory import memory, rows_of
from tutela.indicators.models import BenignHash, Indicator
from tutela.indicators.rules import LEAST_QUALITY, RADIUS_BITS, Fingerprint, Kind, Outcome, State
from tutela.matching import Hits, Index
from tutela.matching.segment import HASH_BYTES

__all__ = ["Fingerprint", "Hit", "find", "match"]

# So many distances are taken at once: 32 bytes each, twice.
_PAIRS_AT_ONCE = 1 << 18


class Hit(NamedTuple):
    """An exact kind has distance and threshold 0."""

    indicator_id: int
    kind: str
    distance_bits: int
    threshold_bits: int
    tier: str
    category: str
    outcome: Outcome


class _Standing(NamedTuple):
    """An indicator that counts at this moment."""

    pk: int
    kind: str
    value: bytes
    tier: str
    category: str
    is_positive: bool

    def hit(self, distance: int, threshold: int) -> Hit:
        outcome = Outcome.POSITIVE if self.is_positive else Outcome.SEED
        return Hit(self.pk, self.kind, distance, threshold, self.tier, self.category, outcome)


class _Asked(NamedTuple):
    """Of one kind the values, and the place at which each was asked about."""

    places: list[int]
    values: list[bytes]


def match(wanted: Sequence[Sequence[Fingerprint]]) -> list[list[Hit]]:
    """For each item its hits, nearest first; at most one for an indicator."""
    found = find((place, one) for place, fingerprints in enumerate(wanted) for one in fingerprints)
    return [found.get(place, []) for place in range(len(wanted))]


def find(wanted: Iterable[tuple[int, Fingerprint]]) -> dict[int, list[Hit]]:
    """As `match`, of fingerprints with their places; a place at which nothing is known is left out.

    Only what is active and that nobody calls wrong counts, as the database has it now. A PDQ of a quality below 50 is
    not asked about; where a picture known to be benign is as near as the indicator, the hit is dropped.
    """
    asked = _by_kind(wanted)
    pictures = asked.pop(Kind.PDQ, _Asked([], []))
    near = memory().near(pictures.values, RADIUS_BITS)
    standing = _standing(asked, near.id)
    found: dict[int, dict[int, Hit]] = {}
    for place, hit in (*_equal(asked, standing), *_perceptual(pictures, near, standing)):
        found.setdefault(place, {})[hit.indicator_id] = hit
    return {
        place: sorted(hits.values(), key=lambda hit: (hit.distance_bits, hit.threshold_bits, hit.indicator_id))
        for place, hits in found.items()
    }


def _by_kind(wanted: Iterable[tuple[int, Fingerprint]]) -> dict[str, _Asked]:
    asked: dict[str, _Asked] = {}
    for place, one in wanted:
        if one.kind == Kind.PDQ and one.quality is not None and one.quality < LEAST_QUALITY:
            continue
        of_kind = asked.get(one.kind) or asked.setdefault(one.kind, _Asked([], []))
        of_kind.places.append(place)
        of_kind.values.append(one.value)
    return asked


class AnyOf(Value):
    """Many values as one parameter: ten thousand of them are neither parsed nor planned one by one."""

    def __init__(self, type_: str, texts: Iterable[str]) -> None:
        super().__init__("{" + ",".join(texts) + "}")
        self._type = type_

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        # Our own type's name; the values are a parameter.
        return f"ANY(%s::{self._type}[])", [self.value]


def any_number(numbers: Iterable[int]) -> AnyOf:
    return AnyOf("bigint", map(str, numbers))


def any_bytes(values: Iterable[bytes]) -> AnyOf:
    return AnyOf("bytea", (rf'"\\x{value.hex()}"' for value in values))


def _standing(exact: dict[str, _Asked], near: NDArray[np.int64]) -> list[_Standing]:
    """The indicators among those proposed that count at this moment: two questions, whatever the number of items."""
    proposed = set(near.tolist())
    # Only what has no tombstone is in the index of living values.
    living = Indicator.objects.exclude(state=State.WITHDRAWN).values_list("pk", flat=True)
    equal = [living.filter(kind=kind, value=any_bytes(asked.values)) for kind, asked in exact.items()]
    if equal:
        proposed.update(equal[0].union(*equal[1:], all=True))
    if not proposed:
        return []
    found = Indicator.objects.that_count().filter(pk=any_number(proposed))
    rows = found.values_list("pk", "kind", "value", "tier", "category", "is_positive")
    return [_Standing(pk, kind, bytes(value), *more) for pk, kind, value, *more in rows]


def _equal(asked: dict[str, _Asked], standing: list[_Standing]) -> Iterator[tuple[int, Hit]]:
    hits = {(one.kind, one.value): one.hit(0, 0) for one in standing if one.kind != Kind.PDQ}
    for kind, (places, values) in asked.items() if hits else ():
        for place, value in zip(places, values, strict=True):
            if (hit := hits.get((kind, value))) is not None:
                yield place, hit


def _perceptual(asked: _Asked, near: Hits, standing: list[_Standing]) -> Iterator[tuple[int, Hit]]:
    """Of the proposed pairs those that are as near as they must be. The distance is taken anew from the row: what the
    index remembers decides nothing."""
    known = sorted(one for one in standing if one.kind == Kind.PDQ and len(one.value) == HASH_BYTES)
    if not known:
        return
    numbers = np.array([one.pk for one in known], dtype=np.int64)
    counts = np.isin(near.id, numbers)
    query, row = near.query[counts].astype(np.int64), np.searchsorted(numbers, near.id[counts])
    wanted = rows_of(asked.values)
    distance = _distances(wanted, query, rows_of([one.value for one in known]), row)
    kept = distance <= _limits(wanted, query)[query]
    for of, which, bits in zip(query[kept].tolist(), row[kept].tolist(), distance[kept].tolist(), strict=True):
        yield asked.places[of], known[which].hit(bits, RADIUS_BITS)


def _distances(
    wanted: NDArray[np.uint8], query: NDArray[np.int64], known: NDArray[np.uint8], row: NDArray[np.int64]
) -> NDArray[np.int64]:
    parts = [
        np.bitwise_count(wanted[query[begin:end]] ^ known[row[begin:end]]).sum(axis=1, dtype=np.int64)
        for begin, end in ((begin, begin + _PAIRS_AT_ONCE) for begin in range(0, len(query), _PAIRS_AT_ONCE))
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _limits(wanted: NDArray[np.uint8], query: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each wanted hash how far an indicator may be: the radius, or nearer than a picture known to be benign."""
    limits = np.full(len(wanted), RADIUS_BITS, dtype=np.int64)
    met = np.unique(query)
    if len(met):
        benign = rows_of([bytes(pdq) for pdq in BenignHash.objects.values_list("pdq", flat=True)])
        near = Index.build(benign, np.arange(len(benign))).query_batch(wanted[met], RADIUS_BITS)
        # The nearest of each stands first.
        harmless, first = np.unique(near.query, return_index=True)
        limits[met[harmless]] = near.distance_bits[first].astype(np.int64) - 1
    return limits
