"""What the stories of hand-overs begin with."""

from tests import cast
from tests.cases.stories import case_of, decide, gather, item, party, send, sender
from tests.cast import Member
from tutela.cases.models import Case
from tutela.exchange.messages import Outcome
from tutela.exchange.words import OutcomeCode
from tutela.referrals import actions
from tutela.referrals.models import Referral


def confirmed(*countries: str, **changes: object) -> Case:
    """A confirmed case of one report whose suspect is in the first country and whose victim is in the second."""
    roles = ("suspect", "victim", "recipient")
    parties = [
        party(role, account=f"acc-{role}", country=country) for role, country in zip(roles, countries, strict=False)
    ]
    report = send(sender("DE"), parties=parties, items=[item("f")], **changes)
    gather()
    return decide(case_of(report))


def chiara(country: str = "FR") -> Member:
    return cast.officer(country, authority=f"authority:{country.lower()}")


def handed(case: Case) -> list[Referral]:
    return actions.hand_over(case.number, by=cast.ana().actor)


def outcome(code: str = "investigation_opened", **more: object) -> Outcome:
    return Outcome(code=OutcomeCode(code), **more)
