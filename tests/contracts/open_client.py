"""Run by an interpreter that has the open client `ncmec-cybertip` (not ours, unmodified): one whole conversation.

    python open_client.py BASE_URL USERNAME SECRET

Prints what each call answered, as JSON.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from importlib.metadata import version

from ncmec_cybertip import (
    ApiError,
    CyberTiplineClient,
    FileDetails,
    IncidentSummary,
    IncidentType,
    Person,
    Report,
    Reporter,
)


def report() -> Report:
    return Report(
        incident_summary=IncidentSummary(
            incident_type=IncidentType.CHILD_PORNOGRAPHY,
            incident_date_time=datetime(2026, 10, 3, 14, 5, 9, tzinfo=UTC),
        ),
        reporter=Reporter(reporting_person=Person(first_name="Trust", last_name="Safety")),
    )


async def refused(call) -> int:
    try:
        await call
    except ApiError as error:
        return int(error.response_code)
    return 0


async def main(base_url: str, username: str, secret: str) -> dict[str, object]:
    said: dict[str, object] = {"client": f"ncmec-cybertip {version('ncmec-cybertip')}"}
    async with CyberTiplineClient(username=username, password=secret, base_url=base_url) as client:
        said["status"] = (await client.status()).response_code
        said["xsd"] = "<xs:schema" in await client.get_xsd()
        number = (await client.submit(report())).report_id
        sent = await client.upload(number, b"text-1", filename="file-1.bin")
        details = FileDetails(report_id=number, file_id=sent.file_id, original_file_name="file-1.bin")
        said["fileinfo"] = (await client.file_info(details)).response_code
        done = await client.finish(number)
        said |= {"report": number, "file": sent.file_id, "hash": sent.hash, "files": list(done.file_ids or [])}
        said["finished again"] = await refused(client.finish(number))
        said["unknown report"] = await refused(client.finish(99_999_999))
        said["unknown file"] = await refused(client.file_info(details.model_copy(update={"report_id": 99_999_999})))
        second = await client.submit(report().model_copy(update={"reporter": other_reporter()}))
        said["retract"] = (await client.retract(second.report_id)).response_code
        said["retracted again"] = await refused(client.retract(second.report_id))
    async with CyberTiplineClient(username=username, password="wrong", base_url=base_url) as client:
        said["wrong secret"] = await refused(client.status())
    return said


def other_reporter() -> Reporter:
    return Reporter(reporting_person=Person(first_name="Trust", last_name="Second"))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:4])), default=str))
