"""What the codes and field names of the house are called on a page."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

# Where taking the underscores away does not give the right words.
FIELDS: Final[Words] = {
    "account_id": _("Account"),
    "at": _("Time"),
    "at_description": _("Time, in words"),
    "born_on": _("Date of birth"),
    "captures": _("Network addresses"),
    "capture": _("Network address"),
    "console": _("Game console"),
    "digests": _("Hashes"),
    "domestic_process": _("Asked for by a domestic order"),
    "emails": _("E-mail addresses"),
    "exif_viewed_by_provider": _("Embedded details viewed by the provider"),
    "id_type": _("Kind of device number"),
    "id_value": _("Device number"),
    "international_process": _("Asked for by an international order"),
    "original": _("Who keeps the original"),
    "parties": _("Person or account"),
    "pdq_quality": _("PDQ quality"),
    "places": _("Place"),
    "items": _("Item"),
    "url": _("Address (URL)"),
    "urls": _("Addresses (URL)"),
    "profile_urls": _("Profile addresses (URL)"),
    "legal_url": _("Legal address (URL)"),
    "us_state": _("State (US)"),
}

CODES: Final[Words] = {
    "no_legal_basis": _("no legal basis on the day of detection: kept and flagged"),
    "hashes_differ": _("the sender's hash differs from ours"),
    "negative": _("negative: not illegal here"),
    "seed": _("seed: awaiting verification"),
    "positive": _("positive: confirmed"),
    "disputed": _("disputed: bodies disagree"),
    "wrong_delete": _("wrong: delete"),
    "national_authority": _("national authority"),
    "network_address": _("network address (an estimate)"),
    "estimated_location": _("estimated location"),
    "ispws": _("CyberTipline wire"),
    "api": _("Tutela's own interface"),
    "A1": _("A1 (provider's label)"),
    "A2": _("A2 (provider's label)"),
    "B1": _("B1 (provider's label)"),
    "B2": _("B2 (provider's label)"),
    "at_least": _("no reason to put it higher"),
    "at_most": _("highest score"),
    "child_under_13": _("child under 13"),
}


def field_label(name: str) -> str:
    return str(FIELDS.get(name) or gettext(name.replace("_", " ").capitalize()))


def code_label(code: str) -> str:
    return str(CODES.get(str(code)) or gettext(str(code).replace("_", " ")))
