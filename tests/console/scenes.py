"""What a story at the console needs: a cast that is signed in, and one report that went all the way."""

import time
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.test import Client
from django.urls import reverse

from tests import cast
from tests.console.papers import papers
from tutela.accounts import actions as accounts
from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import Role
from tutela.cases import actions as cases
from tutela.cases.models import Case, CaseReport
from tutela.exchange import messages
from tutela.exchange.words import Kind
from tutela.exchange.words import Role as Part
from tutela.indicators import actions as indicators
from tutela.indicators.matching import Fingerprint
from tutela.indicators.models import Indicator
from tutela.indicators.rules import Passport
from tutela.referrals import actions as referrals
from tutela.referrals.models import Referral
from tutela.reports import actions as reports
from tutela.reports.models import Report

WORD = "a long word 1!"


def signed_in(person: Person, *, second_factor: bool = True) -> Client:
    """A session as allauth leaves it after a sign-in."""
    client = Client()
    client.force_login(person)
    session = client.session
    methods = ["password", "mfa"] if second_factor else ["password"]
    session["account_authentication_methods"] = [{"method": method, "at": 1} for method in methods]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def received(by: cast.Member, **changes: object) -> Report:
    message = cast.report(**changes)
    return reports.receive(message, cast.raw(message), by=by.actor, channel="api").report


def worked() -> None:
    """What the schedule would do; only where commits are real."""
    while reports.match_waiting():
        pass
    # The cursor waits for every transaction of the server, those of other runs' databases too.
    for _ in range(600):
        cases.link_waiting()
        if not Report.objects.filter(matched_at__isnull=False).exclude(pk__in=CaseReport.objects.values("report")):
            return
        time.sleep(0.05)
    raise TimeoutError("another transaction on this server has been open for half a minute")


def case_of(report: Report) -> Case:
    return Case.objects.get(members__report=report)


def grooming(**changes: object) -> dict[str, object]:
    """A report that names two states and a danger, so that two authorities are competent."""
    suspect = messages.Party(role=Part.SUSPECT, location=messages.Location(country="DE", verified=True))
    child = messages.Party(role=Part.VICTIM, location=messages.Location(country="FR", verified=True))
    incident = messages.Incident(type="enticement", at="2026-11-20T14:05:09Z", escalation="text-escalation")
    return {"kind": Kind.SOLICITATION, "incident": incident, "parties": [suspect, child]} | changes


def proposed(by: cast.Member, text: str = "text-1") -> Indicator:
    passport = Passport(
        category="baseline",
        authority="authority:fr",
        legal_basis="dir-2011-93:art-2-c",
        identified_on=date(2026, 1, 2),
        made_by="drawn for a test",
    )
    return indicators.propose(
        Fingerprint("sha256", sha256(text.encode()).digest(), None), passport=passport, by=by.actor
    )


def engineer(at: Organisation | None = None) -> cast.Member:
    return cast.person("Eva", Role.PROVIDER_ENGINEER, at or cast.organisation())


def added_by(who: cast.Member, role: Role = Role.ANALYST) -> Person:
    """Kim, whom a person added: a second one must agree."""
    said = {"name": "Kim", "email": f"kim.{who.person.pk}.{role}@staff.example", "password": WORD}
    return accounts.add_person(organisation=who.person.organisation, roles=[role], by=who.actor, **said)


@dataclass
class World:
    """One report handed to two authorities, one of another provider that waits, and everybody who might look."""

    eva: cast.Member = field(default_factory=engineer)
    ana: cast.Member = field(default_factory=cast.ana)
    boris: cast.Member = field(default_factory=cast.boris)
    stranger: cast.Member = field(default_factory=cast.stranger)

    def __post_init__(self) -> None:
        self.chiara = cast.officer("FR", authority="authority:fr")
        self.dora = cast.officer("DE", authority="authority:de")
        hotline = self.ana.person.organisation
        self.everybody = {
            "provider": self.eva,
            "other provider": self.stranger,
            "analyst": self.ana,
            "analyst elsewhere": self.boris,
            "officer": self.chiara,
            "other officer": self.dora,
            "data protection": cast.person("Dimitri", Role.DATA_PROTECTION_OFFICER, cast.organisation("centre")),
            "policy": cast.person("Guido", Role.POLICY_OFFICER, cast.organisation("policy_body")),
            "policy of the Union": cast.person(
                "Gaia", Role.POLICY_OFFICER, cast.organisation("policy_body", country="EU")
            ),
            "practitioner": cast.person("Hana", Role.PRACTITIONER, cast.organisation("prevention_body")),
            "partner": cast.person("Ivo", Role.PARTNER, cast.organisation("partner")),
            "administrator": cast.person("Femke", Role.ADMINISTRATOR, hotline),
            "other administrator": cast.person("Jonas", Role.ADMINISTRATOR, cast.organisation("hotline")),
        }
        self.waiting = added_by(self.everybody["administrator"])
        self.report = received(self.eva, **grooming())
        self.other_report = received(self.stranger)
        worked()
        self.case = case_of(self.report)
        cases.assess(self.case.pk, decision="refer", grounds=["danger_stated"], by=self.ana.actor)
        cases.confirm(self.case.pk, agree=True, grounds=["danger_stated"], by=self.boris.actor)
        referrals.hand_over(self.case.pk, by=self.ana.actor)
        self.to_france = Referral.objects.get(authority="authority:fr")
        self.to_germany = Referral.objects.get(authority="authority:de")
        self.indicator = proposed(self.ana, "text-1")
        self.other_indicator = proposed(self.boris, "text-2")
        self.credential = cast.credential(self.eva.person.organisation).credential
        self.other_credential = cast.credential(hotline, role=Role.ANALYST).credential
        self.papers = papers(
            state=self.everybody["policy"],
            union=self.everybody["policy of the Union"],
            providers=[self.eva, self.stranger],
        )


def address(name: str, **named: object) -> str:
    return reverse(f"console:{name}", kwargs=named)
