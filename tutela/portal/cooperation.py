"""With whom the house works, on which legal ground, and what was promised; only what is public."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.cooperation.capabilities import Capability, capabilities, capability
from tutela.cooperation.models import Assessed, Assessment, Commitment, Meeting, printed_partners
from tutela.cooperation.models.undertaking import Undertaking
from tutela.cooperation.partners import Exchange, Known
from tutela.cooperation.rules import PHASES, PartnerKind, Standing
from tutela.law.authorities import authority
from tutela.portal.answers import page
from tutela.portal.law import address
from tutela.portal.today import today

KINDS: dict[PartnerKind, Promise] = {
    PartnerKind.HOTLINE: _("Hotlines"),
    PartnerKind.POLICE: _("Police"),
    PartnerKind.CLEARINGHOUSE: _("Clearinghouses"),
    PartnerKind.ALLIANCE: _("Alliances"),
    PartnerKind.NETWORK: _("Networks"),
}
PLACES: dict[str, Promise] = {"": _("the world"), "EU": _("the European Union"), "US": _("the United States")}
STANDINGS: dict[Standing, Promise] = {
    Standing.OPEN: _("Open"),
    Standing.LATE: _("Late"),
    Standing.DONE: _("Done"),
    Standing.DONE_AFTER_ITS_DAY: _("Done, after its day"),
    Standing.DROPPED: _("Dropped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """`exchanges` with the address of each ground; empty where none was verified."""

    known: Known
    place: Promise | str
    exchanges: tuple[tuple[Exchange, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A decision of the Forum or a company's commitment, as it stands on a day."""

    what: str
    whose: str
    due: date | None
    standing: Standing
    word: Promise
    days_late: int
    evidence_url: str
    reason: str
    source_url: str


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
            (meeting, [_promised(each, each.owner, meeting.source_url, on) for each in meeting.decisions.all()])
            for meeting in Meeting.objects.prefetch_related("decisions")
        ],
        "commitments": [
            _promised(each, each.of, each.source_url, on) for each in Commitment.objects.select_related("provider")
        ],
        "capabilities": capabilities(),
        "phases": PHASES,
        "published": [_published(each) for each in Assessment.objects.published().prefetch_related("assessed")],
    }
    return page(request, "cooperation", context)


def _partner(known: Known) -> Partner:
    exchanges = tuple((each, address(each.ground) if each.ground else "") for each in known.exchanges)
    return Partner(known=known, place=_place(known.country), exchanges=exchanges)


def _place(country: str) -> Promise | str:
    named = authority(country)
    return PLACES.get(country) or (named.country_name if named else country)


def _promised(undertaking: Undertaking, whose: str, source_url: str, on: date) -> Promised:
    standing = undertaking.standing(on)
    return Promised(
        what=undertaking.what,
        whose=whose,
        due=undertaking.due,
        standing=standing,
        word=STANDINGS[standing],
        days_late=undertaking.days_late(on),
        evidence_url=undertaking.evidence_url,
        reason=undertaking.reason,
        source_url=source_url,
    )


def _published(assessment: Assessment) -> Published:
    rows = tuple((capability(each.number), each) for each in assessment.assessed.all())
    return Published(assessment=assessment, state=str(_place(assessment.state)), rows=rows)
