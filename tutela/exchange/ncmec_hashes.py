"""NCMEC's hash sharing, version 2: the answers to `/v2/entries`, each page saved as a file.

Read from the public documentation and from python-threatexchange's client (baefb4e, July 2026, BSD licence),
certainty: verified there, never against the service. Pages are not in the order of time, and a later page may withdraw
what an earlier one lists: only all pages of one question together are a list.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

from lxml import etree

from tutela.exchange import xml
from tutela.exchange.hash_lists import Continues, Gone, Refused, Row, SetAside, Told, hash_row
from tutela.exchange.packed import BadFile
from tutela.matching.hashes import Kind

ABOUT = "NCMEC hash sharing v2: every page of one /v2/entries question, as XML"
NAMESPACE: Final = "https://hashsharing.ncmec.org/hashsharing/v2"

# A page holds a thousand entries of some kilobytes.
_PAGE_BYTES = 64 * xml.MEBIBYTE
_LISTED, _DELETED = frozenset({"image", "video"}), frozenset({"deletedImage", "deletedVideo"})
_KINDS: Final[dict[str, Kind]] = {"md5": "md5", "sha1": "sha1", "pdna": "photodna", "pdq": "pdq"}


def looks_like(head: str) -> bool:
    return NAMESPACE in head and "queryResult" in head


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    try:
        root = xml.parse(stream.read(_PAGE_BYTES + 1), limit=_PAGE_BYTES, namespace=NAMESPACE)
    except xml.BadXml as error:
        raise BadFile(str(error)) from None
    if root.tag != _name("queryResult"):
        raise BadFile("This is no answer to /v2/entries: its outermost element is not queryResult.")
    row = 0
    for group in (*root.iterfind(_name("images")), *root.iterfind(_name("videos"))):
        for item in group:
            row += 1
            yield from _entry(row, item)
    if root.findtext(f"{_name('paging')}/{_name('next')}", "").strip():
        yield Continues()


def _entry(row: int, item: etree._Element) -> Iterator[Row]:
    name = etree.QName(item).localname
    member, id_ = item.find(_name("member")), item.findtext(_name("id"), "").strip()
    if name not in _LISTED | _DELETED:
        yield Refused(row, "An entry is an image, a video, a deletedImage or a deletedVideo.")
        return
    if member is None or not member.get("id") or not id_:
        yield Refused(row, "An entry names its member and its id.")
        return
    at = _at(item.findtext(_name("timestamp"), ""))
    if at is None:
        yield Refused(row, "The timestamp is a moment with its zone, as in 2026-11-25T09:30:00Z.")
        return
    # Two members may use one id, and one member the same id for an image and a video.
    reference = f"{member.get('id')}/{id_}"
    key = f"{name.lower().removeprefix('deleted')} {reference}"
    if name in _DELETED:
        yield Gone(row, key, at)
    else:
        yield from _fingerprints(row, item, reference=reference, key=key, at=at)


def _fingerprints(row: int, item: etree._Element, *, reference: str, key: str, at: float) -> Iterator[Row]:
    label = item.findtext(_name("classification"), "").strip()
    classification = f"ncmec-industry:{label}" if label else ""
    opinions = item.iterfind(f"{_name('feedback')}/{_name('negativeFeedback')}")
    wrong = {opinion.get("type", "").lower() for opinion in opinions}
    found = item.find(_name("fingerprints"))
    if found is None or not len(found):
        yield Refused(row, "An entry has fingerprints.")
        return
    for fingerprint in found:
        type_ = etree.QName(fingerprint).localname.lower()
        if fingerprint.get("href"):
            yield SetAside(row, f"{type_}: the list gives only the address of this fingerprint", key, at)
        elif type_ not in _KINDS:
            yield SetAside(row, f"{type_}: a kind of hash that is not matched here", key, at)
        elif type_ in wrong:
            yield SetAside(row, "a member of the exchange calls this fingerprint wrong", key, at)
        else:
            yield hash_row(
                row, _KINDS[type_], fingerprint.text or "", reference=reference, classification=classification,
                key=key, at=at,
            )  # fmt: skip


def _at(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"
