"""What rests on an indicator is weighed again when that indicator is withdrawn, doubted, or doubted no more."""

from tutela.accounts.policy import HOUSE, Actor
from tutela.audit.cursor import follow
from tutela.cases import rules
from tutela.cases.actions.gathering import gather_again
from tutela.cases.actions.scoring import score
from tutela.cases.models import Case, CaseReport
from tutela.indicators.models import Change
from tutela.reports.models import Match

FOLLOWED = (Change.What.WITHDRAWN, Change.What.DOUBTED, Change.What.CLEARED)
# What was handed over stays as it was told; the room of referrals corrects it.
OPEN = (*rules.GATHERING, rules.CONFIRMED)


def weigh_again(*, limit: int = 200, by: Actor = HOUSE) -> int:
    """Score the cases these changes touch, and have an assessed one read anew; returns how many changes there were."""
    with follow("cases.known", Change.objects.filter(what__in=FOLLOWED), limit=limit) as changes:
        reports = Match.objects.filter(indicator__in={each.indicator_id for each in changes}).values("item__report")
        touched = CaseReport.objects.filter(report__in=reports).values("case")
        cases = list(Case.objects.select_for_update().filter(pk__in=touched, state__in=OPEN).order_by("pk"))
        for case in cases:
            if case.state in rules.GATHERING:
                gather_again(case, because="an indicator changed", by=by)
        if cases:
            score(cases)
        return len(changes)
