"""How an act on an indicator is read and written down; used by every action."""

from tutela.accounts.models import Person
from tutela.accounts.policy import Actor
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text
from tutela.indicators.models import Event, Indicator, Opinion
from tutela.indicators.rules import Refused


def locked(indicator: Indicator) -> Indicator:
    return Indicator.objects.select_for_update().get(pk=indicator.pk)


def reader(by: Actor) -> Person:
    """Two different people are two people: a machine's credential and the house itself cannot read."""
    person = Person.objects.filter(public_id=by.id).first() if by.kind == "person" else None
    if person is None:
        raise Refused("A person must do this: sign in instead of using a credential.")
    return person


def reason_of(text: str) -> str:
    if not text.strip() or len(text) > 1000:
        raise Refused("Give a reason, in 1 to 1,000 characters.")
    return text.strip()


def written(indicator: Indicator, what: str, *, by: Actor, why: str = "", **details: object) -> None:
    """A line of the indicator's history, and the audit's leaf, which holds no reason: a reason may name things."""
    Event.objects.create(indicator=indicator, by=actor_text(by), what=what, why=why)
    said = {"kind": indicator.kind, "state": indicator.state, "tier": indicator.tier, **details}
    audit.record(f"indicator.{what}", by=by, subject=f"indicator:{indicator.pk}", details=said)


def has_said(indicator: Indicator, organisation_id: int, verdict: str, reason: str) -> None:
    Opinion.objects.update_or_create(
        indicator=indicator, organisation_id=organisation_id, defaults={"verdict": verdict, "reason": reason}
    )
