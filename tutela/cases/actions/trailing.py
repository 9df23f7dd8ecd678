from django.db import transaction

from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.audit.models import Leaf
from tutela.cases.models import Case
from tutela.reports.actions.writing import subject


@transaction.atomic
def trail(number: int, *, by: Actor) -> list[Leaf]:
    """Everything that was done with a case and its reports, oldest first; looking is itself written down."""
    check_may(by, Act.CASE_TRAIL)
    case = Case.objects.filter(pk=number).first()
    if case is None:
        raise NotYours("no such case")
    audit.record("case.trail_read", by=by, subject=case.subject)
    return list(Leaf.objects.filter(subject__in=subjects(case)).order_by("id"))


def subjects(case: Case) -> list[str]:
    """How the audit names the case and its reports; what was erased can no longer be named."""
    return [case.subject, *(subject(report) for report in case.gathered().filter(erased_at=None))]
