"""What it costs to look for newly confirmed indicators among everything that came in before.

A throwaway PostgreSQL of its own; a hundred thousand reports are copied from one that was received as any other, each
with ten items of drawn hashes. One new indicator in two is near an item or equals one.

    python benchmarks/looking_back.py --items 1000000 --json docs/benchmarks/looking_back.json
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from tutela.config import serving

EACH = 10
AT_ONCE = (1, 100, 10_000)
_HASH = "decode(md5(random()::text) || md5(random()::text), 'hex')"


def fill(items: int) -> None:
    """Matched reports with items, by SQL: receiving a million would take hours and tell nothing more."""
    from django.db import connection

    from tests.cases.stories import item, send, sender
    from tutela.reports import actions
    from tutela.reports.models import Report

    first = send(sender(), items=[item()])
    actions.match_waiting()
    own = {"number", "reference", "body_sha256"}
    same = ", ".join(field.column for field in Report._meta.concrete_fields if field.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reports_report (reference, body_sha256, {same}) SELECT 'copy-' || n, {_HASH}, {same} "  # noqa: S608
            "FROM reports_report, generate_series(1, %s) n WHERE number = %s",
            [items // EACH, first.number],
        )
        cursor.execute(
            # Names of our own tables and columns; every value is a parameter.
            "INSERT INTO reports_item (report_id, position, file_id, sha256, pdq, pdq_quality, hashed_here, labels, "  # noqa: S608
            f"classification) SELECT number, n, md5(number || '-' || n), {_HASH}, {_HASH}, 90, false, '{{}}', '' "
            "FROM reports_report, generate_series(1, %s) n WHERE reference LIKE 'copy-%%'",
            [EACH],
        )


def confirmed(count: int) -> None:
    """Half PDQ, half SHA-256; half of each are in some item."""
    from datetime import UTC, datetime

    from benchmarks.match_api import passport
    from tutela.indicators.models import Change, Indicator
    from tutela.reports.models import Item

    said = passport() | {"second_at": datetime.now(UTC)}
    known = list(
        Item.objects.filter(pdq__isnull=False, matches=None)
        .order_by("?")[: (count + 1) // 2]
        .values_list("pdq", "sha256")
    )
    values = [("sha256", file) if place % 2 else ("pdq", pdq) for place, (pdq, file) in enumerate(known)]
    values += [("sha256" if place % 2 else "pdq", os.urandom(32)) for place in range(count - len(known))]
    rows = Indicator.objects.bulk_create(
        Indicator(kind=kind, value=value, quality=90 if kind == "pdq" else None, **said) for kind, value in values
    )
    Change.objects.bulk_create(Change(indicator=row, what="active") for row in rows)


def look(count: int) -> dict[str, Any]:
    from tutela.reports.actions import look_back
    from tutela.reports.models import Match

    confirmed(count)
    before, cpu, begin = Match.objects.count(), time.process_time(), time.perf_counter()
    while look_back():
        pass
    return {
        "new_indicators": count,
        "seconds": round(time.perf_counter() - begin, 2),
        "python_seconds": round(time.process_time() - cpu, 2),
        "new_matches": Match.objects.count() - before,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutela.config.settings")
    with tempfile.TemporaryDirectory() as folder:
        # PostgreSQL does not run as root and must be able to enter; else its data would outlive this folder.
        Path(folder).chmod(0o711)
        os.environ["TUTELA_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        with serving.database(throwaway=True):
            serving.migrate()
            import django

            django.setup()
            fill(asked.items)
            # The first one waits for the search to be compiled, where it never was.
            look(1)
            runs = [look(count) for count in AT_ONCE]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    said = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "commit": commit.stdout.strip(),
        "items": asked.items,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "runs": runs,
    }
    print(json.dumps(said, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(said, indent=1) + "\n")


if __name__ == "__main__":
    main()
