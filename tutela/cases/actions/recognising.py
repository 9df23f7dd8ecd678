"""An item of a case became known after it came in. What is decided is not changed by that: it is shown until a person
has looked."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, NotYours, check_may
from tutela.audit import actions as audit
from tutela.cases import rules
from tutela.cases.actions.linking import Table, link_by_indicator, write_links
from tutela.cases.actions.scoring import score
from tutela.cases.models import Case, CaseReport
from tutela.reports.models import Report


def recognised(cases: Sequence[Case], *, by: Actor) -> None:
    """The caller holds the locks of these decided cases."""
    for case in cases:
        if case.recognised_at is None:
            case.recognised_at = datetime.now(UTC)
            case.save(update_fields=["recognised_at"])
            audit.record("case.recognised", by=by, subject=case.subject, details={"state": case.state})


def link_again(cases: Sequence[Case]) -> None:
    """What a newly known item has in common with others' is seen from both sides, whatever was decided."""
    held = dict(CaseReport.objects.filter(case__in=cases).values_list("report_id", "case_id"))
    table = Table({case.pk: case for case in cases}, held, {})
    link_by_indicator(list(Report.objects.filter(pk__in=held)), table)
    write_links(table)


@transaction.atomic
def look_again(number: int, *, anew: bool, by: Actor) -> Case:
    """A reader has looked. `anew`: the dismissed case is read again by two. Raises NotYours, NotInThisState."""
    check_may(by, Act.CASE_ASSESS)
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise NotYours("no such case")
    if case.recognised_at is None:
        raise NotInThisState("nothing of this case became known since it was decided", case.state)
    if anew:
        _send_back(case)
    case.recognised_at, case.updated_at = None, datetime.now(UTC)
    case.save()
    if anew:
        score([case])
    audit.record("case.looked_at_again", by=by, subject=case.subject, details={"read_anew": anew})
    return case


def _send_back(case: Case) -> None:
    # A confirmed one goes back by the room of referrals, which knows whether a dossier was sealed.
    if case.state == rules.CONFIRMED:
        raise NotInThisState("this case is confirmed: send it back where it would be handed over", case.state)
    case.state = rules.check_move(case.state, "read anew")
    case.forget_readings()
