"""The first reader: what passes the gates waits for a second one, what does not is held or refused."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, check_may
from tutela.exchange.words import Verdict
from tutela.indicators.actions.writing import has_said, reader, written
from tutela.indicators.models import BenignHash, Classification, Indicator
from tutela.indicators.rules import Benign, Fingerprint, Passport, Refused, State, check_passport, gates

_REFUSED_BY_THE_DATABASE = {
    "one_living_indicator_per_value": "This value is already listed. Give an opinion on it instead.",
    "indicator_stays_withdrawn": "This value was withdrawn and may not be added again.",
}


def propose(fingerprint: Fingerprint, *, passport: Passport, by: Actor) -> Indicator:
    return propose_many([(fingerprint, passport)], by=by)[0]


def propose_many(proposals: Sequence[tuple[Fingerprint, Passport]], *, by: Actor) -> list[Indicator]:
    """All or none; a refusal among several names its position, counted from 0."""
    check_may(by, Act.INDICATOR_PROPOSE, owner=by.organisation_id)
    first = reader(by)
    found = []
    with transaction.atomic():
        benign = BenignHash.objects.known()
        for position, (fingerprint, passport) in enumerate(proposals):
            try:
                found.append(_propose(fingerprint, passport, benign, first, by))
            except Refused as refusal:
                if len(proposals) == 1:
                    raise
                raise Refused(f"Proposal {position}: {refusal}") from None
    return found


def _propose(fingerprint: Fingerprint, passport: Passport, benign: Benign, first: Person, by: Actor) -> Indicator:
    check_passport(passport, today=datetime.now(UTC).date())
    holds = gates(fingerprint, benign)
    indicator = Indicator(
        kind=fingerprint.kind,
        value=fingerprint.value,
        quality=fingerprint.quality,
        state=State.QUARANTINED if holds else State.PROPOSED,
        holds=holds,
        category=passport.category,
        identified_by_id=first.organisation_id,
        identified_on=passport.identified_on,
        authority=passport.authority,
        legal_basis=passport.legal_basis,
        made_by=passport.made_by.strip(),
        first_reader=first,
    )
    _insert(indicator)
    Classification.objects.bulk_create(
        Classification(
            indicator=indicator, scheme=one.scheme, version=one.version, code=one.code, by_id=first.organisation_id
        )
        for one in passport.labels
    )
    has_said(indicator, first.organisation_id, Verdict.POSITIVE, "read first")
    written(indicator, "quarantined" if holds else "proposed", by=by, why="; ".join(holds), category=passport.category)
    return indicator


def _insert(indicator: Indicator) -> None:
    """Two proposals at once, or a withdrawal at the same moment, are told apart by the database alone."""
    try:
        with transaction.atomic():
            indicator.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _REFUSED_BY_THE_DATABASE:
            raise
        raise Refused(_REFUSED_BY_THE_DATABASE[name]) from None
