"""A provider keeps its own register of technology and evidence; nobody else reads it."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.rules import actor_text
from tutela.compliance import readiness
from tutela.compliance.models import Evidence, Measurement, Technology
from tutela.compliance.readiness import Advice, Detects, Measured, Proof, Readiness
from tutela.compliance.rules import Refused
from tutela.law.dates import today
from tutela.law.instruments import conditions

_SENTENCES = {
    "one_entry_per_version": "This version is registered already: change that entry.",
    "technology_use_ends_after_it_began": "The use ends after it began.",
    "technology_assessment_is_whole": "Give the impact assessment's reference and its day together.",
    "technology_consultation_is_whole": "Give the prior consultation's reference and its day together.",
    "technology_follow_up_is_whole": "A follow-up has a text and a day, and answers advice that was given.",
    "one_measurement_per_period": "This period was measured already.",
    "measurement_period": "The period ends after it began.",
    "measurement_counts_nest": "Count nothing below 0; not confirmed is part of reviewed, reviewed is part of flagged.",
    "evidence_can_be_found": "Give an address that begins with https://, or the SHA-256 of the document.",
    "evidence_says_what": "Say what the evidence is.",
}
# What may be said of an entry after it was registered; what it is called and what it detects make another version.
CHANGEABLE = frozenset(
    {
        "in_use_to", "assessment", "assessed_on", "consultation", "consulted_on", "advice", "advice_reference",
        "followed_up", "followed_up_on",
    }
)  # fmt: skip


def register_technology(
    *,
    name: str,
    version: str,
    detects: frozenset[Detects],
    in_use_from: date,
    used_in_union_since: date,
    by: Actor,
    **more: Any,
) -> Technology:
    """`more` holds any of CHANGEABLE. Raises NotYours, Refused."""
    home = _home(by)
    if not (name.strip() and version.strip() and detects):
        raise Refused("Name the technology, its version and what it detects.")
    entry = Technology(
        organisation_id=home,
        name=name.strip(),
        version=version.strip(),
        detects=sorted(Detects(each) for each in detects),
        in_use_from=in_use_from,
        used_in_union_since=used_in_union_since,
        recorded_by=actor_text(by),
    )
    with transaction.atomic():
        return _write(entry, more, "registered", by)


def change_technology(technology_id: int, *, by: Actor, **more: Any) -> Technology:
    """`more` holds any of CHANGEABLE. Raises NotYours, Refused."""
    with transaction.atomic():
        return _write(_own(technology_id, by), more, "changed", by)


def _write(entry: Technology, more: dict[str, Any], what: str, by: Actor) -> Technology:
    if unknown := sorted(set(more) - CHANGEABLE):
        raise Refused(f"Not to be written here: {', '.join(unknown)}.")
    if "advice" in more:
        more["advice"] = Advice(more["advice"])
    for name, value in more.items():
        setattr(entry, name, value)
    _saved(entry)
    audit.record(
        f"compliance.technology_{what}", by=by, subject=f"technology:{entry.pk}", details={"changed": sorted(more)}
    )
    return entry


@transaction.atomic
def add_measurement(
    technology_id: int, *, first: date, last: date, flagged: int, reviewed: int, not_confirmed: int, by: Actor
) -> Measurement:
    """Counts over one period, both days included. Raises NotYours, Refused."""
    entry = _own(technology_id, by)
    measured = Measurement(
        technology=entry,
        first=first,
        last=last,
        flagged=flagged,
        reviewed=reviewed,
        not_confirmed=not_confirmed,
        recorded_by=actor_text(by),
    )
    _saved(measured)
    details = {"flagged": flagged, "reviewed": reviewed, "not_confirmed": not_confirmed}
    audit.record("compliance.measured", by=by, subject=f"technology:{entry.pk}", details=details)
    return measured


@transaction.atomic
def give_evidence(
    *,
    condition: str,
    what: str,
    on: date,
    responsible: Person,
    link: str = "",
    sha256: bytes | None = None,
    valid_until: date | None = None,
    by: Actor,
) -> Evidence:
    """`condition` is C01 to C20. Raises NotYours, Refused."""
    home = _home(by)
    if condition not in {each.condition for each in conditions()}:
        raise Refused(f"'{condition}' is not one of the twenty conditions, C01 to C20.")
    if responsible.organisation_id != home:
        raise Refused("Whoever is responsible works for the provider that gives the evidence.")
    if on > today():
        raise Refused("Evidence is of a day that has come.")
    if sha256 is not None and len(sha256) != 32:
        raise Refused("A SHA-256 has 32 bytes.")
    evidence = Evidence(
        organisation_id=home,
        condition=condition,
        what=what.strip(),
        on=on,
        valid_until=valid_until,
        responsible=responsible,
        link=link,
        sha256=sha256,
        recorded_by=actor_text(by),
    )
    _saved(evidence)
    audit.record(
        "compliance.evidence_given", by=by, subject=f"evidence:{evidence.pk}", details={"condition": condition}
    )
    return evidence


@transaction.atomic
def withdraw_evidence(evidence_id: int, *, reason: str, by: Actor) -> Evidence:
    evidence = Evidence.objects.select_for_update().filter(pk=evidence_id).first()
    if evidence is None:
        raise NotYours("no such evidence")
    check_may(by, Act.COMPLIANCE_EVIDENCE, owner=evidence.organisation_id)
    if not reason.strip():
        raise Refused("Say why it is withdrawn.")
    if evidence.withdrawn_at is not None:
        raise Refused("This evidence was withdrawn already.")
    evidence.withdrawn_at, evidence.withdrawn_by = datetime.now(UTC), actor_text(by)
    evidence.withdrawn_reason = reason.strip()
    _saved(evidence)
    details = {"condition": evidence.condition}
    audit.record("compliance.evidence_withdrawn", by=by, subject=f"evidence:{evidence.pk}", details=details)
    return evidence


@transaction.atomic
def readiness_of(organisation_id: int, *, on: date, by: Actor) -> tuple[Readiness, ...]:
    """The twenty conditions of one provider, for its own people alone. Raises NotYours."""
    check_may(by, Act.COMPLIANCE_EVIDENCE, owner=organisation_id)
    given = Evidence.objects.filter(organisation_id=organisation_id, withdrawn_at=None)
    proofs = [Proof(id=each.pk, condition=each.condition, on=each.on, valid_until=each.valid_until) for each in given]
    found = readiness.readiness(proofs, _technologies(organisation_id), on)
    details = {"on": on.isoformat(), "ready": readiness.is_ready(found)}
    audit.record("compliance.readiness_read", by=by, subject=f"organisation:{organisation_id}", details=details)
    return found


def _technologies(organisation_id: int) -> list[readiness.Technology]:
    measured: dict[int, list[Measured]] = defaultdict(list)
    for row in Measurement.objects.filter(technology__organisation_id=organisation_id).order_by("last"):
        counts = {"flagged": row.flagged, "reviewed": row.reviewed, "not_confirmed": row.not_confirmed}
        measured[row.technology_id].append(Measured(first=row.first, last=row.last, **counts))
    return [
        readiness.Technology(
            id=each.pk,
            name=each.name,
            version=each.version,
            detects=frozenset(Detects(word) for word in each.detects),
            in_use_from=each.in_use_from,
            in_use_to=each.in_use_to,
            used_in_union_since=each.used_in_union_since,
            assessed_on=each.assessed_on,
            consulted_on=each.consulted_on,
            advice=Advice(each.advice),
            followed_up_on=each.followed_up_on,
            measured=tuple(measured[each.pk]),
        )
        for each in Technology.objects.filter(organisation_id=organisation_id).order_by("pk")
    ]


def _home(by: Actor) -> int:
    check_may(by, Act.COMPLIANCE_EVIDENCE, owner=by.organisation_id)
    if by.organisation_id is None:
        raise Refused("A provider's own people keep this register.")
    return by.organisation_id


def _own(technology_id: int, by: Actor) -> Technology:
    entry = Technology.objects.select_for_update().filter(pk=technology_id).first()
    if entry is None:
        raise NotYours("no such technology")
    check_may(by, Act.COMPLIANCE_EVIDENCE, owner=entry.organisation_id)
    return entry


def _saved(row: Technology | Measurement | Evidence) -> None:
    """The database decides; what it refuses is said in a sentence."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _SENTENCES:
            raise
        raise Refused(_SENTENCES[name]) from None
