"""A signed bundle: a zip of files under one signed manifest of their hashes. It verifies offline, file by file."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tutela.seals.canonical import canonical, digest
from tutela.seals.signatures import BadSignature, PublicKey, Signer, verify_statement

MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST = 64 * 1024 * 1024


class BadBundle(ValueError):
    """The bundle is not what was signed; the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class Bundle:
    about: dict[str, Any]
    files: dict[str, bytes]


def write_bundle(kind: str, about: dict[str, Any], files: Mapping[str, bytes], *, signer: Signer) -> bytes:
    """The same facts give the same bytes: entries sorted, no clock, no compression level of the day."""
    hashes = {name: {"sha256": digest(data), "size": len(data)} for name, data in sorted(files.items())}
    statement = signer.statement(kind, {"about": about, "files": hashes})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in [(MANIFEST, canonical(statement)), *sorted(files.items())]:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return out.getvalue()


def read_bundle(data: bytes, kind: str, *, keys: Iterable[PublicKey]) -> Bundle:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    except BadBundle:
        raise
    except Exception as error:
        # A damaged archive makes zipfile raise errors of many kinds, none of them meant for whoever verifies.
        raise BadBundle("this file is not a readable bundle") from error
    if MANIFEST not in members:
        raise BadBundle(f"{MANIFEST} is missing")
    body = _manifest(members.pop(MANIFEST), kind, keys)
    _compare(body["files"], members)
    return Bundle(body["about"], members)


def said_kind(data: bytes) -> str:
    """What a bundle says it is, or nothing: to be believed only once `read_bundle` has verified it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
            return str(json.loads(archive.read(MANIFEST))["kind"])
    except Exception:
        # As above: zipfile raises errors of many kinds.
        return ""


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > _LARGEST:
        raise BadBundle(f"the bundle unpacks to more than {_LARGEST} bytes")
    if len({info.filename for info in infos}) != len(infos):
        raise BadBundle("a file name stands twice in the bundle")


def _manifest(data: bytes, kind: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    try:
        return verify_statement(json.loads(data), kind, keys)
    except BadSignature as error:
        raise BadBundle(f"{MANIFEST}: {error}") from error
    except ValueError as error:
        raise BadBundle(f"{MANIFEST} is not JSON") from error


def _compare(signed: dict[str, Any], found: dict[str, bytes]) -> None:
    for name in sorted(signed.keys() | found.keys()):
        if name not in found:
            raise BadBundle(f"{name}: named in the manifest, missing from the bundle")
        if name not in signed:
            raise BadBundle(f"{name}: in the bundle, not named in the manifest")
        if digest(found[name]) != signed[name]["sha256"]:
            raise BadBundle(f"{name}: its content is not what was signed")
