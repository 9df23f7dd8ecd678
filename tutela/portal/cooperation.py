"""With whom the house works, on which legal ground, and what was promised; only what is public."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.cooperation.capabilities import Capability, capabilities, capability
from tutela.cooperation.models import Assessed, Assessment, Commitment, Decision, Meeting, printed_partners
from tutela.cooperation.partners import Exchange, Known
from tutela.cooperation.rules import PHASES, PartnerKind
from tutela.law.dates import today
from tutela.portal.answers import page
from tutela.portal.law import address
from tutela.portal.places import place
from tutela.portal.undertakings import Promised, promised

KINDS: dict[PartnerKind, Promise] = {
    PartnerKind.HOTLINE: _("Hotlines"),
    PartnerKind.POLICE: _("Police"),
    PartnerKind.CLEARINGHOUSE: _("Clearinghouses"),
    PartnerKind.ALLIANCE: _("Alliances"),
    PartnerKind.NETWORK: _("Networks"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """`exchanges` with the address of each ground; empty where none was verified."""

    known: Known
    place: Promise | str
    exchanges: tuple[tuple[Exchange, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A state's own assessment, in the order of the capabilities."""

    assessment: Assessment
    state: str
    rows: tuple[tuple[Capability, Assessed], ...]


def cooperation(request: HttpRequest) -> HttpResponse:
    on = today()
    found = [_partner(each) for each in printed_partners()]
    context = {
        "on": on,
        "partners": [(KINDS[kind], [each for each in found if each.known.kind is kind]) for kind in KINDS],
        "meetings": [
            (meeting, [_decided(each, meeting, on) for each in meeting.decisions.all()])
            for meeting in Meeting.objects.prefetch_related("decisions")
        ],
        "commitments": [
            promised(each, whose=each.of, source_url=each.source_url, on=on)
            for each in Commitment.objects.select_related("provider")
        ],
        "capabilities": capabilities(),
        "phases": PHASES,
        "published": [_published(each) for each in Assessment.objects.published().prefetch_related("assessed")],
    }
    return page(request, "cooperation", context)


def _partner(known: Known) -> Partner:
    exchanges = tuple((each, address(each.ground) if each.ground else "") for each in known.exchanges)
    return Partner(known=known, place=place(known.country), exchanges=exchanges)


def _decided(decision: Decision, meeting: Meeting, on: date) -> Promised:
    return promised(decision, whose=decision.owner, source_url=meeting.source_url, on=on)


def _published(assessment: Assessment) -> Published:
    rows = tuple((capability(each.number), each) for each in assessment.assessed.all())
    return Published(assessment=assessment, state=str(place(assessment.state)), rows=rows)
