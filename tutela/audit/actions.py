"""Record, chain, anchor."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tutela.audit import rules
from tutela.audit.cursor import after
from tutela.audit.models import Leaf, Link
from tutela.seals.canonical import canonical
from tutela.seals.signatures import Signer

# Any constant: it names the one sequencer among all processes on this database.
_SEQUENCER = 7_165_001


def record(
    action: str,
    *,
    by: rules.Acting,
    subject: str = "",
    purpose: str = "",
    recipient: str = "",
    details: dict[str, Any] | None = None,
) -> Leaf:
    """One leaf in the caller's transaction; if it cannot be written, the action does not happen either."""
    written = leaf(action, by=by, subject=subject, purpose=purpose, recipient=recipient, details=details)
    written.save(force_insert=True)
    return written


def leaf(
    action: str,
    *,
    by: rules.Acting,
    subject: str = "",
    purpose: str = "",
    recipient: str = "",
    details: dict[str, Any] | None = None,
) -> Leaf:
    """A leaf that its caller writes together with the rows it is about."""
    at = datetime.now(UTC)
    content = rules.leaf_content(
        at=at, by=by, action=action, subject=subject, purpose=purpose, recipient=recipient, details=details
    )
    return Leaf(at=at, action=action, actor=rules.actor_text(by), subject=subject, content=content)


def chain(*, limit: int = 5000) -> int:
    """Give every settled leaf its place; returns how many were linked. Holds no other transaction back."""
    with transaction.atomic():
        if not _is_sequencer():
            return 0
        last = Link.objects.order_by("-seq").first()
        seq, before, txid, row = 0, rules.GENESIS, 0, 0
        if last is not None:
            leaf = Leaf.objects.only("txid").get(pk=last.leaf_id)
            seq, before, txid, row = last.seq, bytes(last.hash), leaf.txid, leaf.pk
        links = []
        for leaf in after(Leaf.objects.only("txid", "content"), txid=txid, row=row, limit=limit):
            seq += 1
            leaf_hash = rules.leaf_hash(bytes(leaf.content))
            before = rules.link_hash(before, seq=seq, leaf_id=leaf.pk, leaf=leaf_hash)
            links.append(Link(seq=seq, leaf_id=leaf.pk, leaf_hash=leaf_hash, hash=before))
        Link.objects.bulk_create(links)
        return len(links)


def _is_sequencer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER])
        return bool(cursor.fetchone()[0])


def anchor(signer: Signer, folder: Path) -> dict[str, Any] | None:
    """Write the signed head of the chain outside the database; None where nothing is chained yet."""
    last = Link.objects.order_by("-seq").first()
    if last is None:
        return None
    body = {"seq": last.seq, "hash": bytes(last.hash).hex(), "at": datetime.now(UTC).isoformat()}
    head = signer.statement("audit-head", body)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "heads.jsonl").open("ab") as file:
        file.write(canonical(head) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return head


def heads(folder: Path) -> list[Any]:
    path = folder / "heads.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
