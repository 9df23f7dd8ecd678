"""The law's own words as a reader reads them; the data keep the short ones."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutela.law.bases import Purpose, Service
from tutela.law.instruments import Actor, Status

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
