"""Every address of the console, by everybody, on everything: the policy table decides, and nothing else.

What is refused must be the very answer that is given for what does not exist.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.compliance.stories import ARTICLE
from tests.console.scenes import World, signed_in
from tutela.accounts.policy import Act, Actor, may, relations
from tutela.compliance.models import Technology
from tutela.console.urls import urlpatterns
from tutela.cooperation.models import Assessment
from tutela.law.dates import today
from tutela.safeguards import actions as safeguards
from tutela.safeguards.models import Hold

MISSING = 999_999_999
NEXT_MONTH = today() + timedelta(days=30)


@dataclass(frozen=True)
class Thing:
    """Something an address names, with the relations it has."""

    named: int
    owner: int | None = None
    other_owner: int | None = None
    addressed: tuple[int, ...] = ()


Things = Callable[[World], list[Thing]]


@dataclass(frozen=True)
class Route:
    acts: tuple[Act, ...]
    parameter: str = ""
    things: Things = lambda world: []
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    # Words in the address that name nobody's thing.
    words: dict[str, str] = field(default_factory=dict)

    def is_open(self, by: Actor, thing: Thing | None) -> bool:
        if thing is None:
            return not self.acts or any(relations(by, act) for act in self.acts)
        owners = {thing.owner, thing.other_owner or thing.owner}
        return any(may(by, act, owner=owner, addressed=thing.addressed) for act in self.acts for owner in owners)


def reports(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.organisation_id) for each in (world.report, world.other_report)]


def holds(world: World) -> list[Thing]:
    """One of the data-protection officer's, made when it is first asked for."""
    by = world.everybody["data protection"].actor
    held = Hold.objects.first() or safeguards.hold(
        world.report.pk, authority="authority:fr", until=NEXT_MONTH, reason=Hold.Reason.EVIDENCE, by=by
    )
    return [Thing(held.pk)]


def cases(world: World) -> list[Thing]:
    return [Thing(world.case.pk)]


def referrals(world: World) -> list[Thing]:
    return [Thing(each.pk, addressed=each.addressed) for each in (world.to_france, world.to_germany)]


def indicators(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.identified_by_id) for each in (world.indicator, world.other_indicator)]


def credentials(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.organisation_id) for each in (world.credential, world.other_credential)]


def people(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.organisation_id) for each in (world.waiting, world.ana.person, world.eva.person)]


def batches(world: World) -> list[Thing]:
    return [Thing(world.papers.batch.pk)]


def technologies(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.organisation_id) for each in world.papers.technologies]


def priority_actions(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.recorded_by_id) for each in world.papers.actions]


def assessments(world: World) -> list[Thing]:
    return [Thing(each.pk, owner=each.recorded_by_id) for each in (world.papers.assessment, world.papers.published)]


def meetings(world: World) -> list[Thing]:
    return [Thing(world.papers.meeting.pk, owner=world.papers.meeting.recorded_by_id)]


def decisions(world: World) -> list[Thing]:
    return [Thing(world.papers.decision.pk, owner=world.papers.decision.recorded_by_id)]


def commitments(world: World) -> list[Thing]:
    made = world.papers.commitment
    return [Thing(made.pk, owner=made.recorded_by_id, other_owner=made.provider_id)]


def partners(world: World) -> list[Thing]:
    return [Thing(world.papers.partner.pk, owner=world.papers.partner.recorded_by_id)]


def post(act: Act, parameter: str, things: Things, **data: Any) -> Route:
    return Route((act,), parameter, things, "post", data)


