"""An item of a decided case became known since. Nothing is changed by that: it is shown until a person has looked."""

from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.cases import rules
from tutela.cases.models import Case


def recognised(case: Case, *, by: Actor) -> None:
    """The caller holds the case's lock."""
    if case.recognised_at is None:
        case.recognised_at = datetime.now(UTC)
        case.save(update_fields=["recognised_at"])
        audit.record("case.recognised", by=by, subject=case.subject, details={"state": case.state})


@transaction.atomic
def look_again(number: int, *, anew: bool, by: Actor) -> Case:
    """A reader has looked. `anew`: the dismissed case is read again by two; a case that left is added to elsewhere."""
    check_may(by, Act.CASE_ASSESS)
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise NotYours("no such case")
    if case.recognised_at is None:
        raise rules.NotDecidable("nothing became known of this case since it was decided")
    if anew:
        case.state = rules.check_move(case.state, "read anew")
        case.forget_readings()
    case.recognised_at, case.updated_at = None, datetime.now(UTC)
    case.save()
    audit.record("case.looked_at_again", by=by, subject=case.subject, details={"read_anew": anew})
    return case
