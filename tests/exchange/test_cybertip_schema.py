"""What our schema refuses the reader refuses too: a client that checks against /xsd meets no surprise."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.exchange import samples
from tutela.exchange.cybertip import BadReport, read_file_details, read_report, schema, schema_text

SCHEMA = schema()
BODIES = [*samples.REPORTS.values(), *samples.FILES.values()]
VALUES = ["", " ", "true", "2026-01-01T00:00:00", "2026-01-01T00:00:00+15:00", "x" * 257, "-1", "151", "A1", "A9"]
VALUES += [
    "99999",
    "1985-02-30",
    "fr",
    "0",
    "91.5",
    "y" * 3001,
    "Login",
    "login",
    "24:00:00",
    "+5",
    "1e1",
    "z" * 20_001,
]


def test_the_schema_says_whose_it_is():
    assert b"Tutela's own schema" in schema_text()
    assert b"not the schema of its owner" in schema_text()


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_what_the_schema_refuses_the_reader_refuses(data):
    root = etree.fromstring(data.draw(st.sampled_from(BODIES)))
    for _ in range(data.draw(st.integers(1, 2))):
        elements = list(root.iter())
        change(data, root, data.draw(st.sampled_from(elements)))
    body = etree.tostring(root)
    refused = False
    try:
        (read_report if root.tag == "report" else read_file_details)(body)
    except BadReport:
        refused = True
    assert refused or SCHEMA.validate(etree.fromstring(body)), SCHEMA.error_log


def change(data, root, element):
    how = data.draw(st.sampled_from(["drop", "double", "text", "attribute", "swap", "add"]))
    parent = element.getparent()
    if how == "text":
        element.text = data.draw(st.sampled_from(VALUES))
    elif how == "attribute":
        names = [*element.attrib, "type", "verified", "reason"]
        element.set(data.draw(st.sampled_from(names)), data.draw(st.sampled_from(VALUES)))
    elif how == "add":
        etree.SubElement(element, data.draw(st.sampled_from(["url", "age", "spam", "zz"])))
    elif parent is None:
        return
    elif how == "drop":
        parent.remove(element)
    elif how == "double":
        parent.append(etree.fromstring(etree.tostring(element)))
    else:
        parent.insert(data.draw(st.integers(0, len(parent))), element)
