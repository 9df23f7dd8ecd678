from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit.rules import actor_text
from tutela.cooperation import rules
from tutela.cooperation.actions.writing import organisation_of, written
from tutela.cooperation.models import Assessed, Assessment, PoliceCapability
from tutela.law.dates import today


@dataclass(frozen=True, kw_only=True)
class Phase:
    """How far one of the 21 capabilities is, and why the state says so."""

    number: int
    phase: int
    why: str
    evidence_url: str = ""


def note_police_capability(
    *,
    state: str,
    area: str,
    what: str,
    since: date,
    by: Actor,
    until: date | None = None,
    amount_eur: int | None = None,
    evidence_url: str = "",
) -> PoliceCapability:
    """Technology, training or funding of the state's police; nobody else ever reads it. Raises NotYours, Refused."""
    check_may(by, Act.COOPERATION_RECORD, owner=by.organisation_id)
    rules.check_own_state(state, by=by)
    rules.check_word(area, list(rules.Area), name="area")
    if until is not None and until < since:
        raise rules.Refused(f"It cannot end on {until}, before it began on {since}.")
    if amount_eur is not None and (area != rules.Area.FUNDING or amount_eur < 0):
        raise rules.Refused("An amount belongs to funding, in whole euro, nought or more.")
    with transaction.atomic():
        noted = PoliceCapability.objects.create(
            state=state,
            area=area,
            what=rules.check_text(what, name="capability"),
            since=since,
            until=until,
            amount_eur=amount_eur,
            evidence_url=rules.check_address(evidence_url, name="evidence") if evidence_url else "",
            recorded_by_id=organisation_of(by),
        )
        written(noted, "noted", by=by, state=state, area=area)
    return noted


def assess(*, state: str, as_of: date, phases: Sequence[Phase], by: Actor) -> Assessment:
    """The state's own assessment on a day, of all 21 capabilities or of some. Private until it is published."""
    check_may(by, Act.COOPERATION_RECORD, owner=by.organisation_id)
    rules.check_own_state(state, by=by)
    rules.check_past(as_of, name="day of the assessment", today=today())
    numbers = [rules.check_capability(each.number) for each in phases]
    if not numbers or len(set(numbers)) < len(numbers):
        raise rules.Refused("Assess at least one capability, and each of them once.")
    home = organisation_of(by)
    with transaction.atomic():
        if Assessment.objects.filter(recorded_by=home, as_of=as_of).exists():
            raise rules.Refused(f"There is an assessment of {as_of} already: give the new one its own day.")
        assessment = Assessment.objects.create(state=state, as_of=as_of, recorded_by_id=home)
        Assessed.objects.bulk_create(_assessed(assessment, each) for each in phases)
        written(assessment, "made", by=by, state=state, n=len(numbers))
    return assessment


def publish(assessment_id: int, *, by: Actor) -> Assessment:
    with transaction.atomic():
        assessment = _locked(assessment_id, by)
        if assessment.published_at is not None:
            raise rules.Refused("It is published already.")
        assessment.published_at, assessment.published_by = datetime.now(UTC), actor_text(by)
        assessment.save()
        written(assessment, "published", by=by, state=assessment.state)
    return assessment


def make_private(assessment_id: int, *, by: Actor) -> Assessment:
    """From now on the house shows it to nobody else; what was copied meanwhile it cannot take back."""
    with transaction.atomic():
        assessment = _locked(assessment_id, by)
        if assessment.published_at is None:
            raise rules.Refused("It is private already.")
        assessment.published_at, assessment.published_by = None, None
        assessment.save()
        written(assessment, "made_private", by=by, state=assessment.state)
    return assessment


def _assessed(assessment: Assessment, given: Phase) -> Assessed:
    return Assessed(
        assessment=assessment,
        number=given.number,
        phase=rules.check_phase(given.phase),
        why=rules.check_text(given.why, name="reason"),
        evidence_url=rules.check_address(given.evidence_url, name="evidence") if given.evidence_url else "",
    )


def _locked(assessment_id: int, by: Actor) -> Assessment:
    found = Assessment.objects.select_for_update().filter(pk=assessment_id).first()
    if found is None:
        raise NotYours("no such assessment")
    check_may(by, Act.COOPERATION_PUBLISH, owner=found.recorded_by_id)
    return found
