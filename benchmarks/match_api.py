"""How long the server takes for a batch of hashes, where the time goes, and how many it answers a second.

A house of its own: durable PostgreSQL, worker and web server on this machine, indicators half PDQ (clustered) and half
SHA-256, written by hand as two readers would have left them. Half of a batch is PDQ, half SHA-256. How many of it are
known decides what it costs: in an ordinary day's uploads hardly any is.

    python benchmarks/match_api.py --json docs/benchmarks/match_api.json
"""

import argparse
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
import httpx
import numpy as np

from benchmarks.house import running
from tutela.matching.bench_bases import SEED, clustered, flipped

BATCH, ROUNDS, WARM = 10_000, 20, 3
KNOWN_PER_MILLE = (0, 10, 100, 1000)
Hashes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def fill(count: int) -> tuple[Hashes, Hashes]:
    """Active indicators with both their readers' opinions; returns their PDQ and SHA-256 values."""
    from tutela.indicators.models import Change, Indicator, Opinion

    rng = np.random.default_rng(SEED)
    pdq, files = np.unique(clustered(count // 2, rng), axis=0), rng.integers(0, 256, (count // 2, 32), dtype=np.uint8)
    values = [("pdq", bytes(row)) for row in pdq] + [("sha256", bytes(row)) for row in files]
    said = passport()
    for begin in range(0, len(values), 5_000):
        rows = Indicator.objects.bulk_create(
            Indicator(kind=kind, value=value, quality=90 if kind == "pdq" else None, **said)
            for kind, value in values[begin : begin + 5_000]
        )
        Opinion.objects.bulk_create(
            Opinion(indicator=row, organisation=home, verdict="positive", reason="read")
            for row in rows
            for home in (said["identified_by"], said["second_organisation"])
        )
        Change.objects.bulk_create(Change(indicator=row, what="active") for row in rows)
    return pdq, files


def passport() -> dict[str, Any]:
    from datetime import UTC, date, datetime

    from tutela.accounts import actions
    from tutela.accounts.policy import HOUSE, Role

    new = secrets.token_hex(4)
    homes = [actions.add_organisation(name=f"Hotline {new}{n}", kind="hotline", country="IE", by=HOUSE) for n in "12"]
    first, second = (
        actions.add_person(
            name="Reader", email=f"r{at.pk}@staff.example", organisation=at, roles=[Role.ANALYST], by=HOUSE
        )
        for at in homes
    )
    identified = {"identified_by": homes[0], "identified_on": date(2026, 11, 1), "made_by": "drawn by a benchmark"}
    ground = {"category": "baseline", "authority": "authority:ie", "legal_basis": "dir-2011-93:art-2-c"}
    read = {"second_reader": second, "second_organisation": homes[1], "second_at": datetime.now(UTC)}
    return {"state": "active", "tier": "C", "first_reader": first, **identified, **ground, **read}


def question(pdq: Hashes, files: Hashes, rng: np.random.Generator, *, known_per_mille: int) -> bytes:
    each = BATCH // 2
    share = each * known_per_mille // 1000
    asked = rng.integers(0, 256, (2, each, 32), dtype=np.uint8)
    if share:
        asked[0, :share] = flipped(pdq[rng.integers(0, len(pdq), share)], 31, rng)
        asked[1, :share] = files[rng.integers(0, len(files), share)]
    hashes = [{"kind": "pdq", "value": bytes(row).hex(), "quality": 90} for row in rng.permutation(asked[0])]
    hashes += [{"kind": "sha256", "value": bytes(row).hex()} for row in rng.permutation(asked[1])]
    return json.dumps({"hashes": hashes}).encode()


def over_the_wire(url: str, bearer: str, draw: Callable[[], bytes]) -> dict[str, float]:
    """One client that waits for each answer: what a batch takes from its first byte to the answer's last."""
    took = []
    with httpx.Client(base_url=url, timeout=120, headers={"Authorization": f"Bearer {bearer}"}) as client:
        for number in range(WARM + ROUNDS):
            body = draw()
            begin = time.perf_counter()
            answer = client.post("/api/v1/match", content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 200, answer.text[:200]
            if number >= WARM:
                took.append(time.perf_counter() - begin)
    middle = statistics.median(took)
    return {
        "median_ms": round(1000 * middle, 1),
        "worst_ms": round(1000 * max(took), 1),
        "hashes_a_second": round(BATCH / middle),
        "answer_bytes": len(answer.content),
    }


def where_it_goes(draw: Callable[[], bytes]) -> dict[str, float]:
    """The same work in this process, split: medians in milliseconds of reading, index, database and the rest."""
    from django.db import connection

    from tutela.accounts.policy import HOUSE
    from tutela.exchange.matching import Question
    from tutela.indicators import actions
    from tutela.matching import Index

    spent: dict[str, list[float]] = defaultdict(list)
    part: dict[str, float] = defaultdict(float)

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **more: Any) -> Any:
            begin = time.perf_counter()
            try:
                return work(*given, **more)
            finally:
                part[name] += time.perf_counter() - begin

        return run

    search = Index.query_batch
    Index.query_batch = timed("index", search)  # type: ignore[method-assign]
    with connection.execute_wrapper(lambda execute, *rest: timed("database", execute)(*rest)):
        for number in range(WARM + ROUNDS):
            body = draw()
            part.clear()
            begin = time.perf_counter()
            said = timed("reading", Question.model_validate_json)(body)
            timed("writing", actions.ask(said, by=HOUSE).model_dump_json)()
            part["rest"] = time.perf_counter() - begin - sum(part.values())
            if number >= WARM:
                for name, seconds in part.items():
                    spent[name].append(seconds)
    Index.query_batch = search  # type: ignore[method-assign]
    return {name: round(1000 * statistics.median(each), 1) for name, each in sorted(spent.items())}


def _enterable(folder: Path) -> Path:
    """PostgreSQL does not run as root and must be able to enter; else its data would outlive this folder."""
    folder.chmod(0o711)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indicators", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
    runs = []
    with tempfile.TemporaryDirectory() as folder, running(_enterable(Path(folder))) as (url, _):
        import django

        django.setup()
        from tutela.accounts import actions as accounts
        from tutela.accounts.policy import HOUSE, Role
        from tutela.indicators.actions import asking

        # The house itself has no day's limit worth measuring.
        asking.MOST_A_DAY = 10**9  # type: ignore[misc]
        pdq, files = fill(asked.indicators)
        rng = np.random.default_rng(SEED + 1)
        for known in KNOWN_PER_MILLE:
            # Each its own provider: a day holds a hundred batches.
            home = accounts.add_organisation(name=f"Provider {known}", kind="provider", country="FR", by=HOUSE)
            given = accounts.give_credential(organisation=home, kind="bearer", roles=[Role.PROVIDER_MATCHER], by=HOUSE)
            bearer = f"{given.credential.username}.{given.secret}"

            def draw(known: int = known) -> bytes:
                return question(pdq, files, rng, known_per_mille=known)

            runs.append(
                {"known_per_mille": known} | over_the_wire(url, bearer, draw) | {"where_ms": where_it_goes(draw)}
            )
            print(json.dumps(runs[-1]), flush=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    said = {"machine": f"{platform.machine()}, {os.cpu_count()} processors", "commit": commit.stdout.strip()}
    if asked.json:
        asked.json.write_text(
            json.dumps(said | {"indicators": asked.indicators, "batch": BATCH, "runs": runs}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
