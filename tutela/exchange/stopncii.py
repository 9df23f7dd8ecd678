"""StopNCII's FetchHashes answers, each page saved as a file.

Read from python-threatexchange's client (baefb4e, July 2026, BSD licence), certainty: verified there, never against the
service. A record replaces every earlier one of the same type and value; "withdrawn" and "deleted" take it away.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from tutela.exchange import json_lists
from tutela.exchange.hash_lists import Continues, Gone, Refused, Row, SetAside, Told, hash_row
from tutela.exchange.words import Verdict
from tutela.matching.hashes import Kind

ABOUT = "StopNCII-compatible FetchHashes answers, as JSON"

_KINDS: Final[dict[str, Kind]] = {"ImagePDQ": "pdq", "VideoMD5": "md5", "VideoTMK": "tmk", "URL": "url"}
_NOT_MATCHED: Final = frozenset({"Text", "Unknown"})
_TYPES: Final = ", ".join((*_KINDS, *sorted(_NOT_MATCHED)))
_STATUSES: Final = frozenset({"Received", "Active", "Withdrawn", "Deleted", "Unknown"})
_GONE: Final = frozenset({"Withdrawn", "Deleted"})
_OPINIONS: Final = {"Blocked": Verdict.POSITIVE, "NotBlocked": Verdict.NEGATIVE}


def looks_like(head: str) -> bool:
    return head.lstrip().startswith("{") and '"hashRecords"' in head


def read(stream: BinaryIO, told: Told) -> Iterator[Row]:
    begin = stream.tell()
    for row, record in enumerate(json_lists.items(stream, "hashRecords.item"), 1):
        yield _entry(row, record)
    stream.seek(begin)
    if json_lists.scalar(stream, "hasMoreRecords"):
        yield Continues()


def _entry(row: int, record: Any) -> Row:
    if not isinstance(record, dict):
        return Refused(row, "A record is an object.")
    type_, value, status = (record.get(name) for name in ("signalType", "hashValue", "hashStatus"))
    if not isinstance(value, str) or not isinstance(type_, str) or type_ not in _KINDS.keys() | _NOT_MATCHED:
        return Refused(row, f"A record has a hashValue and a signalType, one of: {_TYPES}.")
    if not isinstance(status, str) or status not in _STATUSES:
        return Refused(row, f"The hashStatus is one of: {', '.join(sorted(_STATUSES))}.")
    if type_ in _NOT_MATCHED:
        return SetAside(row, f"{type_}: not matched here")
    return _known(row, record, _KINDS[type_], value, key=f"{type_} {value.strip().lower()}")


def _known(row: int, record: dict[str, Any], kind: Kind, value: str, *, key: str) -> Row:
    at = record.get("lastModtimestamp")
    moment = float(at) if isinstance(at, int | float) else None
    if record["hashStatus"] in _GONE:
        return Gone(row, key, moment)
    opinions = {_OPINIONS[said] for said in _feedback(record) if said in _OPINIONS}
    if Verdict.NEGATIVE in opinions:
        return SetAside(row, "a service looked and calls this hash wrong", key, moment)
    tier = Verdict.POSITIVE if Verdict.POSITIVE in opinions else Verdict.SEED
    return hash_row(
        row, kind, value, reference=_case(record), tier=tier, classification=f"stopncii:{record['hashStatus']}",
        key=key, at=moment,
    )  # fmt: skip


def _feedback(record: dict[str, Any]) -> Iterator[str]:
    for each in record.get("CSPFeedbacks") or ():
        if isinstance(each, dict):
            yield str(each.get("feedbackValue"))


def _case(record: dict[str, Any]) -> str:
    numbers = record.get("caseNumbers")
    return min(map(str, numbers)) if isinstance(numbers, dict) and numbers else ""
