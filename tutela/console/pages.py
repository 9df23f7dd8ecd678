"""What every page of the console carries: whose it is, and the doors that person may open."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.accounts.policy import Act, Actor, relations


@dataclass(frozen=True)
class Place:
    act: Act
    address: str
    name: str | Promise
    about: str | Promise


PLACES: Final = (
    Place(Act.CASE_READ, "console:queue", _("Queue"), _("Cases that wait for a decision, the most urgent first.")),
    Place(Act.REFERRAL_READ, "console:referrals", _("Referrals"), _("What was handed over, and what was answered.")),
    Place(Act.REPORT_FOLLOW, "console:reports", _("Reports"), _("Find a report by number, reference or hash.")),
    Place(Act.INDICATOR_READ, "console:indicators", _("Indicators"), _("What is known, by whom, and how sure.")),
    Place(Act.COMPLIANCE_FIND, "console:findings", _("Findings"), _("How each state carries out each article.")),
    Place(Act.COMPLIANCE_IMPORT, "console:imports", _("Imports"), _("Take over what the registers say.")),
    Place(Act.STRATEGY_RECORD, "console:gaps", _("Gaps"), _("What is missing, and the records that cause it.")),
    Place(Act.STRATEGY_RECORD, "console:acting", _("Actions"), _("Who does what by when; what is late.")),
    Place(Act.COOPERATION_RECORD, "console:capabilities", _("Capabilities"), _("How ready your state is.")),
    Place(Act.COOPERATION_FORUM, "console:forum", _("Forum"), _("What was decided, by whom it is done.")),
    Place(Act.COMPLIANCE_EVIDENCE, "console:conditions", _("Conditions"), _("What you can prove of the twenty.")),
    Place(Act.COMPLIANCE_EVIDENCE, "console:technologies", _("Technology"), _("Each version you detect with.")),
    Place(Act.COOPERATION_FORUM, "console:commitments", _("Commitments"), _("What industry promised, and the proof.")),
    Place(Act.COOPERATION_PROVE, "console:commitments", _("Commitments"), _("What your company promised in public.")),
    Place(Act.COOPERATION_RECORD, "console:partners", _("Partners"), _("With whom we work, on which ground.")),
    Place(Act.PEOPLE_ACTIVATE, "console:people", _("People"), _("Who signs in for your organisation.")),
    Place(Act.CREDENTIAL_MANAGE, "console:credentials", _("Credentials"), _("How your machines come in.")),
)

LIST_KEYS: Final = (("j", _("next")), ("k", _("previous")), ("Enter", _("open")))


def places(by: Actor) -> list[Place]:
    return [place for place in PLACES if relations(by, place.act)]


def said(values: QueryDict, name: str) -> str:
    """One value of an address or a form, without what no database can hold."""
    return str(values.get(name, "")).replace("\x00", "").strip()


def page(
    request: HttpRequest, by: Actor, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, f"console/{template}", {"by": by, "places": places(by), **(context or {})}, status=status)
