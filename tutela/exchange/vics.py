"""Project VIC's hash sets and cases (VICS 1.2, 1.3 and 2.0), streamed: a file may have many gigabytes.

The official model is shared under an agreement. This was read in four independent open implementations, which agree on
the fields and contradict each other on what a category's number means: certainty secondary. The number is therefore
kept with the profile it was given under, and what is known to stand for material is a short table.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from tutela.exchange import json_lists
from tutela.exchange.hash_lines import kind_named
from tutela.exchange.hash_lists import Refused, Row, SetAside, Told, hash_row
from tutela.exchange.packed import BadFile
from tutela.matching.hashes import Kind

ABOUT = "Project VIC hash sets and cases, VICS 1.2, 1.3 and 2.0, as JSON"

# 0 is "uncategorised", "non-pertinent" or "known to be harmless", by whom one asks, and 5 no better; 3 and 4 of the
# United States are drawings and material for comparison. None of these may ever match.
MATERIAL: Final[dict[str, frozenset[int]]] = {"US": frozenset({1, 2}), "UK": frozenset({1, 2, 3})}
_CONTEXTS: Final = ("@odata.context", "odata.metadata")
_CONTEXT = re.compile(r"/(?P<version>1\.[0-9]|2\.[0-9])\.xml(?:/(?P<profile>[A-Za-z]+)/\$metadata)?(?:#(?P<set>\w+))?")
_MEDIA, _MEDIA_OF_CASES = "value.item", "value.item.Media.item"


def looks_like(head: str) -> bool:
    start = head.lstrip()
    return start.startswith("{") and any(f'"{name}"' in start for name in _CONTEXTS)


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    begin = stream.tell()
    context = json_lists.scalar(stream, *_CONTEXTS)
    said = _CONTEXT.search(context) if isinstance(context, str) else None
    if said is None:
        raise BadFile("This names no VICS version in its context; 1.2, 1.3 and 2.0 are read.")
    profile = _profile(said["profile"] or "", told.profile)
    stream.seek(begin)
    prefix = _MEDIA_OF_CASES if said["set"] == "Cases" else _MEDIA
    for row, media in enumerate(json_lists.items(stream, prefix), 1):
        yield from _entries(row, media, profile)


def _profile(named: str, told: str) -> str:
    """Who gave the file may have said what it does not say itself; the two may not contradict each other."""
    if named and told and named.upper() != told.upper():
        raise BadFile(f"This file is of the profile {named}, and not {told}: a category's number differs between them.")
    return (named or told).upper()


def _entries(row: int, media: Any, profile: str) -> Iterator[Row]:
    if not isinstance(media, dict):
        yield Refused(row, "An entry is an object.")
        return
    if not isinstance(media.get("MD5"), str):
        yield Refused(row, "MD5 is missing; it is an entry's key.")
        return
    try:
        category = _category(media.get("Category"))
    except ValueError:
        yield Refused(row, "Category is a whole number, or null.")
        return
    if profile not in MATERIAL:
        yield SetAside(row, f"profile {profile.lower() or 'not said'}: what its numbers mean is not known here")
    elif category is None or category not in MATERIAL[profile]:
        number = "none" if category is None else category
        yield SetAside(row, f"category {number} of profile {profile.lower()}: not known to stand for material")
    else:
        reference = str(media["MediaID"]) if media.get("MediaID") is not None else ""
        for kind, text in _hashes(media):
            yield hash_row(row, kind, text, reference=reference, classification=f"vics-{profile.lower()}:{category}")


def _category(said: Any) -> int | None:
    """Numbers come as strings, too; true is none."""
    if said is None or said == "":
        return None
    if isinstance(said, bool) or not isinstance(said, int | str):
        raise ValueError("no whole number")
    return int(said)


def _hashes(media: dict[str, Any]) -> Iterator[tuple[Kind, str]]:
    """Since 1.3 PhotoDNA may stand among the alternative hashes, where SHA-256 and PDQ always do."""
    own: tuple[tuple[str, Kind], ...] = (("MD5", "md5"), ("SHA1", "sha1"), ("PhotoDNA", "photodna"))
    for name, kind in own:
        if isinstance(media.get(name), str) and media[name].strip():
            yield kind, media[name]
    for other in media.get("AlternativeHashes") or ():
        if isinstance(other, dict) and isinstance(other.get("HashValue"), str):
            named = kind_named(str(other.get("HashName", "")))
            if named is not None and named != "url":
                yield named, other["HashValue"]
