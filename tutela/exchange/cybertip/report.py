"""`report`: what the CyberTipline's /submit takes, read into our message and written from it."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from tutela.exchange import messages, xml
from tutela.exchange.cybertip import wording
from tutela.exchange.cybertip.leaves import COUNTRY, FLAG, MOMENT, vocabulary
from tutela.exchange.cybertip.parties import NARRATIVE, PERSON, RECIPIENT, SUSPECT, VICTIM, line
from tutela.exchange.cybertip.places import InternetDetails
from tutela.exchange.cybertip.refusal import Trail
from tutela.exchange.cybertip.shapes import Attribute, Child, Flags, Mark, Shape, Value, many, one
from tutela.exchange.words import Annotation, IncidentType, Kind, Role

INCIDENT = Shape(
    messages.Incident,
    children=(
        one("incidentType", "type", Value(vocabulary(wording.INCIDENT_TYPES)), required=True),
        line("platform", "platform"),
        line("escalateToHighPriority", "escalation", 3000),
        one("reportAnnotations", "annotations", Flags(wording.ANNOTATIONS)),
        one("incidentDateTime", "at", Value(MOMENT), required=True),
        line("incidentDateTimeDescription", "at_description", 3000),
    ),
)
LAW_ENFORCEMENT = Shape(
    messages.LawEnforcement,
    attributes=(Attribute("fleaCountry", "country", COUNTRY),),
    children=(
        line("agencyName", "agency", 255),
        line("caseNumber", "case_number", 100),
        one("officerContact", "officer", PERSON),
        one("reportedToLe", "already_reported", Value(FLAG)),
        one("servedLegalProcessDomestic", "domestic_process", Value(FLAG)),
        one("servedLegalProcessInternational", "international_process", Value(FLAG)),
    ),
)
REPORTER = Shape(
    messages.Reporter,
    children=(
        one("reportingPerson", "person", PERSON, required=True),
        one("contactPerson", "contact", PERSON),
        one("companyTemplate", "company", NARRATIVE),
        one("termsOfService", "terms_of_service", NARRATIVE),
        line("legalURL", "legal_url", 2083),
    ),
)


def _in_role(name: str, shape: Shape, *, at_most_one: bool = False) -> Child:
    role: Role = shape.fixed["role"]
    return Child(
        name,
        "parties",
        shape,
        is_list=True,
        at_most_one=at_most_one,
        picks=lambda party: party.role is role,
    )


REPORT = Shape(
    messages.Report,
    left_out=frozenset({"reference", "kind", "service", "end_to_end_encrypted", "items"}),
    children=(
        one("batchedReport", "batched_as_viral", Mark("reason", "VIRAL_POTENTIAL_MEME")),
        one("incidentSummary", "incident", INCIDENT, required=True),
        many("internetDetails", "places", InternetDetails()),
        one("lawEnforcement", "law_enforcement", LAW_ENFORCEMENT),
        one("reporter", "reporter", REPORTER, required=True),
        _in_role("personOrUserReported", SUSPECT, at_most_one=True),
        _in_role("intendedRecipient", RECIPIENT),
        _in_role("victim", VICTIM),
        Child("additionalInfo", "additional", NARRATIVE, is_list=True),
    ),
)


def read_report(body: bytes | etree._Element) -> messages.Report:
    """The report that a `<report>` says. Raises `BadReport` with every fault found, or `xml.BadXml` for bytes.

    The wire names no kind of service and no "known" material: the house adds what it knows of the provider, and
    matching re-labels. Items follow by `/upload` and `/fileinfo`.
    """
    root = xml.parse(body) if isinstance(body, bytes) else body
    trail = Trail("report")
    if root.tag != "report":
        trail.fault("must be the root element")
        trail.check()
    fields: dict[str, Any] = REPORT.read_fields(root, trail)
    trail.check()
    report: messages.Report = REPORT.build(fields | {"kind": kind_of(fields["incident"])}, trail)
    trail.check()
    return report


def write_report(report: messages.Report) -> bytes:
    """The `<report>` for another CyberTipline server. Raises `BadReport` rather than lose a field in silence.

    Not on this wire: our reference, the kind and the service, and the items, which go by `write_file_details`.
    Several remarks become one, a blank line between them.
    """
    trail = Trail("report")
    root = etree.Element("report")
    if report.reporter is None:
        trail.down("reporter").fault("is missing, and the format requires it; name who reports")
    if len(report.additional) > 1:
        report = report.model_copy(update={"additional": ["\n\n".join(report.additional)]})
    REPORT.write(root, report, trail)
    trail.check()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


_BY_WORDS = frozenset({IncidentType.ENTICEMENT, IncidentType.UNSOLICITED})
_BY_EITHER = frozenset({IncidentType.TRAFFICKING, IncidentType.TRAVEL, IncidentType.MOLESTATION})
_SOLICITING = frozenset({Annotation.SEXTORTION, Annotation.MATERIAL_SOLICITED})


def kind_of(incident: messages.Incident, items: Sequence[messages.Item] = ()) -> Kind:
    """What the incident reports, while the wire has no flag for it: known material is found by matching alone.

    Solicitation: enticement and unsolicited material always; trafficking, travel, molestation, sextortion and asking
    for material while no item is with them. New material: everything else.
    """
    if incident.type in _BY_WORDS:
        return Kind.SOLICITATION
    if not items and (incident.type in _BY_EITHER or _SOLICITING & set(incident.annotations)):
        return Kind.SOLICITATION
    return Kind.NEW_MATERIAL
