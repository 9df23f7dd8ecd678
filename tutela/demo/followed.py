"""One invented report from its sending to its answer, before the others: everyone can look at it while they run."""

import random
from dataclasses import dataclass

import httpx

from tutela.accounts.models import Person
from tutela.accounts.policy import Role
from tutela.cases.models import CaseReport
from tutela.demo import desk
from tutela.demo.authorities import Desk, Done
from tutela.demo.desk import Decided
from tutela.demo.senders import Senders
from tutela.demo.stories import Planned
from tutela.demo.world import World
from tutela.referrals.models import Referral


@dataclass(frozen=True)
class Sight:
    """A page of the followed report, for one role; nobody needs to sign in where there is none."""

    who: str
    what: str
    path: str
    role: Role | None = None

    @property
    def address(self) -> str:
        return f"/demo/?next={self.path}" if self.role else self.path


def follow(
    planned: Planned, *, world: World, senders: Senders, desks: list[Desk], decided: Decided, done: Done
) -> list[Sight]:
    receipt = senders.send_by_api(planned)
    desk.wait_until_linked(after_look=lambda _: None)
    case = CaseReport.objects.get(report=receipt.number).case
    desk.decide(case.number, world, decided)
    for each in desks:
        each.work(done, random.Random(0), after_each=lambda: None)
    handed = Referral.objects.filter(case=case, handed_over_at__isnull=False).order_by("number")[0]
    report = f"/console/reports/{receipt.number}/"
    return [
        Sight("analyst", "why it came first", f"/console/cases/{case.number}/", Role.ANALYST),
        Sight(
            "authority",
            "the verified dossier",
            f"/console/referrals/{handed.number}/dossier/",
            Role.AUTHORITY_OFFICER,
        ),
        Sight("provider", "what was missing", report, Role.PROVIDER_ENGINEER),
        Sight(
            "data protection officer",
            "who read it, and when it is erased",
            f"{report}accesses/",
            Role.DATA_PROTECTION_OFFICER,
        ),
        Sight("everyone", "what became of it", receipt.body["follow"]),
    ]


def opens(server: str, sight: Sight) -> bool:
    """Does the page open for the first person the sign-ins offer in this role, by the way a visitor would come?"""
    with httpx.Client(base_url=server, follow_redirects=True) as visitor:
        if sight.role is not None:
            person = Person.objects.filter(roles__contains=[sight.role]).order_by("pk")[0]
            visitor.get("/demo/")
            token = visitor.cookies.get("csrftoken", "")
            visitor.post(f"/demo/{person.public_id}/", data={"next": "/"}, headers={"X-CSRFToken": token})
        answer = visitor.get(sight.path)
        return answer.status_code == 200 and answer.url.path == sight.path