ROUTES = {
    "home": Route(()),
    "queue": Route((Act.CASE_READ,)),
    "case": Route((Act.CASE_READ,), "number", cases),
    "assess": post(Act.CASE_ASSESS, "number", cases, decision="refer"),
    "confirm": post(Act.CASE_CONFIRM, "number", cases, agree="yes"),
    "look_again": post(Act.CASE_ASSESS, "number", cases, anew="no"),
    "close": post(Act.CASE_CONFIRM, "number", cases),
    "hand_over": post(Act.REFERRAL_HAND_OVER, "number", cases, sure="on"),
    "send_back": post(Act.REFERRAL_HAND_OVER, "number", cases),
    "case_trail": Route((Act.CASE_TRAIL,), "number", cases),
    "reports": Route((Act.REPORT_FOLLOW,)),
    "report": Route((Act.REPORT_FOLLOW,), "number", reports),
    "words": Route((Act.REPORT_READ,), "number", reports, data={"purpose": "assessment"}),
    "originals": Route((Act.REPORT_READ,), "number", reports, data={"purpose": "assessment"}),
    "hold": Route(
        (Act.KEY_DESTROY,),
        "number",
        reports,
        "post",
        {"authority": "authority:fr", "until": NEXT_MONTH.isoformat(), "reason": "evidence"},
    ),
    "release_hold": post(Act.KEY_DESTROY, "hold", holds),
    "accesses": Route((Act.REPORT_ACCESSES,), "number", reports),
    "receipt": Route((Act.REPORT_SUBMIT,), "number", reports),
    "referrals": Route((Act.REFERRAL_READ,)),
    "referral": Route((Act.REFERRAL_READ,), "number", referrals),
    "dossier": Route((Act.REFERRAL_READ,), "number", referrals, data={"purpose": "investigation"}),
    "dossier_file": Route((Act.REFERRAL_READ,), "number", referrals, data={"purpose": "investigation"}),
    "acknowledge": post(Act.REFERRAL_ANSWER, "number", referrals),
    "answer": post(Act.REFERRAL_ANSWER, "number", referrals, code="no_action"),
    "give_outside": post(Act.REFERRAL_HAND_OVER, "number", referrals),
    "acknowledge_correction": post(Act.REFERRAL_ANSWER, "number", lambda world: []),
    "indicators": Route((Act.INDICATOR_READ,)),
    "indicator": Route((Act.INDICATOR_READ,), "indicator", indicators),
    "indicator_confirm": post(Act.INDICATOR_CONFIRM, "indicator", indicators),
    "indicator_release": post(Act.INDICATOR_CONFIRM, "indicator", indicators, reason="text-1"),
    "indicator_opinion": Route(
        (Act.INDICATOR_OPINION,), "indicator", indicators, "post", {"verdict": "seed", "reason": "text-1"}
    ),
    "indicator_withdraw": post(Act.INDICATOR_WITHDRAW, "indicator", indicators, reason="text-1"),
    "findings": Route((Act.COMPLIANCE_FIND,)),
    "finding_cell": Route((Act.COMPLIANCE_FIND,), words={"provision": ARTICLE, "state": "RO"}),
    "article_25": Route((Act.COMPLIANCE_FIND,)),
    "article_25_state": Route((Act.COMPLIANCE_FIND,), words={"state": "RO"}),
    "imports": Route((Act.COMPLIANCE_IMPORT,)),
    "batch": Route((Act.COMPLIANCE_IMPORT,), "number", batches),
    "conditions": Route((Act.COMPLIANCE_EVIDENCE,)),
    "condition": Route((Act.COMPLIANCE_EVIDENCE,), words={"condition": "C02"}),
    "technologies": Route((Act.COMPLIANCE_EVIDENCE,)),
    "technology": Route((Act.COMPLIANCE_EVIDENCE,), "number", technologies),
    "gaps": Route((Act.STRATEGY_RECORD,)),
    "acting": Route((Act.STRATEGY_RECORD,)),
    "action": Route((Act.STRATEGY_RECORD,), "number", priority_actions),
    "practices": Route((Act.STRATEGY_RECORD,)),
    "statistics": Route((Act.STRATEGY_RECORD,)),
    "capabilities": Route((Act.COOPERATION_RECORD,)),
    "assessment": Route((Act.COOPERATION_RECORD,), "number", assessments),
    "forum": Route((Act.COOPERATION_FORUM,)),
    "meeting": Route((Act.COOPERATION_FORUM,), "number", meetings),
    "decision": Route((Act.COOPERATION_FORUM,), "number", decisions),
    "commitments": Route((Act.COOPERATION_FORUM, Act.COOPERATION_PROVE)),
    "commitment": Route((Act.COOPERATION_FORUM, Act.COOPERATION_PROVE), "number", commitments),
    "partners": Route((Act.COOPERATION_RECORD,)),
    "partner": Route((Act.COOPERATION_RECORD,), "number", partners),
    "people": Route((Act.PEOPLE_MANAGE, Act.PEOPLE_ACTIVATE)),
    "person_activate": post(Act.PEOPLE_ACTIVATE, "person", people),
    "person_roles": post(Act.PEOPLE_MANAGE, "person", people, roles=["analyst"]),
    "person_password": post(Act.PEOPLE_MANAGE, "person", people),
    "person_end": post(Act.PEOPLE_MANAGE, "person", people),
    "credentials": Route((Act.CREDENTIAL_MANAGE,)),
    "rotate": post(Act.CREDENTIAL_MANAGE, "credential", credentials),
    "revoke": post(Act.CREDENTIAL_MANAGE, "credential", credentials),
}


