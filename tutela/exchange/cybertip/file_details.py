"""`fileDetails`: the facts about one file. Our extension: without a `fileId` it registers an item by its hashes."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from tutela.exchange import messages, xml
from tutela.exchange.cybertip import wording
from tutela.exchange.cybertip.leaves import FLAG, MOMENT, choice, integer, text, vocabulary
from tutela.exchange.cybertip.parties import CAPTURE, DEVICE, NARRATIVE, line
from tutela.exchange.cybertip.refusal import Trail
from tutela.exchange.cybertip.shapes import ABSENT, Attribute, Child, Flags, Shape, Value, check_bare, many, one

# The format has no element for the quality of a PDQ hash; clients may say it as the last pair of `details`.
QUALITY = "PDQQuality"

DIGEST = Shape(
    messages.Digest,
    text=("value", text(512)),
    attributes=(Attribute("hashType", "algorithm", text(64), required=True),),
)
PAIR = Shape(
    messages.Property,
    attributes=(Attribute("type", "kind", choice("EXIF", "HASH")),),
    children=(line("name", "name", 64, required=True), one("value", "value", NARRATIVE, required=True)),
)


class Pairs:
    """`details`: a list in an element of its own."""

    def read(self, element: etree._Element, trail: Trail) -> Any:
        check_bare(element, trail)
        if any(child.tag != "nameValuePair" for child in element):
            trail.fault("carries nameValuePair elements only")
            return ABSENT
        pairs = [PAIR.read(child, trail.down("nameValuePair", n)) for n, child in enumerate(element, 1)]
        return [pair for pair in pairs if pair is not ABSENT]

    def write(self, element: etree._Element, value: list[messages.Property], trail: Trail) -> None:
        for number, pair in enumerate(value, 1):
            PAIR.write(etree.SubElement(element, "nameValuePair"), pair, trail.down("nameValuePair", number))


FILE = Shape(
    messages.Item,
    left_out=frozenset({"reference", "pdq_quality", "original"}),
    children=(
        one("reportId", "report_id", Value(integer(1, 10**17)), required=True),
        line("fileId", "file_id", 64),
        line("originalFileName", "name", 2056),
        one("uploadedToEspTimestamp", "uploaded_at", Value(MOMENT)),
        line("locationOfFile", "url", 2083),
        one("fileViewedByEsp", "viewed_by_provider", Value(FLAG)),
        one("exifViewedByEsp", "exif_viewed_by_provider", Value(FLAG)),
        one("publiclyAvailable", "publicly_available", Value(FLAG)),
        one("fileRelevance", "relevance", Value(vocabulary(wording.RELEVANCE))),
        one("fileAnnotations", "annotations", Flags(wording.ITEM_ANNOTATIONS)),
        one("industryClassification", "classification", Value(vocabulary(wording.CLASSIFICATIONS))),
        many("originalFileHash", "digests", DIGEST),
        one("ipCaptureEvent", "capture", CAPTURE),
        many("deviceId", "devices", DEVICE),
        one("details", "properties", Pairs()),
        Child("additionalInfo", "additional", NARRATIVE, is_list=True, at_most_one=False),
    ),
)


@dataclass(frozen=True, slots=True)
class FileDetails:
    """`file_id` is None where the item is registered by its hashes alone."""

    report_id: int
    file_id: str | None
    item: messages.Item


def read_file_details(body: bytes | etree._Element) -> FileDetails:
    """Raises `BadReport` with every fault found, or `xml.BadXml` for bytes."""
    root = xml.parse(body) if isinstance(body, bytes) else body
    trail = Trail("fileDetails")
    if root.tag != "fileDetails":
        trail.fault("must be the root element")
        trail.check()
    fields: dict[str, Any] = FILE.read_fields(root, trail)
    trail.check()
    report_id, file_id = fields.pop("report_id"), fields.pop("file_id", None)
    item: messages.Item = FILE.build(_take_quality(fields), trail)
    if file_id is None and not fields.get("digests"):
        trail.fault("needs a fileId from /upload, or at least one originalFileHash to register the item by")
    trail.check()
    return FileDetails(report_id, file_id, item)


def write_file_details(report_id: int, file_id: str | None, item: messages.Item) -> bytes:
    """Raises `BadReport` rather than lose a field in silence. Not on this wire: our reference, and who keeps the
    original (say it in additionalInfo)."""
    trail = Trail("fileDetails")
    root = etree.Element("fileDetails")
    FILE.check_carried(item, trail)
    fields: dict[str, Any] = {name: getattr(item, name) for name in messages.Item.model_fields}
    if item.pdq_quality is not None:
        quality = messages.Property(name=QUALITY, value=str(item.pdq_quality), kind="HASH")
        fields["properties"] = [*item.properties, quality]
    FILE.write_fields(root, fields | {"report_id": report_id, "file_id": file_id}, trail)
    trail.check()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _take_quality(fields: dict[str, Any]) -> dict[str, Any]:
    pairs: list[messages.Property] = fields.get("properties", [])
    if not pairs or (pairs[-1].name, pairs[-1].kind) != (QUALITY, "HASH"):
        return fields
    try:
        quality = integer(0, 100).parse(pairs[-1].value)
    except ValueError:
        return fields
    return fields | {"properties": pairs[:-1], "pdq_quality": quality}
