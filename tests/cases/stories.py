"""How a report comes under a decision, told once for the stories of cases, referrals and safeguards."""

from hashlib import sha256

from tests import cast
from tests.cast import raw
from tutela.accounts.models import Organisation
from tutela.accounts.policy import Actor
from tutela.cases import actions as cases
from tutela.cases.models import Case, CaseReport
from tutela.exchange.messages import Digest, Email, Item, Party, Person, Phone, PostalAddress
from tutela.reports import actions as reports
from tutela.reports import tokens
from tutela.reports.models import Report

GROUND = "material_described"


def sender(country: str = "FR", **more: object) -> Actor:
    return cast.credential(cast.organisation(country=country, **more)).credential.actor()


def send(by: Actor, **changes: object) -> Report:
    message = cast.report(**changes)
    return reports.receive(message, raw(message), by=by, channel="api").report


def party(role: str = "suspect", *, account: str | None = None, country: str | None = None, **more: object) -> Party:
    """`email` and `phone` as one would say them."""
    email, phone = more.pop("email", None), more.pop("phone", None)
    person = Person(
        emails=[Email(address=email)] if email else [],
        phones=[Phone(number=phone)] if phone else [],
        addresses=[PostalAddress(country=country)] if country else [],
    )
    return Party(role=role, account_id=account, person=person, **more)


def item(name: str = "a", **more: object) -> Item:
    """The same name is the same file."""
    return Item(digests=[Digest(algorithm="sha256", value=sha256(name.encode()).hexdigest())], **more)


def complete(report: Report, by: Actor, **changes: object) -> None:
    """The sender tells more of it, in a whole new account."""
    fuller = cast.report(**changes)
    reports.complete(report.number, fuller, raw(fuller), token=tokens.completing(report.number), by=by)


def gather() -> None:
    while reports.match_waiting():
        pass
    while cases.link_waiting():
        pass


def case_of(report: Report) -> Case:
    return CaseReport.objects.select_related("case").get(report=report).case


def told_by(report: Report) -> list[str]:
    return CaseReport.objects.get(report=report).why


def new_case(**changes: object) -> Case:
    report = send(sender(), **changes)
    gather()
    return case_of(report)


def decide(case: Case, decision: str = "refer", ground: str = GROUND) -> Case:
    home = Organisation.objects.filter(kind="hotline").first()
    cases.assess(case.number, decision=decision, grounds=[ground], by=cast.ana(home).actor)
    return cases.confirm(case.number, agree=True, grounds=[ground], by=cast.boris().actor)
