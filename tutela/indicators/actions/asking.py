"""A provider asks what is known of its hashes. Whoever may try hashes can learn to evade them, so the day has a limit.

The record itself is the meter: each question's leaf says how much its organisation has asked that day, and the next one
reads the last. There is no second count that could say something else, and no hash is ever written down.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from django.db import connection, transaction

from tutela.accounts.policy import Act, Actor, check_may
from tutela.audit import actions as audit
from tutela.audit.models import Leaf
from tutela.exchange.matching import MOST_MATCHES, Answer, Found, Match, Question, values_of
from tutela.indicators.matching import Fingerprint, Hit, find
from tutela.indicators.naming import classifications_of, reference_of
from tutela.indicators.rules import Kind
from tutela.law.bases import Purpose, basis_on
from tutela.law.dates import today

# A hundred full batches. A back catalogue is matched at home, against the lists.
MOST_A_DAY: Final = 1_000_000
# Any constant: with an organisation's number it names the lock under which that organisation's meter is read.
_METER: Final = 7_165_002


class AskedEnough(ValueError):
    """The organisation has asked about as many hashes as it may today; nothing was answered."""


class NoLegalBasis(ValueError):
    """On this day no law allows this service to compare; nothing was."""


def ask(question: Question, *, by: Actor) -> Answer:
    """Raises NotYours, NoLegalBasis, BadQuestion, AskedEnough."""
    check_may(by, Act.INDICATOR_MATCH)
    if question.service and not (basis := basis_on(today(), question.service, Purpose.DETECTION)).allowed:
        raise NoLegalBasis(basis.sentence)
    asked, values = question.hashes, values_of(question.hashes)
    subject = f"organisation:{by.organisation_id}:asked:{datetime.now(UTC).date()}"
    # Before the work; it counts only below, where nobody else of this organisation counts at the same time.
    _check_left(len(asked), subject)
    hits = find((place, Fingerprint(said.kind, values[place], said.quality)) for place, said in enumerate(asked))
    with transaction.atomic():
        _lock_meter(by)
        details: dict[str, object] = {"service": question.service} if question.service else {}
        details |= {"hashes": dict(Counter(one.kind for one in asked)), "today": _check_left(len(asked), subject)}
        audit.record("indicators.asked", by=by, subject=subject, details=details | _counted(hits))
    return Answer(found=list(_found(hits)))


def _lock_meter(by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_METER, (by.organisation_id or 0) % 2**31])


def _check_left(count: int, subject: str) -> int:
    """What the day comes to with these."""
    last = Leaf.objects.filter(subject=subject).order_by("-id").first()
    today = count + (json.loads(bytes(last.content))["details"]["today"] if last else 0)
    if today > MOST_A_DAY:
        raise AskedEnough(
            f"Your organisation may ask about {MOST_A_DAY:,} hashes a day, and this would be more. "
            "Match a back catalogue at home, against the lists."
        )
    return int(today)


def _counted(hits: dict[int, list[Hit]]) -> dict[str, int]:
    kinds = Counter(hit.kind == Kind.PDQ for each in hits.values() for hit in each)
    return {"known": len(hits), "exact": kinds[False], "perceptual": kinds[True]}


def _found(hits: dict[int, list[Hit]]) -> Iterable[Found]:
    labels = classifications_of({hit.indicator_id for each in hits.values() for hit in each[:MOST_MATCHES]})
    for position, each in sorted(hits.items()):
        matches = [_match(hit, labels[hit.indicator_id]) for hit in each[:MOST_MATCHES]]
        yield Found(position=position, matches=matches, left_out=len(each) - len(matches))


def _match(hit: Hit, classification: str) -> Match:
    return Match(
        reference=reference_of(hit.indicator_id),
        list=hit.category,
        tier=hit.tier,
        classification=classification,
        kind=hit.kind,
        distance_bits=hit.distance_bits,
        threshold_bits=hit.threshold_bits,
        verdict=hit.outcome,
    )
