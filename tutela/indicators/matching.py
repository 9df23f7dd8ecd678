"""What is known of these fingerprints? A hit is a lead: nothing follows from it by itself.

What remembers only proposes: the index in memory says which indicators may be near, and the database says which of them
count at this moment and how far they are.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from tutela.indicators.memory import memory, rows_of
from tutela.indicators.models import BenignHash, Indicator
from tutela.indicators.rules import LEAST_QUALITY, RADIUS_BITS, Fingerprint, Kind, Outcome
from tutela.matching import Index

__all__ = ["Fingerprint", "Hit", "match"]

# Each kind's values, and where each was asked about.
_Asked = dict[str, dict[bytes, list[int]]]
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


def match(wanted: Sequence[Sequence[Fingerprint]]) -> list[list[Hit]]:
    """For each item its hits, nearest first; at most one for an indicator.

    Only what is active and that nobody calls wrong counts, as the database has it now. A PDQ of a quality below 50 is
    not asked about; where a picture known to be benign is as near as the indicator, the hit is dropped.
    """
    asked = _asked(wanted)
    pictures = asked.pop(Kind.PDQ, {})
    near = memory().near(list(pictures), RADIUS_BITS) if pictures else None
    standing = _standing(asked, near.id if near else np.empty(0, np.int64))
    hits: list[list[Hit]] = [[] for _ in wanted]
    for one in standing:
        for place in asked.get(one.kind, {}).get(one.value, ()):
            hits[place].append(one.hit(0, 0))
    if near:
        places = list(pictures.values())
        pdq = [one for one in standing if one.kind == Kind.PDQ]
        for query, hit in _perceptual(rows_of(list(pictures)), near.query, near.id, pdq):
            for place in places[query]:
                hits[place].append(hit)
    for each in hits:
        if len(each) > 1:
            each.sort(key=lambda hit: (hit.distance_bits, hit.threshold_bits, hit.indicator_id))
    return hits


def _asked(wanted: Sequence[Sequence[Fingerprint]]) -> _Asked:
    asked: _Asked = {}
    for place, fingerprints in enumerate(wanted):
        for one in fingerprints:
            if one.kind == Kind.PDQ and one.quality is not None and one.quality < LEAST_QUALITY:
                continue
            places = asked.setdefault(one.kind, {}).setdefault(one.value, [])
            if not places or places[-1] != place:
                places.append(place)
    return asked


def _standing(exact: _Asked, candidates: NDArray[np.int64]) -> list[_Standing]:
    """The indicators among the candidates that count at this moment: one question, whatever the number of items."""
    any_of = [Q(kind=kind, value__in=list(values)) for kind, values in exact.items()]
    if len(candidates):
        any_of.append(Q(pk__in=np.unique(candidates).tolist()))
    if not any_of:
        return []
    found = Indicator.objects.that_count().filter(reduce(or_, any_of))
    rows = found.values_list("pk", "kind", "value", "tier", "category", "is_positive")
    return [_Standing(pk, kind, bytes(value), *more) for pk, kind, value, *more in rows]


def _perceptual(
    wanted: NDArray[np.uint8], query: NDArray[np.int32], candidate: NDArray[np.int64], standing: list[_Standing]
) -> Iterator[tuple[int, Hit]]:
    """Of the proposed pairs those that are as near as they must be. The distance is taken anew from the row: what the
    index remembers decides nothing."""
    by_number = sorted(standing)
    numbers = np.array([one.pk for one in by_number], dtype=np.int64)
    counts = np.isin(candidate, numbers)
    # Once each: an indicator may stand in the index twice, loaded and heard of again.
    pairs = np.unique(query[counts] * np.int64(len(numbers)) + np.searchsorted(numbers, candidate[counts]))
    query, place = np.divmod(pairs, max(len(numbers), 1))
    distance = _distances(wanted, query, rows_of([one.value for one in by_number]), place)
    kept = distance <= _limits(wanted, query)[query]
    for of, row, bits in zip(query[kept].tolist(), place[kept].tolist(), distance[kept].tolist(), strict=True):
        yield of, by_number[row].hit(bits, RADIUS_BITS)


def _distances(
    wanted: NDArray[np.uint8], query: NDArray[np.int64], known: NDArray[np.uint8], place: NDArray[np.int64]
) -> NDArray[np.int64]:
    parts = [
        np.bitwise_count(wanted[query[begin:end]] ^ known[place[begin:end]]).sum(axis=1, dtype=np.int64)
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
