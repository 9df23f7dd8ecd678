"""How many reports a second one house takes in: arrivals on a fixed timetable, latency from the moment each was due.

A closed loop waits for the slow and so hides them; here an arrival that finds the house busy waits in the sender, and
its waiting counts. Server, worker and PostgreSQL (fsync on) run beside the sender on the same processors.

    python benchmarks/intake.py                    # finds the highest rate at p99 <= 500 ms, both doors
    python benchmarks/intake.py --rate 300 --seconds 20 --door api
"""

import argparse
import asyncio
import base64
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.house import running
from benchmarks.wire import Line, Lines
from tutela.exchange import cybertip, messages

LIMIT_MS = 500
LINES = 32
RATES = (50, 100, 150, 200, 250, 300, 350, 400, 500)


@dataclass
class Result:
    door: str
    rate: int
    seconds: int
    sent: int
    accepted: int
    failed: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    reports_per_second: float


def message(number: int) -> dict[str, object]:
    """A full report with one item: everything a good sender states."""
    return {
        "reference": f"bench-{os.getpid()}-{number}",
        "kind": "new_material",
        "service": "hosting",
        "incident": {"type": "material", "at": "2026-10-03T14:05:09Z", "platform": "PhotoShare"},
        "places": [{"kind": "web", "urls": [f"https://photoshare.example/p/{number}"]}],
        "reporter": {"person": {"first_name": "Trust", "emails": [{"address": "reports@provider.example"}]}},
        "parties": [
            {
                "role": "suspect",
                "account_id": f"u-{number}",
                "service": "PhotoShare",
                "person": {"emails": [{"address": f"user{number}@mail.example"}]},
                "captures": [{"address": "192.0.2.17", "event": "upload", "at": "2026-10-03T14:04:58Z", "port": 51422}],
                "location": {"country": "FR"},
            }
        ],
        "items": [
            {
                "name": f"file-{number}.jpg",
                "digests": [
                    {"algorithm": "SHA256", "value": f"{number:064x}"},
                    {"algorithm": "MD5", "value": f"{number:032x}"},
                ],
                "viewed_by_provider": True,
                "original": {"holder": "Provider Example S.A.", "until": "2027-10-03"},
            }
        ],
    }


async def by_api(line: Line, credential: dict[str, str], number: int) -> bool:
    body = json.dumps(message(number)).encode()
    bearer = f"Bearer {credential['bearer']}"
    status, _ = await line.post("/api/v1/reports", body, content_type="application/json", authorization=bearer)
    return status == 201


async def by_ispws(line: Line, credential: dict[str, str], number: int) -> bool:
    """Three calls a report: submit, details without bytes, finish."""
    pair = base64.b64encode(f"{credential['username']}:{credential['secret']}".encode()).decode()

    async def call(name: str, body: bytes, kind: str = "text/xml; charset=utf-8") -> tuple[int, bytes]:
        return await line.post(f"/ispws/{name}", body, content_type=kind, authorization=f"Basic {pair}")

    whole = messages.Report.model_validate(message(number))
    opened, answer = await call("submit", cybertip.write_report(whole))
    report_id = cybertip.read_answer(answer).report_id if opened == 200 else None
    if report_id is None:
        return False
    added, _ = await call("fileinfo", cybertip.write_file_details(report_id, None, whole.items[0]))
    done, _ = await call("finish", f"id={report_id}".encode(), "application/x-www-form-urlencoded")
    return added == done == 200


async def arrivals(url: str, credential: dict[str, str], *, door: str, rate: int, seconds: int, first: int) -> Result:
    send = by_api if door == "api" else by_ispws
    latencies: list[float] = []
    accepted = 0
    address = urlsplit(url)
    async with Lines(address.hostname or "", address.port or 0, number=LINES) as lines:
        start = time.perf_counter() + 0.5

        async def one(number: int) -> None:
            nonlocal accepted
            due = start + number / rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            line = await lines.take()
            try:
                good = await send(line, credential, first + number)
            except (OSError, EOFError):
                good = False
            lines.give_back(line)
            latencies.append((time.perf_counter() - due) * 1000)
            accepted += good

        total = rate * seconds
        await asyncio.gather(*(one(number) for number in range(total)))
        took = time.perf_counter() - start
    cuts = statistics.quantiles(latencies, n=100)
    return Result(
        door, rate, seconds, total, accepted, total - accepted, cuts[49], cuts[98], max(latencies), accepted / took
    )


def best(url: str, credential: dict[str, str], *, door: str, seconds: int) -> list[Result]:
    """Climb until the 99th percentile is over the limit or anything is refused."""
    found: list[Result] = []
    asyncio.run(arrivals(url, credential, door=door, rate=20, seconds=5, first=10_000_000))
    for rate in RATES:
        result = asyncio.run(arrivals(url, credential, door=door, rate=rate, seconds=seconds, first=rate * 10_000))
        found.append(result)
        print(json.dumps(asdict(result)), flush=True)
        if result.p99_ms > LIMIT_MS or result.failed:
            break
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--door", choices=["api", "ispws"])
    parser.add_argument("--rate", type=int)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (url, credential):
        for door in [asked.door] if asked.door else ["api", "ispws"]:
            if asked.rate:
                run = arrivals(url, credential, door=door, rate=asked.rate, seconds=asked.seconds, first=0)
                results.append(asyncio.run(run))
                print(json.dumps(asdict(results[-1])))
            else:
                results += best(url, credential, door=door, seconds=asked.seconds)
    cores = os.cpu_count()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    said = {"machine": f"{platform.machine()}, {cores} processors", "commit": commit.stdout.strip()}
    for door in {result.door for result in results}:
        good = [one for one in results if one.door == door and one.p99_ms <= LIMIT_MS and not one.failed]
        said[door] = max((one.rate for one in good), default=0)
    print(json.dumps(said))
    if asked.json:
        asked.json.write_text(json.dumps({**said, "runs": [asdict(one) for one in results]}, indent=1))


if __name__ == "__main__":
    main()
