"""`internetDetails`: exactly one of eight kinds of place."""

from typing import Any

from lxml import etree

from tutela.exchange import messages
from tutela.exchange.cybertip.leaves import FLAG, degrees
from tutela.exchange.cybertip.parties import ADDRESS, CAPTURE, EMAIL, NARRATIVE, PHONE, line, lines
from tutela.exchange.cybertip.refusal import Trail
from tutela.exchange.cybertip.shapes import ABSENT, Attribute, Child, Shape, Value, check_bare, many, one
from tutela.exchange.words import PlaceKind

ADDITIONAL = one("additionalInfo", "additional", NARRATIVE)
CONTENT = one("content", "content", NARRATIVE)
EMAILS = many("emailAddress", "emails", EMAIL)


def _place(kind: PlaceKind, *children: Child, attributes: tuple[Attribute, ...] = ()) -> Shape:
    return Shape(messages.Place, fixed={"kind": kind}, children=(*children, ADDITIONAL), attributes=attributes)


PLACES = {
    "webPageIncident": _place(
        PlaceKind.WEB,
        lines("url", "urls", 2083),
        attributes=(Attribute("thirdPartyHostedContent", "third_party_hosted", FLAG),),
    ),
    "emailIncident": _place(PlaceKind.EMAIL, EMAILS, CONTENT),
    "newsgroupIncident": _place(PlaceKind.NEWSGROUP, line("name", "name"), EMAILS, CONTENT),
    "chatImIncident": _place(PlaceKind.CHAT, line("chatClient", "name"), line("chatRoomName", "room"), CONTENT),
    "onlineGamingIncident": _place(PlaceKind.GAMING, line("gameName", "name"), line("console", "console"), CONTENT),
    "cellPhoneIncident": _place(
        PlaceKind.PHONE,
        one("phoneNumber", "phone", PHONE),
        one("latitude", "latitude", Value(degrees(90))),
        one("longitude", "longitude", Value(degrees(180))),
    ),
    "nonInternetIncident": _place(
        PlaceKind.OFFLINE, line("locationName", "name"), many("incidentAddress", "addresses", ADDRESS)
    ),
    "peer2peerIncident": _place(
        PlaceKind.PEER_TO_PEER,
        line("client", "name"),
        many("ipCaptureEvent", "captures", CAPTURE),
        one("fileNames", "file_names", NARRATIVE),
    ),
}
_NAMES = {shape.fixed["kind"]: name for name, shape in PLACES.items()}


class InternetDetails:
    def read(self, element: etree._Element, trail: Trail) -> Any:
        check_bare(element, trail)
        names = [str(child.tag) for child in element]
        if len(names) != 1 or names[0] not in PLACES:
            trail.fault("carries exactly one of: " + ", ".join(PLACES))
            return ABSENT
        return PLACES[names[0]].read(element[0], trail.down(names[0]))

    def write(self, element: etree._Element, value: messages.Place, trail: Trail) -> None:
        name = _NAMES[value.kind]
        PLACES[name].write(etree.SubElement(element, name), value, trail.down(name))
