"""One invented report from its sending to its answer, before the others: everyone can look at it while they run."""

import random

from tutela.cases.models import CaseReport
from tutela.demo import desk
from tutela.demo.authorities import Desk, Done
from tutela.demo.desk import Decided
from tutela.demo.senders import Senders
from tutela.demo.stories import Planned
from tutela.demo.world import World
from tutela.referrals.models import Referral


def follow(
    planned: Planned, *, world: World, senders: Senders, desks: list[Desk], decided: Decided, done: Done
) -> list[tuple[str, str, str]]:
    """One row for each role: who, what there is to see, and the path of the page."""
    receipt = senders.send_by_api(planned)
    desk.wait_until_linked(after_look=lambda _: None)
    case = CaseReport.objects.get(report=receipt.number).case
    desk.decide(case.number, world, decided)
    for each in desks:
        each.work(done, random.Random(0), after_each=lambda: None)
    handed = Referral.objects.filter(case=case, handed_over_at__isnull=False).order_by("number").first()
    referral = f"/console/referrals/{handed.number}/" if handed else "/console/referrals/"
    report = f"/console/reports/{receipt.number}/"
    return [
        ("analyst", "why it came first", _sign_in(f"/console/cases/{case.number}/")),
        ("authority", "the verified dossier", _sign_in(f"{referral}dossier/")),
        ("provider", "what was missing", _sign_in(report)),
        ("data protection officer", "who read it, and when it is erased", _sign_in(f"{report}accesses/")),
        ("everyone", "what became of it", receipt.body["follow"]),
    ]


def _sign_in(path: str) -> str:
    return f"/demo/?next={path}"
