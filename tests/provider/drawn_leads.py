"""Leads as `tutela match` writes them, of pictures drawn in code, and answers that make them complete."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tutela.demo.pictures import draw, redraw
from tutela.provider.leads import Lead, LeadMatch

FOUND_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
OURS = {
    "service": "hosting", "reporter_name": "Trust", "reporter_email": "reports@provider.example",
    "kept_by": "Provider Example", "kept_until": "2027-11-20",
}  # fmt: skip
OF_ONE = {
    "happened_at": "2026-11-19T08:30:00Z", "account": "account-1", "email": "person-1@mail.example", "country": "FR",
    "network_address": "192.0.2.17", "network_at": "2026-11-19T08:29:00Z", "network_port": 40001,
    "where": "https://files.example/text-1",
}  # fmt: skip
VIEWED = {"viewed_by": "reviewer-7", "viewed_at": "2026-11-20T09:00:00Z", "viewed_as": "known_material"}


@cache
def _drawn(number: int, variation: int | None):
    return draw(number) if variation is None else redraw(number, variation=variation)


def match(kind: str, distance: int = 0, number: int = 1) -> LeadMatch:
    return LeadMatch(
        list="drawn",
        reference=f"drawing-{number}",
        tier="A",
        classification="scheme:1",
        kind=kind,
        distance_bits=distance,
        threshold_bits=31 if kind == "pdq" else 0,
    )


def lead(number: int = 1, *, alike: bool = False, **more: object) -> Lead:
    """The very file of an entry, or one that only looks alike."""
    drawn = _drawn(number, 3 if alike else None)
    matches = (match("pdq", 8, number),) if alike else (match("sha256", 0, number), match("pdq", 0, number))
    told: dict[str, object] = {
        "name": f"photos/{'alike' if alike else 'same'}-{number}.png",
        "at": FOUND_AT,
        "size_bytes": len(drawn.data),
        "md5": drawn.digests.md5,
        "sha1": drawn.digests.sha1,
        "sha256": drawn.digests.sha256,
        "pdq": drawn.hashed.pdq.hex(),
        "quality": drawn.hashed.quality,
        "matches": matches,
    }
    return Lead.model_validate(told | more)


def put(folder: Path, *leads: Lead) -> Path:
    file = folder / "leads.jsonl"
    file.write_text("".join(each.line() for each in leads))
    return file


def answers(folder: Path, leads: dict[str, dict[str, object]] | None = None, **all_: object) -> Path:
    file = folder / "answers.json"
    file.write_text(json.dumps({"all": OURS | all_, "leads": leads or {}}))
    return file
