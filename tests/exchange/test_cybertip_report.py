"""A provider's report keeps every field on its way in and out; a broken one is refused by place and rule."""

import pytest
from hypothesis import Phase, given, settings
from lxml import etree

from tests.exchange import samples
from tests.exchange.strategies import reports, wire_items, wire_reports
from tutela.exchange import messages, xml
from tutela.exchange.cybertip import (
    BadReport,
    kind_of,
    read_file_details,
    read_report,
    schema,
    write_file_details,
    write_report,
)
from tutela.exchange.words import Annotation, IncidentType, Kind, PlaceKind, Role

SCHEMA = schema()
# A whole report takes minutes to shrink; the failing one is printed as it was drawn.
QUICK = settings(deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def canonical(body: bytes) -> bytes:
    return etree.tostring(etree.fromstring(body), method="c14n")


@pytest.mark.parametrize("name", samples.REPORTS)
def test_a_report_comes_out_as_it_went_in(name):
    body = samples.REPORTS[name]
    SCHEMA.assertValid(etree.fromstring(body))
    written = write_report(read_report(body))
    assert canonical(written) == canonical(body)


@pytest.mark.parametrize("name", samples.FILES)
def test_file_details_come_out_as_they_went_in(name):
    body = samples.FILES[name]
    SCHEMA.assertValid(etree.fromstring(body))
    details = read_file_details(body)
    assert canonical(write_file_details(details.report_id, details.file_id, details.item)) == canonical(body)


@settings(QUICK, max_examples=30)
@given(wire_reports())
def test_every_report_the_wire_can_carry_survives_the_round_trip_and_the_schema(report):
    body = write_report(report)
    SCHEMA.assertValid(etree.fromstring(body))
    assert read_report(body) == report


@settings(QUICK, max_examples=40)
@given(wire_items())
def test_every_item_the_wire_can_carry_survives_the_round_trip_and_the_schema(item):
    body = write_file_details(12, None, item)
    SCHEMA.assertValid(etree.fromstring(body))
    details = read_file_details(body)
    assert (details.report_id, details.file_id, details.item) == (12, None, item)


@settings(QUICK, max_examples=15)
@given(reports())
def test_any_report_of_ours_is_written_whole_or_refused_and_only_named_fields_stay_behind(report):
    if report.reporter is None:
        with pytest.raises(BadReport, match="report/reporter: is missing"):
            write_report(report)
        return
    again = read_report(write_report(report))
    left = {"reference", "kind", "service", "end_to_end_encrypted", "items", "additional"}
    assert again.model_dump(exclude=left) == report.model_dump(exclude=left)
    assert again.additional == (["\n\n".join(report.additional)] if report.additional else [])


def test_the_suspect_the_recipient_and_the_victim_never_share_a_role():
    report = read_report(samples.REPORTS["urgent"])
    assert [party.role for party in report.parties] == [Role.RECIPIENT, Role.VICTIM]
    assert report.parties[1].school_name == "Example School"
    assert report.incident.annotations == [Annotation.SEXTORTION, Annotation.INFORMATIONAL]


def test_what_the_format_cannot_carry_is_said_and_not_dropped():
    report = read_report(samples.REPORTS["minimal"])
    lost = report.model_copy(update={"places": [messages.Place(kind=PlaceKind.WEB, room="text-1", latitude=0.0)]})
    with pytest.raises(BadReport, match="no place here") as refusal:
        write_report(lost)
    assert len(refusal.value.faults) == 2


def test_two_suspects_do_not_fit_into_one_report_of_this_format():
    report = read_report(samples.REPORTS["everything about the account"])
    with pytest.raises(BadReport, match="may stand only once"):
        write_report(report.model_copy(update={"parties": report.parties * 2}))


def test_a_control_character_is_refused_before_it_makes_xml_that_nobody_can_read():
    report = read_report(samples.REPORTS["minimal"])
    with pytest.raises(BadReport, match="control character"):
        write_report(report.model_copy(update={"additional": ["text\x00"]}))


BROKEN = {
    "wrong order": (
        b"<report><reporter><reportingPerson/></reporter><incidentSummary>"
        b"<incidentType>Child Sex Tourism</incidentType>"
        b"<incidentDateTime>2026-09-14T08:30:00Z</incidentDateTime></incidentSummary></report>",
        "stands too late",
    ),
    "unknown element": (samples.report(before="<zzmarker/>"), "is not known here"),
    "unknown enumeration value": (samples.report(type="zzmarker"), "incidentType: must be exactly one of"),
    "oversize": (samples.report(summary=f"<platform>{'zzmarker' * 40}</platform>"), "text of 1 to 256"),
    "missing": (b"<report><incidentSummary/></report>", "report/reporter: is missing"),
    "time without a zone": (samples.report().replace(b"00Z<", b"00<"), "with its zone"),
    "attribute": (samples.report(before='<batchedReport reason="zzmarker"/>'), "batchedReport: must be empty"),
    "two places in one": (
        samples.report(places="<internetDetails><chatImIncident/><webPageIncident/></internetDetails>"),
        "exactly one of",
    ),
    "twice": (samples.report(summary="<platform>a</platform><platform>zzmarker</platform>"), "may stand only once"),
    "text between": (samples.report(before="zzmarker"), "no text of its own"),
    "unknown flag": (
        samples.report(flags="<reportAnnotations><zzmarker/></reportAnnotations>"),
        "one empty element, once each",
    ),
    "too old": (
        samples.report(parties="<victim><victimPerson><age>151</age></victimPerson></victim>"),
        "victim/victimPerson/age: must be a whole number from 0 to 150",
    ),
    "short address": (
        samples.report(parties=samples.FULL_SUSPECT.replace("198.51.100.7", "z")),
        "report/personOrUserReported/ipCaptureEvent/ipAddress: String should have at least 2",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_report_is_refused_with_the_place_and_the_rule_and_without_the_value(name):
    body, sentence = BROKEN[name]
    with pytest.raises(BadReport) as refusal:
        read_report(body)
    assert sentence in str(refusal.value)
    assert "zzmarker" not in str(refusal.value)
    assert not SCHEMA.validate(etree.fromstring(body)) or name == "short address"


def test_every_fault_is_named_at_once():
    body = samples.report(type="zzmarker", summary="<platform>a</platform><platform>b</platform>")
    with pytest.raises(BadReport) as refusal:
        read_report(body.replace(b"2026-09-14T", b"zzmarker"))
    assert len(refusal.value.faults) >= 2


def test_many_faults_are_counted_rather_than_listed():
    body = samples.report(parties="<victim><victimPerson><age>151</age></victimPerson></victim>" * 30)
    with pytest.raises(BadReport, match="and 10 more"):
        read_report(body)


def test_a_supplemental_file_carries_no_label():
    rest = "<fileRelevance>Supplemental Reported</fileRelevance><industryClassification>B1</industryClassification>"
    with pytest.raises(BadReport, match="fileDetails: a supplemental item carries neither"):
        read_file_details(samples.file_details(rest=rest))


def test_without_a_file_id_a_file_needs_a_hash():
    with pytest.raises(BadReport, match="at least one originalFileHash"):
        read_file_details(samples.file_details(file_id="", rest="<originalFileName>a.jpg</originalFileName>"))


def test_a_hash_without_its_type_is_refused():
    with pytest.raises(BadReport, match="originalFileHash/@hashType: is missing"):
        read_file_details(samples.file_details(rest="<originalFileHash>00</originalFileHash>"))


@pytest.mark.parametrize("read", [read_report, read_file_details])
def test_what_is_no_xml_is_no_broken_report(read):
    with pytest.raises(xml.BadXml):
        read(b"<report><incident")
    with pytest.raises(BadReport, match="root element"):
        read(b"<other/>")


def test_blank_text_counts_as_left_out_and_a_named_schema_is_not_fetched():
    body = samples.report(summary="<platform> </platform>").replace(
        b"<report>",
        b'<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xsi:noNamespaceSchemaLocation="https://host.example/xsd">',
    )
    assert read_report(body).incident.platform is None


@pytest.mark.parametrize(
    ("type", "annotations", "with_items", "expected"),
    [
        (IncidentType.MATERIAL, [], True, Kind.NEW_MATERIAL),
        (IncidentType.MATERIAL, [], False, Kind.NEW_MATERIAL),
        (IncidentType.MATERIAL, [Annotation.SEXTORTION], False, Kind.SOLICITATION),
        (IncidentType.MATERIAL, [Annotation.SEXTORTION], True, Kind.NEW_MATERIAL),
        (IncidentType.ENTICEMENT, [], True, Kind.SOLICITATION),
        (IncidentType.UNSOLICITED, [], False, Kind.SOLICITATION),
        (IncidentType.TRAFFICKING, [], False, Kind.SOLICITATION),
        (IncidentType.TRAVEL, [], True, Kind.NEW_MATERIAL),
        (IncidentType.MISLEADING_WORDS, [], False, Kind.NEW_MATERIAL),
    ],
)
def test_the_kind_follows_from_the_incident_and_from_its_items(type, annotations, with_items, expected):
    report = read_report(samples.REPORTS["minimal"])
    incident = report.incident.model_copy(update={"type": type, "annotations": annotations})
    assert kind_of(incident, [messages.Item()] if with_items else []) is expected
