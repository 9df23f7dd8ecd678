"""How long the server takes for each public page with a full register behind it, and what a first visit weighs.

The time is taken at the client, over one kept connection on loopback, so it is a little more than the server's own.

    python benchmarks/portal.py                               # 20,000 reports, 40 requests a page
    python benchmarks/portal.py --reports 1000000 --json portal.json
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))
PORT = 8766
LIMIT_MS = 50
LIMIT_BYTES = 150_000
MEASURES_PER_STATE = 25
# What a browser fetches by itself; a feed is only offered.
FETCHED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src)="([^"]+)"')
# One key and one provider for all of them: no page may read a report, so nothing in them matters but their number.
FILL = """
WITH home AS (
    INSERT INTO accounts_organisation (name, kind, country, representative_country, authority, invented)
    VALUES ('Provider Example S.A.', 'provider', 'FR', '', '', true) RETURNING id
), key AS (
    INSERT INTO keys_key (id, purpose, wrapped) VALUES (gen_random_uuid(), 'report', 'x') RETURNING id
)
INSERT INTO reports_report (organisation_id, key_id, channel, state, body_sha256, kind, service, incident_type,
    incident_at, countries, signals, flags, sealed_message, finished_at, matched_at)
SELECT home.id, key.id, 'api', 'finished', sha256(number::text::bytea), 'new_material', 'hosting', 'material',
    now(), '{FR}', '{}', '{}', repeat('x', 2000)::bytea, now() - number * interval '1 minute', now()
FROM home, key, generate_series(1, %s) AS number
"""
_REFRESH = """
import django
django.setup()
from tutela.accounts.policy import HOUSE
from tutela.statistics import actions
actions.refresh(by=HOUSE)
"""


@dataclass
class Result:
    page: str
    requests: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    page_bytes: int
    first_visit_bytes: int


@contextmanager
def running(folder: Path, *, reports: int, threads: int) -> Iterator[str]:
    """A durable house with its web server and without its worker, which would go through the invented reports."""
    from tutela.config import serving

    os.environ |= {"TUTELA_HOME": str(folder), "TUTELA_ORIGIN": f"http://localhost:{PORT}"}
    os.environ.pop("DATABASE_URL", None)
    with serving.database(throwaway=False):
        serving.migrate()
        fill(os.environ["DATABASE_OWNER_URL"], reports)
        subprocess.run([sys.executable, "-c", _REFRESH], check=True)
        processes = serving.Processes(serving.web_command("127.0.0.1", PORT, threads))
        processes.start()
        try:
            wait(f"http://127.0.0.1:{PORT}/danger")
            yield f"http://127.0.0.1:{PORT}"
        finally:
            processes.stop()


def fill(url: str, reports: int) -> None:
    """Reports, and a list of measures as long as the register's, so that the matrix has something to read."""
    from tutela.law.authorities import MEMBER_STATES

    with psycopg.connect(url, autocommit=True) as database:
        database.execute(FILL, [reports])
        batch = database.execute(
            "INSERT INTO compliance_batch (kind, source, name, sha256, rows, notes, imported_by)"
            " VALUES ('nim', 'https://register.example/', 'nim.json', 'x', %s, '[]', 'house') RETURNING id",
            [MEASURES_PER_STATE * len(MEMBER_STATES)],
        ).fetchone()
        assert batch is not None
        database.execute(
            "INSERT INTO compliance_measure (batch_id, celex, state, titles, act_type, journal, national_reference,"
            " link, eli, predates, republication, row)"
            " SELECT %s, format('72011L0093%%s_%%s', state, number), state, '{}', '', '', '', '', '', false, false,"
            " number FROM unnest(%s::text[]) AS state, generate_series(1, %s) AS number",
            [batch[0], list(MEMBER_STATES), MEASURES_PER_STATE],
        )
        database.execute("VACUUM ANALYZE")


def wait(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(url, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("the web server did not answer within 30 seconds")


def measure(client: httpx.Client, page: str, *, requests: int) -> Result:
    answer = client.get(page)
    answer.raise_for_status()
    others = sum(len(client.get(address).content) for address in sorted(set(FETCHED.findall(answer.text))))
    took = []
    for _ in range(requests):
        start = time.perf_counter()
        client.get(page).raise_for_status()
        took.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    size = len(answer.content)
    return Result(page, requests, round(cuts[49], 1), round(cuts[94], 1), round(max(took), 1), size, size + others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=40, help="for each page, one after another")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
    from tests.portal.pages import PAGES

    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), reports=asked.reports, threads=asked.threads) as url,
        httpx.Client(base_url=url, headers={"Accept-Encoding": "identity"}, timeout=30) as client,
    ):
        results = [measure(client, page, requests=asked.requests) for page in PAGES]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    slowest = max(results, key=lambda each: each.p95_ms)
    heaviest = max(results, key=lambda each: each.first_visit_bytes)
    said = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "commit": commit.stdout.strip(),
        "reports": asked.reports,
        "pages": len(results),
        "slowest": {"page": slowest.page, "p95_ms": slowest.p95_ms, "limit_ms": LIMIT_MS},
        "heaviest": {"page": heaviest.page, "bytes": heaviest.first_visit_bytes, "limit_bytes": LIMIT_BYTES},
        "runs": [asdict(each) for each in results],
    }
    text = json.dumps(said, indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
