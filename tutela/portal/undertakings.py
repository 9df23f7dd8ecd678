"""What somebody will do by a day, as it stands on a day: a decision, a commitment or a priority action."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.cooperation.models.undertaking import Undertaking
from tutela.cooperation.rules import Standing

STANDINGS: dict[Standing, Promise] = {
    Standing.LATE: _("Late"),
    Standing.OPEN: _("Open"),
    Standing.DONE: _("Done"),
    Standing.DONE_AFTER_ITS_DAY: _("Done, after its day"),
    Standing.DROPPED: _("Dropped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    what: str
    whose: str
    due: date | None
    standing: Standing
    word: Promise
    days_late: int
    evidence_url: str
    reason: str
    source_url: str


def promised(undertaking: Undertaking, *, whose: str, on: date, source_url: str = "") -> Promised:
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
