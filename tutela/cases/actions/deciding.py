"""Two different people decide; what follows from it is told to the reports below."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.cases import rules
from tutela.cases.actions.scoring import score
from tutela.cases.known import signals_of
from tutela.cases.models import Case, Reading
from tutela.reports import actions as reports
from tutela.reports.models import Step


@transaction.atomic
def assess(number: int, *, decision: str, grounds: Sequence[str], by: Actor) -> Case:
    """The first reading. Raises NotYours, NotInThisState, NotDecidable."""
    case = _locked(number, Act.CASE_ASSESS, by)
    state = rules.check_move(case.state, "assess")
    rules.check_grounds(decision, grounds, signals_of(case))
    case.first_reader, case.first_at, case.first_decision = _reader(by), datetime.now(UTC), decision
    _reading(case, case.first_reader, Reading.Place.FIRST, decision, grounds=grounds)
    _move(case, state)
    details = {"decision": decision, "grounds": sorted(grounds), "reports": case.members.count()}
    audit.record("case.assessed", by=by, subject=case.subject, details=details)
    return case


@transaction.atomic
def confirm(number: int, *, agree: bool, grounds: Sequence[str] = (), by: Actor) -> Case:
    """The second reading, by another person. Who disagrees sends the case back, and may say on which grounds."""
    case = _locked(number, Act.CASE_CONFIRM, by)
    first = case.first_decision
    move = ("confirm a referral" if first == rules.REFER else "confirm a dismissal") if agree else "disagree"
    state = rules.check_move(case.state, move)
    reader = _reader(by)
    rules.check_second_reader(case.first_reader_id, reader.pk)
    decision = first if agree else _other(first)
    if agree or grounds:
        rules.check_grounds(decision, grounds, signals_of(case))
    _reading(case, reader, Reading.Place.SECOND, decision, grounds=grounds, agrees=agree)
    if agree:
        case.second_reader, case.second_at, case.decision = reader, datetime.now(UTC), decision
    else:
        case.forget_readings()
        case.disputed = True
    _move(case, state)
    details = {"decision": decision, "grounds": sorted(grounds), "reports": case.members.count()}
    audit.record(f"case.{state if agree else 'disputed'}", by=by, subject=case.subject, details=details)
    if agree:
        _tell_reports(case, Step.What.DECIDED, by)
    if state == rules.DISMISSED:
        _tell_reports(case, Step.What.CLOSED, by)
    return case


@transaction.atomic
def read_anew(number: int, *, by: Actor) -> Case:
    """Told by the room of referrals, which knows that nothing of this case was sealed for anybody."""
    case = _locked(number, Act.REFERRAL_HAND_OVER, by)
    state = rules.check_move(case.state, "read anew")
    case.forget_readings()
    _move(case, state)
    score([case])
    audit.record("case.reopened", by=by, subject=case.subject, details={"because": "sent back before it left"})
    return case


@transaction.atomic
def close(number: int, *, by: Actor) -> Case:
    case = _locked(number, Act.CASE_CONFIRM, by)
    state = rules.check_move(case.state, "close")
    case.closed_at = datetime.now(UTC)
    _move(case, state)
    audit.record("case.closed", by=by, subject=case.subject)
    _tell_reports(case, Step.What.CLOSED, by)
    return case


@transaction.atomic
def tell_referred(number: int, *, by: Actor) -> Case:
    """Told by the room of referrals once every competent authority has its dossier."""
    case = _locked(number, Act.REFERRAL_HAND_OVER, by)
    _move(case, rules.check_move(case.state, "refer"))
    audit.record("case.referred", by=by, subject=case.subject)
    _tell_reports(case, Step.What.REFERRED, by)
    return case


@transaction.atomic
def tell_answered(number: int, *, by: Actor, addressed: Sequence[int]) -> Case:
    """Told by the room of referrals; a second authority's answer finds the case answered."""
    case = _locked(number, Act.REFERRAL_ANSWER, by, addressed)
    if case.state == rules.REFERRED:
        _move(case, rules.check_move(case.state, "answer"))
        audit.record("case.answered", by=by, subject=case.subject)
    return case


def _locked(number: int, act: Act, by: Actor, addressed: Sequence[int] = ()) -> Case:
    check_may(by, act, addressed=addressed)
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise NotYours("no such case")
    return case


def _reader(by: Actor) -> Person:
    """Article 11 of Directive (EU) 2016/680: no decision of this weight by a machine alone."""
    if by.kind != "person":
        raise rules.NotDecidable("a person decides; sign in as yourself")
    return Person.objects.get(public_id=by.id)


def _reading(
    case: Case, reader: Person, place: str, decision: str, *, grounds: Sequence[str], agrees: bool | None = None
) -> None:
    Reading.objects.create(
        case=case, reader=reader, place=place, decision=decision, grounds=sorted(grounds), agrees=agrees
    )


def _other(decision: str) -> str:
    return rules.DISMISS if decision == rules.REFER else rules.REFER


def _move(case: Case, state: str) -> None:
    case.state, case.updated_at = state, datetime.now(UTC)
    case.save()


def _tell_reports(case: Case, what: Step.What, by: Actor) -> None:
    for report in case.gathered().filter(erased_at=None):
        reports.record_step(report, what, by=by)
