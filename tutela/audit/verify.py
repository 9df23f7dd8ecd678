"""Find what was done to the record, and where: edits, deletions, insertions, swaps, truncation, re-chaining."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tutela.audit import rules
from tutela.seals.signatures import BadSignature, PublicKey, verify_statement

_ROWS = """
SELECT k.seq, k.leaf_id, k.leaf_hash, k.hash, l.content, l.action, l.actor, l.subject, l.at
FROM audit_link k LEFT JOIN audit_leaf l ON l.id = k.leaf_id ORDER BY k.seq
"""
_LEFT_BEHIND = """
SELECT l.id FROM audit_leaf l
WHERE NOT EXISTS (SELECT 1 FROM audit_link k WHERE k.leaf_id = l.id)
  AND (l.txid, l.id) < (
    SELECT m.txid, m.id FROM audit_leaf m JOIN audit_link k ON k.leaf_id = m.id ORDER BY k.seq DESC LIMIT 1)
ORDER BY l.id
"""


# A leaf is chained within a second and a head anchored within a minute; well beyond that, something stands still.
UNCHAINED_AFTER_SECONDS = 60
UNANCHORED_AFTER_SECONDS = 180
_UNCHAINED = """
SELECT l.id FROM audit_leaf l
WHERE l.at < now() - make_interval(secs => %s) AND NOT EXISTS (SELECT 1 FROM audit_link k WHERE k.leaf_id = l.id)
ORDER BY l.id
"""
_UNANCHORED = """
SELECT min(k.seq) FROM audit_link k JOIN audit_leaf l ON l.id = k.leaf_id
WHERE k.seq > %s AND l.at < now() - make_interval(secs => %s)
"""


@dataclass(frozen=True)
class Finding:
    place: str
    what: str


@dataclass(frozen=True)
class Verdict:
    links: int
    heads: int
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(heads: Iterable[Any], keys: Iterable[PublicKey]) -> Verdict:
    """Recompute the whole chain and hold it against the heads kept outside the database."""
    keys, heads = list(keys), list(heads)
    anchored, findings = _anchored(heads, keys)
    with transaction.atomic():
        hashes: dict[int, str] = {}
        last = 0
        for seq, hash_, found in _walk():
            findings += found
            last = seq
            if seq in anchored:
                hashes[seq] = hash_
        behind = _column(_LEFT_BEHIND)
        findings += [Finding(f"leaf {leaf}", "inserted behind the chain") for leaf in behind]
        findings += _standing_still(behind, anchored)
    findings += _against_anchors(anchored, hashes, last)
    return Verdict(links=last, heads=len(anchored), findings=findings)


def _walk() -> Iterator[tuple[int, str, list[Finding]]]:
    """Each link in order with its recomputed hash and what is wrong at its place.

    After a break the walk goes on from the stored hash, so that one edit is named once, not at every later link.
    """
    before, expected = rules.GENESIS, 1
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        for seq, leaf_id, stored_leaf, stored, content, *columns in cursor:
            place = f"link {seq} (leaf {leaf_id})"
            found = []
            if seq != expected:
                found.append(Finding(f"links {expected} to {seq - 1}", "deleted from the chain"))
            leaf = _leaf(place, content, bytes(stored_leaf), columns, found)
            hash_ = rules.link_hash(before, seq=seq, leaf_id=leaf_id, leaf=leaf)
            if hash_ != bytes(stored) and not found:
                found.append(Finding(place, "the chain does not follow from the link before it"))
            yield seq, hash_.hex(), found
            before, expected = bytes(stored), seq + 1


def _leaf(place: str, content: Any, stored: bytes, columns: list[Any], found: list[Finding]) -> bytes:
    if content is None:
        found.append(Finding(place, "the leaf was deleted"))
        return stored
    leaf = rules.leaf_hash(bytes(content))
    if leaf != stored:
        found.append(Finding(place, "the leaf was edited, or stands in another's place"))
    elif columns != _columns(bytes(content)):
        found.append(Finding(place, "the leaf's columns do not say what its content says"))
    return leaf


def _columns(content: bytes) -> list[Any]:
    said = json.loads(content)
    actor = f"{said['actor']['kind']}:{said['actor']['id']}"
    return [said["action"], actor, said["subject"], datetime.fromisoformat(said["at"])]


def _column(question: str, *values: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [row[0] for row in cursor.fetchall() if row[0] is not None]


def _standing_still(behind: list[int], anchored: dict[int, str]) -> list[Finding]:
    """What nobody could see being changed: leaves without a place, and places without a head outside."""
    findings = [
        Finding(f"leaf {leaf}", f"not chained for more than {UNCHAINED_AFTER_SECONDS} seconds: is the worker running?")
        for leaf in _column(_UNCHAINED, UNCHAINED_AFTER_SECONDS)
        if leaf not in behind
    ]
    for seq in _column(_UNANCHORED, max(anchored, default=0), UNANCHORED_AFTER_SECONDS):
        findings.append(Finding(f"link {seq} and after", "no head outside the database vouches for it"))
    return findings


def _anchored(heads: list[Any], keys: list[PublicKey]) -> tuple[dict[int, str], list[Finding]]:
    anchored: dict[int, str] = {}
    findings = []
    for number, head in enumerate(heads, start=1):
        try:
            body = verify_statement(head, "audit-head", keys)
        except BadSignature as error:
            findings.append(Finding(f"anchored head {number}", str(error)))
            continue
        if anchored.setdefault(body["seq"], body["hash"]) != body["hash"]:
            findings.append(Finding(f"anchored head {number}", f"two heads were signed for link {body['seq']}"))
    return anchored, findings


def _against_anchors(anchored: dict[int, str], hashes: dict[int, str], last: int) -> list[Finding]:
    findings = []
    kept = 0
    for seq in sorted(anchored):
        if seq > last:
            findings.append(Finding(f"links {last + 1} to {seq}", "truncated: an anchored head says they existed"))
            break
        if hashes.get(seq) != anchored[seq]:
            findings.append(Finding(f"links {kept + 1} to {seq}", "re-chained: the anchored head says otherwise"))
            break
        kept = seq
    return findings
