"""How long the server takes for each public page with a full register behind it, and what a first visit weighs.

The time is taken at the client, over one kept connection on loopback, so it is a little more than the server's own.

    python benchmarks/portal.py                      # 20,000 reports, 40 requests an address
    python benchmarks/portal.py --reports 1000000 --json docs/benchmarks/portal.json    # 2 GB of disk for a while
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
REPORTS_AT_ONCE = 100_000
ACTIONS = 300
# One key and one provider for all of them: no page may read a report, so nothing in them matters but their number and
# their size. A sealed message of 1,200 bytes stays in the row, which is the worst for whoever counts rows.
OWNERS = """
WITH home AS (
    INSERT INTO accounts_organisation (name, kind, country, representative_country, authority, invented)
    VALUES ('Provider Example S.A.', 'provider', 'FR', '', '', true) RETURNING id
), key AS (
    INSERT INTO keys_key (id, purpose, wrapped) VALUES (gen_random_uuid(), 'report', 'x') RETURNING id
)
SELECT home.id, key.id FROM home, key
"""
REPORTS = """
INSERT INTO reports_report (organisation_id, key_id, channel, state, body_sha256, kind, service, incident_type,
    incident_at, countries, signals, flags, sealed_message, finished_at, matched_at)
SELECT %s, %s, 'api', 'finished', sha256(number::text::bytea), 'new_material', 'hosting', 'material',
    now(), '{FR}', '{}', '{}', repeat('x', 1200)::bytea, now() - number * interval '1 minute', now()
FROM generate_series(%s::int, %s::int) AS number
"""
# Every tenth report stands in a case of its own that waits.
CASES = """
INSERT INTO cases_case (state, urgency, hard, hard_reasons, urgency_reasons, completeness, signals, countries, kinds,
    first_received_at, disputed, first_decision, decision)
SELECT 'waiting', number %% 100, false, '{}', '[]', 50, '{}', '{FR}', '{new_material}', now(), false, '', ''
FROM generate_series(1, %s::int) AS number
"""
_JOBS = """
import django, json, time
django.setup()
from tutela.statistics.jobs import refresh
from tutela.strategy.jobs import keep_gaps
took = {}
JOBS = {"statistics.refresh": refresh, "strategy.keep_gaps": keep_gaps, "strategy.keep_gaps, unchanged": keep_gaps}
for name, job in JOBS.items():
    start = time.perf_counter()
    job()
    took[name] = round(time.perf_counter() - start, 2)
print(json.dumps(took))
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


@dataclass
class House:
    url: str
    fill_seconds: float
    database_megabytes: int
    job_seconds: dict[str, float]


@contextmanager
def running(folder: Path, *, reports: int, threads: int) -> Iterator[House]:
    """A durable house with its web server and without its worker, which would go through the invented reports."""
    from tutela.config import serving

    os.environ |= {"TUTELA_HOME": str(folder), "TUTELA_ORIGIN": f"http://localhost:{PORT}"}
    os.environ.pop("DATABASE_URL", None)
    with serving.database(throwaway=False):
        serving.migrate()
        start = time.perf_counter()
        size = fill(os.environ["DATABASE_OWNER_URL"], reports)
        took = round(time.perf_counter() - start, 1)
        jobs = subprocess.run([sys.executable, "-c", _JOBS], check=True, capture_output=True, text=True)
        processes = serving.Processes(serving.web_command("127.0.0.1", PORT, threads))
        processes.start()
        try:
            wait(f"http://127.0.0.1:{PORT}/danger")
            yield House(f"http://127.0.0.1:{PORT}", took, size, json.loads(jobs.stdout))
        finally:
            processes.stop()


def fill(url: str, reports: int) -> int:
    """Reports, a list of measures as long as the register's, priority actions; the database's size in megabytes."""
    from tutela.law.authorities import MEMBER_STATES

    with psycopg.connect(url, autocommit=True) as database:
        home, key = database.execute(OWNERS).fetchone() or ()
        for first in range(1, reports + 1, REPORTS_AT_ONCE):
            database.execute(REPORTS, [home, key, first, min(first + REPORTS_AT_ONCE - 1, reports)])
        database.execute(CASES, [reports // 10])
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
        database.execute(
            "INSERT INTO strategy_priorityaction (what, due, state, evidence_url, reason, initiative, country, owner,"
            " gap, decided_on, recorded_by_id)"
            " SELECT repeat('text ', 20), current_date + number - 200, 'open', '', '', 1 + number %% 8,"
            " (%s::text[])[1 + number %% 27], 'Ministry Example', '', current_date - 400, %s"
            " FROM generate_series(1, %s) AS number",
            [list(MEMBER_STATES), home, ACTIONS],
        )
        database.execute("VACUUM ANALYZE")
        size = database.execute("SELECT pg_database_size(current_database()) / 1000000").fetchone()
        return int(size[0]) if size else 0


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


def all_addresses() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Pages for people, and files for machines; the tests' own list, which no address escapes."""
    import django

    django.setup()
    from tests.portal.pages import MACHINES, PAGES

    return PAGES, MACHINES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=40, help="for each page, one after another")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")

    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), reports=asked.reports, threads=asked.threads) as house,
        httpx.Client(base_url=house.url, headers={"Accept-Encoding": "identity"}, timeout=30) as client,
    ):
        pages, files = (
            [measure(client, each, requests=asked.requests) for each in addresses] for addresses in all_addresses()
        )
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    slowest = max(pages, key=lambda each: each.p95_ms)
    heaviest = max(pages, key=lambda each: each.first_visit_bytes)
    slowest_file = max(files, key=lambda each: each.p95_ms)
    said = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "commit": commit.stdout.strip(),
        "reports": asked.reports,
        "fill_seconds": house.fill_seconds,
        "database_megabytes": house.database_megabytes,
        "job_seconds": house.job_seconds,
        "pages": len(pages),
        "slowest": {"page": slowest.page, "p95_ms": slowest.p95_ms, "limit_ms": LIMIT_MS},
        "heaviest": {"page": heaviest.page, "bytes": heaviest.first_visit_bytes, "limit_bytes": LIMIT_BYTES},
        "files": len(files),
        "slowest_file": {"page": slowest_file.page, "p95_ms": slowest_file.p95_ms},
        "runs": [asdict(each) for each in (*pages, *files)],
    }
    text = json.dumps(said, indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
