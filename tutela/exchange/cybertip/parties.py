"""People, accounts and connections, as the format's tables: the parts that every kind of party shares."""

from lxml import etree

from tutela.exchange import messages
from tutela.exchange.cybertip import wording
from tutela.exchange.cybertip.leaves import (
    CALLING_CODE,
    COUNTRY,
    DAY,
    FLAG,
    MOMENT,
    Leaf,
    choice,
    integer,
    text,
    vocabulary,
)
from tutela.exchange.cybertip.refusal import Trail
from tutela.exchange.cybertip.shapes import (
    ABSENT,
    Attribute,
    Child,
    Shape,
    Value,
    many,
    one,
    set_text,
    write_leaf,
)
from tutela.exchange.words import Role

NARRATIVE = Value(text(20_000))
EVENT = Value(vocabulary(wording.EVENTS))


class StreetLines:
    """One element on the wire, its lines a list of ours."""

    leaf: Leaf = text(2056)

    def read(self, element: etree._Element, trail: Trail) -> list[str]:
        raw = Value(self.leaf).read(element, trail)
        return [] if raw is ABSENT else [line for line in raw.splitlines() if line.strip()]

    def write(self, element: etree._Element, value: list[str], trail: Trail) -> None:
        set_text(element, write_leaf(self.leaf, "\n".join(value), trail), trail)


def line(name: str, field: str, limit: int = 256, *, required: bool = False) -> Child:
    return one(name, field, Value(text(limit)), required=required)


def lines(name: str, field: str, limit: int = 256) -> Child:
    return many(name, field, Value(text(limit)))


PHONE = Shape(
    messages.Phone,
    text=("number", text(256)),
    attributes=(
        Attribute("type", "kind", choice(*wording.PHONE_KINDS)),
        Attribute("verified", "verified", FLAG),
        Attribute("verificationDate", "verified_at", MOMENT),
        Attribute("countryCallingCode", "calling_code", CALLING_CODE),
        Attribute("extension", "extension", text(256)),
    ),
)
EMAIL = Shape(
    messages.Email,
    text=("address", text(256)),
    attributes=(
        Attribute("type", "kind", choice(*wording.EMAIL_KINDS)),
        Attribute("verified", "verified", FLAG),
        Attribute("verificationDate", "verified_at", MOMENT),
    ),
)
ADDRESS = Shape(
    messages.PostalAddress,
    attributes=(Attribute("type", "kind", choice(*wording.ADDRESS_KINDS)),),
    children=(
        one("address", "lines", StreetLines()),
        line("city", "city"),
        line("zipCode", "postal_code"),
        one("state", "us_state", Value(text(2))),
        line("nonUsaState", "region"),
        one("country", "country", Value(COUNTRY)),
    ),
)
LOCATION = Shape(
    messages.Location,
    attributes=(Attribute("verified", "verified", FLAG), Attribute("timestamp", "at", MOMENT)),
    children=(line("city", "city"), line("region", "region"), one("countryCode", "country", Value(COUNTRY))),
)
CAPTURE = Shape(
    messages.NetworkCapture,
    children=(
        line("ipAddress", "address", 45, required=True),
        one("eventName", "event", EVENT),
        one("dateTime", "at", Value(MOMENT)),
        one("possibleProxy", "possible_proxy", Value(FLAG)),
        one("port", "port", Value(integer(0, 65535))),
    ),
)
DEVICE = Shape(
    messages.Device,
    children=(
        line("idType", "id_type", required=True),
        line("idValue", "id_value", required=True),
        one("eventName", "event", EVENT),
        one("dateTime", "at", Value(MOMENT)),
    ),
)
PERSON = Shape(
    messages.Person,
    children=(
        line("firstName", "first_name", 100),
        line("lastName", "last_name", 100),
        many("phone", "phones", PHONE),
        many("email", "emails", EMAIL),
        many("address", "addresses", ADDRESS),
        one("age", "age", Value(integer(0, 150))),
        one("ageAssertionDiscrepancy", "age_discrepancy", Value(FLAG)),
        one("dateOfBirth", "born_on", Value(DAY)),
    ),
)
DISABLING = Shape(
    messages.Disabling,
    text=("disabled", FLAG),
    attributes=(
        Attribute("disabledDate", "at", MOMENT),
        Attribute("userNotified", "user_notified", FLAG),
        Attribute("userNotifiedDate", "user_notified_at", MOMENT),
        Attribute("reenabledDate", "enabled_again_at", MOMENT),
    ),
)
ASSOCIATED_ACCOUNT = Shape(
    messages.AssociatedAccount,
    attributes=(
        Attribute("accountType", "kind", choice(*wording.ACCOUNT_KINDS)),
        Attribute("thirdPartyUser", "third_party", FLAG),
    ),
    children=(
        line("espIdentifier", "account_id", 255, required=True),
        line("espService", "service", 255),
        line("screenName", "screen_name"),
        one("additionalInfo", "additional", NARRATIVE),
    ),
)


def _party(person: str, role: Role, *, school: tuple[Child, ...] = ()) -> Shape:
    return Shape(
        messages.Party,
        fixed={"role": role},
        children=(
            one(person, "person", PERSON),
            line("vehicleDescription", "vehicle", 300),
            line("espIdentifier", "account_id", 255),
            line("espService", "service", 255),
            one("compromisedAccount", "compromised", Value(FLAG)),
            line("screenName", "screen_name"),
            lines("displayName", "display_names"),
            lines("profileUrl", "profile_urls", 2083),
            one("profileBio", "biography", NARRATIVE),
            many("ipCaptureEvent", "captures", CAPTURE),
            many("deviceId", "devices", DEVICE),
            one("thirdPartyUserReported", "third_party", Value(FLAG)),
            *school,
            lines("priorCTReports", "prior_reports"),
            line("groupIdentifier", "group_id"),
            one("accountTemporarilyDisabled", "disabled_temporarily", DISABLING),
            one("accountPermanentlyDisabled", "disabled_permanently", DISABLING),
            one("estimatedLocation", "location", LOCATION),
            one("allEmailsReported", "all_emails_reported", Value(FLAG)),
            many("associatedAccount", "associated_accounts", ASSOCIATED_ACCOUNT),
            one("additionalInfo", "additional", NARRATIVE),
        ),
    )


SUSPECT = _party("personOrUserReportedPerson", Role.SUSPECT)
RECIPIENT = _party("intendedRecipientPerson", Role.RECIPIENT)
VICTIM = _party("victimPerson", Role.VICTIM, school=(line("schoolName", "school_name"),))
