from datetime import date

from django.db import transaction

from tutela.accounts.policy import Actor, NotYours
from tutela.cooperation import rules
from tutela.cooperation.actions.writing import check_forum, organisation_of, written
from tutela.cooperation.models import Decision, Meeting
from tutela.law.dates import today


def record_meeting(*, held_on: date, title: str, source_url: str, by: Actor) -> Meeting:
    """A meeting of the EU Internet Forum. Raises NotYours, Refused."""
    check_forum(by, owner=by.organisation_id)
    facts = {
        "held_on": rules.check_past(held_on, name="day of the meeting", today=today()),
        "title": rules.check_text(title, name="title", limit=200),
        "source_url": rules.check_address(source_url),
    }
    home = organisation_of(by)
    with transaction.atomic():
        if Meeting.objects.filter(held_on=held_on, title=facts["title"]).exists():
            raise rules.Refused("This meeting is recorded already.")
        meeting = Meeting.objects.create(recorded_by_id=home, **facts)
        written(meeting, "recorded", by=by, held_on=held_on.isoformat())
    return meeting


def record_decision(meeting_id: int, *, what: str, owner: str, by: Actor, due: date | None = None) -> Decision:
    home = organisation_of(by)
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
        if meeting is None:
            raise NotYours("no such meeting")
        check_forum(by, owner=meeting.recorded_by_id)
        decision = Decision.objects.create(
            meeting=meeting,
            what=rules.check_text(what, name="decision"),
            owner=rules.check_text(owner, name="owner", limit=200),
            due=rules.check_due(due, after=meeting.held_on),
            recorded_by_id=home,
        )
        written(decision, "recorded", by=by, due=due.isoformat() if due else None)
    return decision


def finish_decision(decision_id: int, *, on: date, evidence_url: str, by: Actor) -> Decision:
    with transaction.atomic():
        decision = _locked(decision_id, by)
        rules.check_due(on, after=decision.meeting.held_on)
        decision.finish(on=on, evidence_url=evidence_url, today=today())
        return _saved(decision, "finished", by=by)


def drop_decision(decision_id: int, *, reason: str, by: Actor) -> Decision:
    with transaction.atomic():
        decision = _locked(decision_id, by)
        decision.drop(reason=reason)
        return _saved(decision, "dropped", by=by)


def reopen_decision(decision_id: int, *, by: Actor) -> Decision:
    with transaction.atomic():
        decision = _locked(decision_id, by)
        was = {"was": decision.state, "evidence": decision.evidence_url, "reason": decision.reason}
        decision.reopen()
        return _saved(decision, "reopened", by=by, **was)


def _locked(decision_id: int, by: Actor) -> Decision:
    found = Decision.objects.select_for_update(of=("self",)).select_related("meeting").filter(pk=decision_id).first()
    if found is None:
        raise NotYours("no such decision")
    check_forum(by, owner=found.recorded_by_id)
    return found


def _saved(decision: Decision, what: str, *, by: Actor, **details: object) -> Decision:
    decision.save()
    written(decision, what, by=by, **details)
    return decision
