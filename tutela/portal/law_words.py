"""The law's own words as a reader reads them; the data keep the short ones."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.compliance.matrix import Status as CellStatus
from tutela.compliance.rules import Answer, Aspect
from tutela.law.bases import Purpose, Service
from tutela.law.instruments import Actor, Status
from tutela.law.procedures import Step
from tutela.law.sources import Certainty

STATUSES: dict[Status, Promise] = {
    Status.IN_FORCE: _("In force"),
    Status.EXPIRED: _("No longer in force"),
    Status.PROPOSAL: _("Proposal: not law"),
    Status.AGREED: _("Agreed politically, not published: not law"),
}
ACTORS: dict[Actor, Promise] = {
    Actor.MEMBER_STATE: _("Member States"),
    Actor.PROVIDER: _("Providers"),
    Actor.ONLINE_PLATFORM: _("Online platforms"),
    Actor.TRUSTED_FLAGGER: _("Trusted flaggers"),
    Actor.COMMISSION: _("The Commission"),
    Actor.SUPERVISORY_AUTHORITY: _("Supervisory authorities"),
    Actor.COMPETENT_AUTHORITY: _("Competent authorities"),
    Actor.CONTROLLER: _("Controllers of personal data"),
    Actor.EUROPOL: _("Europol"),
    Actor.COORDINATING_AUTHORITY: _("Coordinating Authorities"),
    Actor.EU_CENTRE: _("The EU Centre"),
}
SERVICES: dict[Service, Promise] = {
    Service.INTERPERSONAL: _("Messages, without a telephone number (number-independent)"),
    Service.NUMBER_BASED: _("Calls and messages to telephone numbers"),
    Service.HOSTING: _("Hosting"),
    Service.ACCESS: _("Access to the internet"),
    Service.SEARCH: _("Search"),
}
PURPOSES: dict[Purpose, Promise] = {
    Purpose.RECEIVE: _("Receive a report"),
    Purpose.DETECTION: _("Look for material of one's own accord"),
    Purpose.REPORTING: _("Report what was found or learnt"),
    Purpose.REMOVAL: _("Remove"),
    Purpose.RETENTION: _("Keep data"),
    Purpose.NOTICE: _("Take a notice and act on it"),
}
THEMES: dict[str, Promise] = {
    "criminal-law": _("Criminal law"),
    "final": _("Final provisions"),
    "online": _("Material online"),
    "prevention": _("Prevention"),
    "victims": _("Victims"),
}
# Shown beside what is not a fact read at its source; a fact carries no mark.
MARKS: dict[Certainty, Promise | str] = {
    Certainty.VERIFIED: "",
    Certainty.SECONDARY: _("from a secondary source"),
    Certainty.MEMORY: _("not verified"),
}
# One short word for a cell of the matrix, and what it means.
CELLS: dict[CellStatus, Promise] = {
    CellStatus.CONFORM: _("conform"),
    CellStatus.PARTLY: _("partly"),
    CellStatus.NOT: _("not"),
    CellStatus.UNKNOWN: _("unclear"),
    CellStatus.NOT_EXAMINED: _("unread"),
    CellStatus.NONE_NOTIFIED: _("none"),
    CellStatus.NOT_IMPORTED: _("no list"),
    CellStatus.NOT_BOUND: _("not bound"),
}
CELLS_IN_FULL: dict[CellStatus, Promise] = {
    CellStatus.CONFORM: _("Somebody looked and found that the state's law does what the article asks."),
    CellStatus.PARTLY: _("Somebody looked and found that it does so in part."),
    CellStatus.NOT: _("Somebody looked and found that it does not."),
    CellStatus.UNKNOWN: _("Somebody looked and could not tell."),
    CellStatus.NOT_EXAMINED: _("The state notified measures; nobody has said here what they do for this article."),
    CellStatus.NONE_NOTIFIED: _("The register names no measure of the state; its law may still do what is asked."),
    CellStatus.NOT_IMPORTED: _("The register's list was not taken over here, so nothing is known."),
    CellStatus.NOT_BOUND: _("The Directive does not bind the state."),
}
STEPS: dict[Step, Promise] = {
    Step.LETTER: _("Letter of formal notice"),
    Step.ADDITIONAL_LETTER: _("Additional letter of formal notice"),
    Step.OPINION: _("Reasoned opinion"),
    Step.ADDITIONAL_OPINION: _("Additional reasoned opinion"),
    Step.REFERRAL: _("Referral to the Court"),
    Step.CLOSING: _("Closing"),
    Step.WITHDRAWAL: _("Withdrawal"),
}
ASPECTS: dict[Aspect, Promise] = {
    Aspect.REMOVAL_HERE: _("What is hosted here is removed"),
    Aspect.REMOVAL_ABROAD: _("The removal of what is hosted abroad is sought"),
    Aspect.BLOCKING: _("Access is blocked"),
    Aspect.PROCEDURE: _("Blocking follows a transparent procedure"),
    Aspect.NECESSITY: _("Blocking is necessary and proportionate"),
    Aspect.USERS_TOLD: _("Users are told why"),
    Aspect.REDRESS: _("A court can be asked"),
}
ANSWERS: dict[Answer, Promise] = {Answer.YES: _("Yes"), Answer.NO: _("No"), Answer.UNKNOWN: _("Not known")}
