"""The custody trail of a case as a court can recompute it: every leaf, and its place in the chain."""

import json
from typing import Any

from tutela.audit import rules
from tutela.audit.models import Leaf, Link
from tutela.cases.models import Case
from tutela.referrals.models import Referral
from tutela.reports.actions.writing import subject
from tutela.reports.models import Report


def custody(case: Case, reports: list[Report], referral: Referral) -> dict[str, Any]:
    """What a report's commitment stands for is told here, since only its key, which stays, could show it."""
    names = {case.subject: case.subject, referral.subject: referral.subject}
    names |= {subject(report): f"report:{report.number}" for report in reports}
    leaves = list(Leaf.objects.filter(subject__in=names).order_by("id"))
    links = {link.leaf_id: link for link in Link.objects.filter(leaf_id__in=[leaf.pk for leaf in leaves])}
    before = dict(Link.objects.filter(seq__in=[link.seq - 1 for link in links.values()]).values_list("seq", "hash"))
    return {
        "subjects": names,
        "genesis": rules.GENESIS.hex(),
        "leaves": [_leaf(leaf, links.get(leaf.pk), before) for leaf in leaves],
    }


def _leaf(leaf: Leaf, link: Link | None, before: dict[int, bytes]) -> dict[str, Any]:
    content = bytes(leaf.content)
    return {
        "id": leaf.pk,
        "content": json.loads(content),
        "leaf_hash": rules.leaf_hash(content).hex(),
        # Written a moment ago: its place in the chain is given within a second after this dossier was made.
        "link": None
        if link is None
        else {
            "seq": link.seq,
            "before": bytes(before.get(link.seq - 1, rules.GENESIS)).hex(),
            "hash": bytes(link.hash).hex(),
        },
    }
