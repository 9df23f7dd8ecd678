"""Plan an action and close it, note what works, write down which statistic was looked for, keep what is missing."""

from datetime import UTC, date, datetime

from django.db import models, transaction

from tutela.accounts.policy import HOUSE, Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.cooperation.rules import Refused, State, check_address, check_due, check_past, check_text, check_word
from tutela.law.authorities import MEMBER_STATES
from tutela.law.dates import day_of, today
from tutela.law.sources import Certainty
from tutela.strategy import kept, monitor, rules
from tutela.strategy.gaps import Kind
from tutela.strategy.models import BestPractice, Delivery, KeptGap, KeptLook, PriorityAction, Reckoning
from tutela.strategy.practices import check_about


def plan(
    *, initiative: int, country: str, what: str, owner: str, due: date, decided_on: date, by: Actor, gap: str = ""
) -> PriorityAction:
    """A priority action: somebody named will do something by a day. Raises NotYours, Refused."""
    check_may(by, Act.STRATEGY_RECORD, owner=by.organisation_id)
    rules.check_speaks_for(country, by=by)
    facts = {
        "initiative": rules.check_initiative(initiative),
        "country": country,
        "what": check_text(what, name="action"),
        "owner": check_text(owner, name="owner", limit=200),
        "decided_on": check_past(decided_on, name="day of the decision", today=today()),
        "due": check_due(due, after=decided_on),
        "gap": rules.check_gap_key(gap, kinds=list(Kind), country=country) if gap else "",
        "recorded_by_id": _organisation(by),
    }
    with transaction.atomic():
        action = PriorityAction.objects.create(**facts)
        _written(action, "planned", by=by, initiative=initiative, country=country, due=due.isoformat())
    return action


def change(action_id: int, *, what: str, owner: str, due: date, by: Actor) -> PriorityAction:
    """Other words, another owner, another day, while it is open; what it said before stays in the audit."""
    with transaction.atomic():
        action = _locked(action_id, by)
        if action.state != State.OPEN:
            raise Refused(f"This action is {action.state}: open it again before you change it.")
        told = {
            "what": check_text(what, name="action"),
            "owner": check_text(owner, name="owner", limit=200),
            "due": check_due(due, after=action.decided_on),
        }
        was = {name: str(getattr(action, name)) for name, said in told.items() if getattr(action, name) != said}
        if not was:
            raise Refused("Nothing is different from what stands there.")
        for name, said in told.items():
            setattr(action, name, said)
        return _saved(action, "changed", by=by, **{f"{name}_was": said for name, said in was.items()})


def finish(action_id: int, *, on: date, evidence_url: str, by: Actor) -> PriorityAction:
    with transaction.atomic():
        action = _locked(action_id, by)
        if on < action.decided_on:
            raise Refused(f"It cannot be done on {on}, before it was decided on {action.decided_on}.")
        action.finish(on=on, evidence_url=evidence_url, today=today())
        return _saved(action, "finished", by=by)


def drop(action_id: int, *, reason: str, by: Actor) -> PriorityAction:
    with transaction.atomic():
        action = _locked(action_id, by)
        action.drop(reason=reason)
        return _saved(action, "dropped", by=by)


def reopen(action_id: int, *, by: Actor) -> PriorityAction:
    with transaction.atomic():
        action = _locked(action_id, by)
        was = {"was": action.state, "evidence": action.evidence_url, "reason": action.reason}
        action.reopen()
        return _saved(action, "reopened", by=by, **was)


