"""Wire messages in files, as a provider's own client writes them; every sentence in them is neutral."""

from pathlib import Path

from tests import cast
from tutela.exchange.cybertip import write_file_details, write_report
from tutela.exchange.messages import Digest, Item, Report

REPORTER = {"person": {"first_name": "Trust", "emails": [{"address": "reports@provider.example"}]}}


def report(**more: object) -> Report:
    return cast.report(reference=None, reporter=REPORTER, **more)


def item(number: int) -> Item:
    return Item(
        name=f"file-{number}.jpg",
        digests=[Digest(algorithm="SHA256", value=f"{number:064x}"), Digest(algorithm="MD5", value=f"{number:032x}")],
        viewed_by_provider=True,
        additional=[f"text-{number}"],
    )


def put(folder: Path, name: str, message: Report | None = None, *, items: int = 0) -> list[Path]:
    """NAME.report.xml and its NAME.file1.xml …, with a foreign server's ids in them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.report.xml"]
    paths[0].write_bytes(write_report(message or report()))
    for number in range(1, items + 1):
        paths.append(folder / f"{name}.file{number}.xml")
        paths[-1].write_bytes(write_file_details(1, "0" * 32, item(number)))
    return paths
