"""Hash lists of every format, written in code; every value is invented."""

import hashlib
import json
from pathlib import Path

from tutela.exchange.hash_lists import HashList, Told, read_list


def md5(number: int) -> str:
    return hashlib.md5(f"text-{number}".encode()).hexdigest()


def sha1(number: int) -> str:
    return hashlib.sha1(f"text-{number}".encode()).hexdigest()


def sha256(number: int) -> str:
    return hashlib.sha256(f"text-{number}".encode()).hexdigest()


PDQ = "f0" * 32
NCMEC = "https://hashsharing.ncmec.org/hashsharing/v2"


def read(tmp_path: Path, *pages: str | bytes, format_: str | None = None, told: Told | None = None) -> HashList:
    files = []
    for number, page in enumerate(pages):
        files.append(tmp_path / f"page-{number}")
        files[-1].write_bytes(page.encode() if isinstance(page, str) else page)
    return read_list(files, format_=format_, told=told or Told())


def hashes(found: HashList) -> set[tuple[str, str]]:
    return {(entry.kind, entry.value.hex()) for entry in found.listed}


def ncmec(*entries: str, images: bool = True, following: bool = False) -> str:
    group = "images" if images else "videos"
    listed = f'<{group} count="99" maxTimestamp="2026-10-24T15:10:00Z">{"".join(entries)}</{group}>'
    paging = "<paging><next>/v2/entries?start=1001&amp;size=1000&amp;max=2000</next></paging>" if following else ""
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<queryResult xmlns="{NCMEC}">'
    return f"{head}{listed}{paging}</queryResult>"


def entry(
    id_: str = "image1", at: str = "2026-10-24T15:00:00Z", *, what: str = "image", inside: str = "", member: int = 42
) -> str:
    said = f'<member id="{member}">Member Example</member><timestamp>{at}</timestamp><id>{id_}</id>{inside}'
    return f"<{what}>{said}</{what}>"


def prints(**values: str) -> str:
    return "<fingerprints>" + "".join(f"<{name}>{value}</{name}>" for name, value in values.items()) + "</fingerprints>"


def vics(*media: object, profile: str = "US", version: str = "2.0", what: str = "Media", **more: object) -> str:
    if version.startswith("1"):
        context = {"odata.metadata": f"http://github.com/ICMEC/ProjectVic/DataModels/{version}.xml#{what}"}
    else:
        model = f"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/{version}.xml"
        context = {"@odata.context": f"{model}/{profile}/$metadata#{what}"}
    return json.dumps(context | {"value": media} | more)


def media(number: int, category: object = 1, **more: object) -> dict[str, object]:
    return {"MediaID": number, "Category": category, "MD5": md5(number).upper(), **more}


def stopncii(*records: object, more: bool = False) -> str:
    return json.dumps({
        "count": 0, "nextPageToken": None, "nextSetTimestamp": 1, "hasMoreRecords": more, "hashRecords": records,
    })  # fmt: skip


def record(value: str = PDQ, type_: str = "ImagePDQ", at: int = 10, status: str = "Active", *feedback: str) -> object:
    return {
        "lastModtimestamp": at, "signalType": type_, "hashValue": value, "hashStatus": status,
        "caseNumbers": {"case-1": status},
        "CSPFeedbacks": [{"source": "Provider Example", "feedbackValue": each, "tags": []} for each in feedback],
    }  # fmt: skip