def test_every_address_of_the_console_is_in_the_matrix():
    assert {pattern.name for pattern in urlpatterns} == set(ROUTES)


def asked(client: Any, route: Route, path: str) -> HttpResponse:
    """One request whose writes are taken back, so that everybody meets the same world."""
    with transaction.atomic():
        answer = getattr(client, route.method)(path, route.data)
        transaction.set_rollback(True)
    return answer


def seen(answer: HttpResponse, path: str) -> tuple[int, dict[str, str], bytes]:
    """All that tells one answer from another, apart from the address that was asked for."""
    return answer.status_code, dict(answer.headers), answer.content.replace(path.encode(), b"")


def leaks_and_denials(world: World, routes: dict[str, Route]) -> Iterator[str]:
    for who, member in world.everybody.items():
        client = signed_in(member.person)
        for name, route in routes.items():
            by = member.actor
            said = _on_things(world, client, by, name) if route.parameter else _alone(client, by, name)
            yield from (f"{name}: {who} {each}" for each in said)


def _alone(client: Any, by: Actor, name: str) -> Iterator[str]:
    answer = asked(client, ROUTES[name], reverse(f"console:{name}", kwargs=ROUTES[name].words))
    if (answer.status_code != 404) != ROUTES[name].is_open(by, None):
        yield f"got {answer.status_code}"


def _on_things(world: World, client: Any, by: Actor, name: str) -> Iterator[str]:
    route = ROUTES[name]
    for each in route.things(world) or [Thing(MISSING)]:
        # The opinion, not the indicator, is what belongs to somebody.
        thing = Thing(each.named, owner=by.organisation_id) if name == "indicator_opinion" else each
        path, nothing = _address(name, thing.named), _address(name, int("9" * len(str(thing.named))))
        answer, absent = asked(client, route, path), asked(client, route, nothing)
        if absent.status_code != 404:
            yield f"got {absent.status_code} for what does not exist"
        if route.is_open(by, thing) and thing.named != MISSING:
            if answer.status_code not in (200, 302, 409):
                yield f"was refused {thing} with {answer.status_code}"
        elif seen(answer, path) != seen(absent, nothing):
            yield f"can tell {thing} from nothing ({answer.status_code})"


def _address(name: str, number: int) -> str:
    return reverse(f"console:{name}", kwargs={ROUTES[name].parameter: number})


def test_the_table_decides_and_what_is_refused_looks_like_nothing(fresh_database):
    assert list(leaks_and_denials(World(), ROUTES)) == []


def test_nobody_gets_past_the_door_without_signing_in(fresh_database, client):
    world = World()
    for name, route in ROUTES.items():
        things = route.things(world) or [Thing(MISSING)]
        path = reverse(f"console:{name}", kwargs={route.parameter: things[0].named} if route.parameter else route.words)
        answer = getattr(client, route.method)(path)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/"), name


BROKEN = {
    "the gate": ("tutela.console.access.relations", lambda by, act: frozenset({"any"}), "indicators"),
    "a report's owner": ("tutela.console.reports.check_may", lambda *_, **__: None, "report"),
    "the sender's receipt": ("tutela.console.reports.check_may", lambda *_, **__: None, "receipt"),
    "a referral's addressee": (
        "tutela.referrals.models.referral.ReferralQuestions.open_to",
        lambda rows, by: rows,
        "referral",
    ),
    "a person's organisation": ("tutela.accounts.actions.people.check_may", lambda *_, **__: None, "person_activate"),
    "a provider's papers": ("tutela.console.technologies._ours", lambda by: Technology.objects, "technology"),
    "a state's assessment": ("tutela.console.capabilities._ours", lambda by: Assessment.objects, "assessment"),
    "a commitment's readers": ("tutela.console.commitments._is_open_to", lambda made, by: True, "commitment"),
    "a credential's owner": ("tutela.accounts.actions.credentials.check_may", lambda *_, **__: None, "revoke"),
}


def test_the_matrix_goes_red_wherever_a_check_is_taken_out(fresh_database, monkeypatch):
    world, survived = World(), []
    for broken, (place, instead, name) in BROKEN.items():
        routes = {name: ROUTES[name]}
        assert list(leaks_and_denials(world, routes)) == []
        with monkeypatch.context() as patch:
            patch.setattr(place, instead)
            if not list(leaks_and_denials(world, routes)):
                survived.append(broken)
    assert survived == []
