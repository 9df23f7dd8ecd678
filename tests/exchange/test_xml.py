"""Hostile XML is refused with a code, quickly, and without a word of it in the answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange import samples
from tutela.exchange import xml
from tutela.exchange.cybertip import BadAnswer, BadReport, read_answer, read_file_details, read_report

GOOD = samples.REPORTS["urgent"]
LAUGHS = "".join(f'<!ENTITY zz{n} "{f"&zz{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "document type": (b'<!DOCTYPE report SYSTEM "https://zzmarker.example/d"><report/>', "forbidden"),
    "entity": (b'<!DOCTYPE r [<!ENTITY zz SYSTEM "zzmarker.txt">]><r>&zz;</r>', "forbidden"),
    "laughs": (f'<!DOCTYPE r [<!ENTITY zz0 "zzmarker">{LAUGHS}]><r>&zz9;</r>'.encode(), "forbidden"),
    "laughs in an attribute": (f'<!DOCTYPE r [<!ENTITY zz0 "z">{LAUGHS}]><r a="&zz9;"/>'.encode(), "forbidden"),
    "document type behind a comment": (b"<?xml version='1.0'?><!-- zzmarker --><!DOCTYPE r><r/>", "forbidden"),
    "document type in UTF-16": ("<!DOCTYPE r><r/>".encode("utf-16"), "malformed"),
    "document type in UTF-16 without a mark": ("<!DOCTYPE r><r/>".encode("utf-16-le"), "malformed"),
    "small-letter document type": (b"<!doctype r><r/>", "forbidden"),
    "entity without a declaration": (b"<r>&zzmarker;</r>", "malformed"),
    "nesting": (b"<a>" * 100 + b"</a>" * 100, "too_large"),
    "5 MB of nesting": (b"<a>" * 1_700_000, "too_large"),
    "1 MB of nesting": (b"<a>" * 340_000, "malformed"),
    "too large": (b"<r>" + b"z" * xml.MEBIBYTE + b"</r>", "too_large"),
    "cut half-way": (GOOD[: len(GOOD) // 2], "malformed"),
    "zero byte": (b"<r>zz\x00marker</r>", "malformed"),
    "wrong encoding declared": (b"<?xml version='1.0' encoding='UTF-7'?><r/>", "malformed"),
    "no such encoding": (b"<?xml version='1.0' encoding='zzmarker'?><r/>", "malformed"),
    "not UTF-8": ("<?xml version='1.0' encoding='UTF-8'?><r>é</r>".encode("latin-1"), "malformed"),
    "processing instruction": (b"<?zzmarker do?><r/>", "forbidden"),
    "processing instruction inside": (b"<r><?zzmarker do?></r>", "forbidden"),
    "processing instruction after": (b"<r/><?zzmarker do?>", "forbidden"),
    "unclosed comment": (b"<!-- zzmarker <r/>", "malformed"),
    "empty": (b"", "malformed"),
    "no XML": (b"zzmarker", "malformed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_by_its_code_without_an_echo(name):
    body, code = HOSTILE[name]
    with pytest.raises(xml.BadXml) as refusal:
        xml.parse(body)
    assert refusal.value.code == code
    assert "zzmarker" not in str(refusal.value)


def test_the_letters_of_a_document_type_inside_a_text_are_a_text():
    assert xml.parse(b"<r><![CDATA[<!DOCTYPE html>]]></r>").text == "<!DOCTYPE html>"


def test_a_byte_order_mark_changes_nothing():
    assert read_report(b"\xef\xbb\xbf" + GOOD) == read_report(GOOD)


XSI = b'<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="%s">'
HEAD, REST = GOOD.split(b"?>", 1)


@pytest.mark.parametrize(
    "body",
    [
        GOOD.replace(b"<platform>", b"<!-- note --><platform>"),
        HEAD + b"?><!-- note -->" + REST,
        GOOD + b"<!-- note -->",
        GOOD.replace(b"<report>", b'<report xmlns:q="note">', 1),
        GOOD.replace(b"<report>", b'<report xmlns:xsi="note">', 1),
        GOOD.replace(b"<report>", XSI % (b"n" * 300), 1),
        GOOD.replace(b"<internetDetails>", b'<xi:include xmlns:xi="x" href="other.xml"/><internetDetails>', 1),
    ],
)
def test_what_would_be_kept_and_not_read_is_refused(body):
    """The verbatim message is kept: a place nobody reads is a place to hide a picture in."""
    with pytest.raises(xml.BadXml, match="; leave it out"):
        read_report(body)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_damaged_report_is_read_or_refused_and_never_breaks_the_reader(data):
    body = bytearray(data.draw(st.sampled_from([*samples.REPORTS.values(), *samples.FILES.values()])))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
        if not body:
            break
    for read in (read_report, read_file_details, read_answer):
        try:
            read(bytes(body))
        except (BadReport, xml.BadXml, BadAnswer):
            continue
