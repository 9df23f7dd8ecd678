"""Reports and file details as wire messages in files: paired by name, checked before anything is sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tutela.exchange import xml
from tutela.exchange.cybertip import BadReport, read_file_details, read_report

_REPORT = re.compile(r"(?P<name>.+)\.report\.xml")
_DETAILS = re.compile(r"(?P<name>.+)\.file(?P<number>[0-9]{1,6})\.xml")


class BadFiles(ValueError):
    """What was given cannot be sent; the message has one line for each file and what to change."""


@dataclass(frozen=True)
class Written:
    """One report with its file details, as they stand on the disk."""

    name: str
    report: bytes
    details: tuple[bytes, ...]


def read_files(paths: list[Path]) -> list[Written]:
    """`NAME.report.xml` with its `NAME.file1.xml`, `NAME.file2.xml` …, in the order of the names."""
    reports: dict[str, Path] = {}
    details: dict[str, dict[int, Path]] = {}
    faults = []
    for path in dict.fromkeys(paths):
        if found := _REPORT.fullmatch(path.name):
            if reports.setdefault(found["name"], path) != path:
                faults.append(f"{path}: another file gives the report of that name")
        elif found := _DETAILS.fullmatch(path.name):
            if details.setdefault(found["name"], {}).setdefault(int(found["number"]), path) != path:
                faults.append(f"{path}: another file gives the details of that name and number")
        else:
            faults.append(f"{path}: name it NAME.report.xml or NAME.file1.xml")
    faults += [f"{path}: its report {name}.report.xml was not given" for name, path in _orphans(reports, details)]
    _raise(faults)
    return _read_all(reports, details)


def _orphans(reports: dict[str, Path], details: dict[str, dict[int, Path]]) -> list[tuple[str, Path]]:
    return [(name, path) for name, files in details.items() if name not in reports for path in files.values()]


def _read_all(reports: dict[str, Path], details: dict[str, dict[int, Path]]) -> list[Written]:
    faults: list[str] = []
    found = []
    for name, path in sorted(reports.items()):
        files = [file for _, file in sorted(details.get(name, {}).items())]
        report = _checked(path, read_report, faults)
        found.append(Written(name, report, tuple(_checked(file, read_file_details, faults) for file in files)))
    _raise(faults)
    return found


def _checked(path: Path, read: Callable[[bytes], object], faults: list[str]) -> bytes:
    try:
        body = path.read_bytes()
        read(body)
    except OSError as error:
        faults.append(f"{path}: {error.strerror}")
        return b""
    except (BadReport, xml.BadXml) as error:
        faults.append(f"{path}: {error}")
    return body


def _raise(faults: list[str]) -> None:
    if faults:
        raise BadFiles("Nothing was sent.\n" + "\n".join(faults))


def without_bytes(details: bytes, *, number: int) -> bytes:
    """The same details under the report's real number, and without a file id: the file is known by its hashes alone.

    Everything else stays as it was written.
    """
    root = xml.parse(details)
    for element in root.findall("reportId"):
        element.text = str(number)
    for element in root.findall("fileId"):
        root.remove(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