def note_practice(
    *,
    name: str,
    what: str,
    state: str,
    about: str,
    source_url: str,
    checked_on: date,
    certainty: str,
    by: Actor,
    gap_kind: str = "",
) -> BestPractice:
    """What works in a state, and the provision or capability it answers; the public reads it once it is verified."""
    check_may(by, Act.STRATEGY_RECORD, owner=by.organisation_id)
    facts = {
        "name": check_text(name, name="name", limit=200),
        "what": check_text(what, name="practice"),
        "state": check_word(state, MEMBER_STATES, name="state"),
        "about": check_about(about),
        "gap_kind": check_word(gap_kind, list(Kind), name="kind of gap") if gap_kind else "",
        "source_url": check_address(source_url),
        "checked_on": check_past(checked_on, name="day of the check", today=today()),
        "certainty": check_word(certainty, list(Certainty), name="certainty"),
    }
    home = _organisation(by)
    with transaction.atomic():
        same = {key: facts[key] for key in ("name", "state", "about")}
        if BestPractice.objects.filter(recorded_by=home, **same).exists():
            raise Refused("This practice is noted already.")
        practice = BestPractice.objects.create(recorded_by_id=home, **facts)
        _written(practice, "noted", by=by, about=about, state=state, certainty=certainty)
    return practice


def look_for_statistic(
    *,
    state: str,
    provision: str,
    year: int,
    source_url: str,
    by: Actor,
    delivered_on: date | None = None,
) -> Delivery:
    """What was found today, or that nothing was found; a later look replaces the earlier one."""
    check_may(by, Act.STRATEGY_RECORD, owner=by.organisation_id)
    check_word(state, MEMBER_STATES, name="state")
    rules.check_statistic(provision, year, today=today())
    if delivered_on is not None:
        check_past(delivered_on, name="day of the delivery", today=today())
    told = {
        "looked_on": today(),
        "delivered_on": delivered_on,
        "source_url": check_address(source_url),
        "recorded_by_id": _organisation(by),
    }
    with transaction.atomic():
        delivery, _ = Delivery.objects.update_or_create(state=state, provision=provision, year=year, defaults=told)
        _written(delivery, "looked_for", by=by, state=state, year=year, found=delivered_on is not None)
    return delivery


@transaction.atomic
def keep_gaps(*, by: Actor) -> Reckoning:
    """Compute what the public may know of gaps, so that no page has to. Raises NotYours for anybody but the house.

    Where nothing changed only the time is newer, and no leaf is written: the same was found.
    """
    if by is not HOUSE:
        raise NotYours("what is missing is computed by the house itself")
    now = datetime.now(UTC)
    before = Reckoning.objects.select_for_update().first()
    found = monitor.found(on=day_of(now))
    if before is not None and kept.of(before).is_same(found):
        before.as_of = now
        before.save(update_fields=["as_of"])
        return before
    reckoning = Reckoning.objects.create(computed_at=now, as_of=now)
    KeptGap.objects.bulk_create(KeptGap(reckoning=reckoning, **kept.columns(each)) for each in found.gaps)
    KeptLook.objects.bulk_create(KeptLook(reckoning=reckoning, **kept.columns(each)) for each in found.looks)
    # A page that found the one before still reads its rows.
    Reckoning.objects.exclude(pk__in=[each.pk for each in (before, reckoning) if each]).delete()
    _written(reckoning, "kept", by=by, gaps=len(found.gaps), not_measured=len(found.not_measured))
    return reckoning


def _organisation(by: Actor) -> int:
    if by.organisation_id is None:
        raise Refused("An organisation must say this: the house itself plans nothing.")
    return by.organisation_id


def _locked(action_id: int, by: Actor) -> PriorityAction:
    found = PriorityAction.objects.select_for_update(of=("self",)).filter(pk=action_id).first()
    if found is None:
        raise NotYours("no such action")
    check_may(by, Act.STRATEGY_RECORD, owner=found.recorded_by_id)
    return found


def _saved(action: PriorityAction, what: str, *, by: Actor, **details: object) -> PriorityAction:
    action.save()
    _written(action, what, by=by, **details)
    return action


def _written(row: models.Model, what: str, *, by: Actor, **details: object) -> None:
    name = row._meta.model_name
    audit.record(f"{name}.{what}", by=by, subject=f"{name}:{row.pk}", details=details)
