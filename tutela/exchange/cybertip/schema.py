"""Our own schema of the format, as `/xsd` serves it."""

from functools import cache
from pathlib import Path

from lxml import etree

_FILE = Path(__file__).parent.parent / "cybertip.xsd"


@cache
def schema_text() -> bytes:
    return _FILE.read_bytes()


def schema() -> etree.XMLSchema:
    """For clients and tests. Intake uses the reader: libxml2 would fetch the schema that a document names by itself."""
    return etree.XMLSchema(etree.fromstring(schema_text()))
