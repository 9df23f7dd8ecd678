"""Hold what the senders wrote down against what the house keeps. Each figure is counted where it arose."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutela.cases.models import Case
from tutela.cases.rules import REFER
from tutela.demo.authorities import Done
from tutela.demo.desk import Decided
from tutela.demo.ledger import add_up
from tutela.demo.stories import Planned
from tutela.demo.world import PROVIDERS
from tutela.indicators.rules import Kind
from tutela.law.authorities import EUROPOL, authority
from tutela.referrals.models import Referral
from tutela.referrals.rules import OUTSIDE
from tutela.reports.models import Item, Report, Resend


@dataclass
class Tally:
    """`figures` is the file's content; `problems` is empty when the house kept every promise."""

    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def must(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


def count(planned: Iterable[Planned], *, ledger: Path, decided: Decided, done: Done, retries: int) -> Tally:
    tally = Tally()
    by_reference = {one.reference: one for one in planned}
    numbers = _reports(tally, ledger, by_reference, retries)
    _matches(tally, by_reference.values())
    _cases(tally, decided)
    _referrals(tally, {number: by_reference[reference] for number, reference in numbers.items()}, done)
    _audit(tally)
    return tally


def _reports(tally: Tally, ledger: Path, planned: dict[str, Planned], retries: int) -> dict[int, str]:
    """Which report number is which invented one, by the ledger."""
    sums = add_up(ledger)
    answered = {reference: one for reference, one in sums.items() if one.answers}
    numbers = {number: reference for reference, one in answered.items() for number in one.numbers}
    kept = {
        number: bytes(sha256).hex()
        for number, sha256 in Report.objects.filter(state=Report.State.FINISHED).values_list("number", "body_sha256")
    }
    lost = [number for number, reference in numbers.items() if kept.get(number) != sums[reference].sha256]
    twice = Counter(kept.values())
    doubled = sum(len(one.numbers) - 1 for one in answered.values())
    doubled += sum(times - 1 for times in twice.values()) + len(kept.keys() - numbers.keys())
    linked, resent = Resend.objects.count(), sum(one.answers - 1 for one in answered.values())
    tally.figures |= {
        "received": len(answered),
        "stored": len(kept),
        "resent": resent,
        "duplicates_linked": linked,
        "retries_on_the_line": retries,
        "lost": len(lost),
        "doubled": doubled,
    }
    tally.must(not lost, f"{len(lost)} acknowledged reports are not in the database as they were sent.")
    tally.must(not doubled, f"{doubled} reports stand twice, or were never acknowledged to their sender.")
    tally.must(len(answered) == len(planned), f"{len(planned) - len(answered)} reports were never acknowledged.")
    # A retry whose first answer was lost is linked too; without retries the two are equal.
    tally.must(resent <= linked <= resent + retries, f"{resent} resends were answered and {linked} linked.")
    return numbers


def _matches(tally: Tally, planned: Iterable[Planned]) -> None:
    items = [one.story for one in planned for _ in one.pictures]
    matched = Item.objects.filter(matches__isnull=False).distinct()
    tally.figures |= {
        "items": Item.objects.count(),
        "known_items_sent": items.count("known"),
        "near_duplicates_sent": items.count("near-duplicate"),
        "matched_items": matched.count(),
        "matched_exactly": matched.filter(matches__kind=Kind.SHA256).count(),
    }
    tally.must(Item.objects.count() == len(items), f"{len(items)} items were sent, {Item.objects.count()} are kept.")


def _cases(tally: Tally, decided: Decided) -> None:
    living = Case.objects.exclude(state=Case.State.MERGED)
    confirmed = living.filter(decision=REFER, second_reader__isnull=False)
    tally.figures |= {
        "cases": living.count(),
        "confirmed": confirmed.count(),
        "dismissed": living.filter(state=Case.State.DISMISSED).count(),
        "disputed": living.filter(disputed=True).count(),
    }
    tally.must(
        set(confirmed.values_list("number", flat=True)) == set(decided.confirmed),
        f"The two analysts confirmed {len(decided.confirmed)} cases, the house says {confirmed.count()}.",
    )


def _referrals(tally: Tally, told: dict[int, Planned], done: Done) -> None:
    referrals = list(Referral.objects.order_by("number"))
    by_case: dict[int, Counter[str]] = {}
    for referral in referrals:
        by_case.setdefault(referral.case_id, Counter())[referral.authority] += 1
    wrong = [
        case.number
        for case in Case.objects.filter(decision=REFER)
        if by_case.get(case.number, Counter()) != Counter(_competent(case, told))
    ]
    acknowledged = {referral.number for referral in referrals if referral.acknowledged_at}
    tally.figures |= {
        "referrals": len(referrals),
        "waiting_outside": sum(referral.state == OUTSIDE for referral in referrals),
        "handed_over": sum(referral.handed_over_at is not None for referral in referrals),
        "acknowledged": len(acknowledged),
        "answered": sum(referral.answered_at is not None for referral in referrals),
        "dossiers_verified": done.verified_dossiers,
    }
    tally.must(not wrong, f"{len(wrong)} confirmed cases have not exactly one referral per competent authority.")
    tally.must(
        acknowledged == set(done.acknowledged),
        f"The authorities acknowledged {len(done.acknowledged)} referrals, the house says {len(acknowledged)}.",
    )


def _competent(case: Case, told: dict[int, Planned]) -> set[str]:
    """Worked out from what the demonstration invented, not from what the house read."""
    planned = [told[number] for number in sorted(case.gathered().values_list("number", flat=True))]
    countries = {country for one in planned for country in one.countries}
    if countries:
        return {f"authority:{country.lower()}" for country in countries}
    _, seat, representative = PROVIDERS[planned[0].provider]
    home = authority(seat or representative)
    if home is None:
        return {EUROPOL.id}
    return {home.id} if home.is_named else {home.id, EUROPOL.id}


def _audit(tally: Tally) -> None:
    """By the command anybody would run, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", "from tutela.cli import main; main()", "audit", "verify", "--json"],
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(ran.stdout) if ran.returncode in (0, 1) and ran.stdout else {"ok": False, "findings": []}
    tally.figures |= {"audit_ok": bool(said["ok"]), "audit_links": said.get("links", 0)}
    found = "; ".join(f"{each['place']}: {each['what']}" for each in said["findings"]) or ran.stderr.strip()
    tally.must(said["ok"], f"The audit does not verify: {found}")
