from datetime import UTC, date, datetime

from django.db import transaction

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.cooperation import rules
from tutela.cooperation.actions.writing import check_forum, organisation_of, written
from tutela.cooperation.models import Commitment, Proof
from tutela.law.dates import today


def record_commitment(
    *,
    what: str,
    made_on: date,
    source_url: str,
    by: Actor,
    provider: Organisation | None = None,
    company: str = "",
    due: date | None = None,
) -> Commitment:
    """Of a provider that is known here, or of a company that is only named. Raises NotYours, Refused."""
    check_forum(by, owner=by.organisation_id)
    if (provider is None) == (not company.strip()):
        raise rules.Refused("Name either a provider that is known here or a company, not both and not neither.")
    if provider is not None and provider.kind != Organisation.Kind.PROVIDER:
        raise rules.Refused(f"{provider.name} is not a provider: name it as a company instead.")
    facts = {
        "what": rules.check_text(what, name="promise"),
        "made_on": rules.check_past(made_on, name="day of the promise", today=today()),
        "due": rules.check_due(due, after=made_on),
        "source_url": rules.check_address(source_url),
        "provider": provider,
        "company": rules.check_text(company, name="company", limit=200) if company else "",
    }
    home = organisation_of(by)
    with transaction.atomic():
        commitment = Commitment.objects.create(recorded_by_id=home, **facts)
        written(commitment, "recorded", by=by, due=due.isoformat() if due else None)
    return commitment


def offer_proof(commitment_id: int, *, what: str, url: str, on: date, by: Actor) -> Proof:
    """By the provider that promised. It changes nothing until the Union's policy body has accepted it."""
    with transaction.atomic():
        commitment = _found(commitment_id)
        check_may(by, Act.COOPERATION_PROVE, owner=commitment.provider_id)
        if commitment.state != rules.State.OPEN:
            raise rules.Refused(f"This promise is {commitment.said(today())}: there is nothing left to prove.")
        proof = Proof.objects.create(
            commitment=commitment,
            what=rules.check_text(what, name="proof"),
            url=rules.check_address(url, name="proof"),
            on=_day(on, commitment),
            offered_by_id=organisation_of(by),
        )
        written(proof, "offered", by=by, commitment=commitment.pk)
    return proof


def accept_proof(proof_id: int, *, by: Actor) -> Commitment:
    """The promise is kept as of the proof's own day. Nobody accepts what they offered themselves."""
    with transaction.atomic():
        proof = Proof.objects.filter(pk=proof_id).first()
        if proof is None:
            raise NotYours("no such proof")
        commitment = _held(proof.commitment_id, by)
        if proof.offered_by_id == by.organisation_id:
            raise rules.Refused("Somebody else must accept it: you offered this proof yourself.")
        commitment.finish(on=proof.on, evidence_url=proof.url, today=today())
        proof.accepted_by_id, proof.accepted_at = organisation_of(by), datetime.now(UTC)
        proof.save()
        return _saved(commitment, "kept", by=by, proof=proof.pk)


def keep_commitment(commitment_id: int, *, on: date, evidence_url: str, by: Actor) -> Commitment:
    """From a public source, for a company that offers nothing here itself."""
    with transaction.atomic():
        commitment = _held(commitment_id, by)
        commitment.finish(on=_day(on, commitment), evidence_url=evidence_url, today=today())
        return _saved(commitment, "kept", by=by)


def withdraw_commitment(commitment_id: int, *, reason: str, by: Actor) -> Commitment:
    with transaction.atomic():
        commitment = _held(commitment_id, by)
        commitment.drop(reason=reason)
        return _saved(commitment, "withdrawn", by=by)


def reopen_commitment(commitment_id: int, *, by: Actor) -> Commitment:
    """The evidence did not hold, or the promise stands again. An accepted proof stays on record as such."""
    with transaction.atomic():
        commitment = _held(commitment_id, by)
        was = {"was": commitment.state, "evidence": commitment.evidence_url, "reason": commitment.reason}
        commitment.reopen()
        return _saved(commitment, "reopened", by=by, **was)


def _day(on: date, commitment: Commitment) -> date:
    if on < commitment.made_on:
        raise rules.Refused(f"What was done on {on} cannot keep a promise made on {commitment.made_on}.")
    return rules.check_past(on, name="day of the proof", today=today())


def _found(commitment_id: int) -> Commitment:
    found = Commitment.objects.select_for_update(of=("self",)).filter(pk=commitment_id).first()
    if found is None:
        raise NotYours("no such commitment")
    return found


def _held(commitment_id: int, by: Actor) -> Commitment:
    found = _found(commitment_id)
    check_forum(by, owner=found.recorded_by_id)
    return found


def _saved(commitment: Commitment, what: str, *, by: Actor, **details: object) -> Commitment:
    commitment.save()
    written(commitment, what, by=by, **details)
    return commitment
