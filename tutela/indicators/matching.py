"""What is known of these fingerprints? A hit is a lead: nothing follows from it by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from tutela.indicators.memory import memory
from tutela.indicators.models import BenignHash, Indicator
from tutela.indicators.rules import LEAST_QUALITY, RADIUS_BITS, Benign, Fingerprint, Kind, Outcome
from tutela.matching.hashes import distance_bits

__all__ = ["Fingerprint", "Hit", "match"]


@dataclass(frozen=True)
class Hit:
    """An exact kind has distance and threshold 0."""

    indicator_id: int
    kind: str
    distance_bits: int
    threshold_bits: int
    tier: str
    outcome: Outcome


def match(wanted: Sequence[Sequence[Fingerprint]]) -> list[list[Hit]]:
    """For each item its hits, nearest first; at most one for an indicator.

    Only what is active and that nobody calls wrong counts, as the database has it now. A PDQ of a quality below 50 is
    not asked about; where a picture known to be benign is as near as the indicator, the hit is dropped.
    """
    asked = [[one for one in fingerprints if _is_worth_asking(one)] for fingerprints in wanted]
    near = _near(one.value for fingerprints in asked for one in fingerprints if one.kind == Kind.PDQ)
    standing = _standing(asked, near)
    benign = BenignHash.objects.known() if any(one.kind == Kind.PDQ for one in standing.values()) else Benign({})
    by_value: dict[tuple[str, bytes], Indicator] = {(one.kind, bytes(one.value)): one for one in standing.values()}
    answer = []
    for fingerprints in asked:
        hits: dict[int, Hit] = {}
        for one in fingerprints:
            if one.kind == Kind.PDQ:
                candidates = [standing[id_] for id_ in near.get(one.value, ()) if id_ in standing]
                found = _perceptual(one.value, candidates, benign)
            else:
                known = by_value.get((one.kind, one.value))
                found = [_hit(known, 0, 0)] if known else []
            hits |= {hit.indicator_id: hit for hit in found}
        answer.append(sorted(hits.values(), key=lambda hit: (hit.distance_bits, hit.threshold_bits, hit.indicator_id)))
    return answer


def _is_worth_asking(one: Fingerprint) -> bool:
    return one.kind != Kind.PDQ or one.quality is None or one.quality >= LEAST_QUALITY


def _near(hashes: Iterable[bytes]) -> dict[bytes, list[int]]:
    """Candidates of each hash, from the index in memory."""
    distinct = list(dict.fromkeys(hashes))
    if not distinct:
        return {}
    found: dict[bytes, list[int]] = {}
    hits = memory().near(distinct, RADIUS_BITS)
    for position, id_ in zip(hits.query.tolist(), hits.id.tolist(), strict=True):
        found.setdefault(distinct[position], []).append(id_)
    return found


def _standing(asked: list[list[Fingerprint]], near: dict[bytes, list[int]]) -> dict[int, Indicator]:
    """The indicators among the candidates that count at this moment: one question, whatever the number of items."""
    values: dict[str, set[bytes]] = {}
    for one in (one for fingerprints in asked for one in fingerprints if one.kind != Kind.PDQ):
        values.setdefault(one.kind, set()).add(one.value)
    any_of = [Q(kind=kind, value__in=some) for kind, some in values.items()]
    candidates = {id_ for ids in near.values() for id_ in ids}
    if candidates:
        any_of.append(Q(pk__in=candidates))
    if not any_of:
        return {}
    columns = ("pk", "kind", "value", "tier", "state")
    return {one.pk: one for one in Indicator.objects.that_count().filter(reduce(or_, any_of)).only(*columns)}


def _perceptual(wanted: bytes, candidates: list[Indicator], benign: Benign) -> list[Hit]:
    # The distance is taken anew from the row: what the index remembers decides nothing.
    distances = [(one, distance_bits(wanted, bytes(one.value))) for one in candidates]
    harmless = benign.nearest(wanted) if candidates else None
    limit = RADIUS_BITS if harmless is None else harmless.distance_bits - 1
    return [_hit(one, bits, RADIUS_BITS) for one, bits in distances if bits <= limit]


def _hit(indicator: Indicator, distance: int, threshold: int) -> Hit:
    outcome = Outcome.POSITIVE if indicator.is_positive else Outcome.SEED
    return Hit(indicator.pk, indicator.kind, distance, threshold, indicator.tier, outcome)
