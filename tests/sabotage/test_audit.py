"""Whoever may do everything to the database tampers with the record; each attack is seen and its place is named."""

import random

import psycopg
import pytest

from tutela.accounts.policy import HOUSE
from tutela.audit import actions, rules
from tutela.audit.verify import verify
from tutela.seals.signatures import Signer

signer = Signer.new()
LINKS, ANCHORED = 40, 35
RUNS = 10


@pytest.fixture
def root(fresh_database, shared_server, tmp_path):
    """A session above every rule of the database."""
    for number in range(LINKS):
        actions.record("story.told", by=HOUSE, subject=f"story:{number}", details={"number": number})
        if number + 1 in (20, ANCHORED):
            actions.chain()
            actions.anchor(signer, tmp_path)
    actions.chain()
    with psycopg.connect(shared_server.postgres.url(fresh_database.name, "postgres"), autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        session.folder = tmp_path
        yield session


def verdict(root):
    return verify(actions.heads(root.folder), [signer.public])


def rechain(root):
    """What an attacker with the code does after a change: compute the chain anew, so that it fits."""
    before = rules.GENESIS
    rows = root.execute(
        "SELECT l.id, l.content FROM audit_leaf l ORDER BY (SELECT seq FROM audit_link WHERE leaf_id = l.id), l.id"
    ).fetchall()
    root.execute("DELETE FROM audit_link")
    for seq, (leaf_id, content) in enumerate(rows, start=1):
        leaf = rules.leaf_hash(bytes(content))
        before = rules.link_hash(before, seq=seq, leaf_id=leaf_id, leaf=leaf)
        root.execute("INSERT INTO audit_link VALUES (%s, %s, %s, %s)", [seq, leaf_id, leaf, before])


def edit(root, leaf):
    root.execute(
        "UPDATE audit_leaf SET content = convert_to(replace(convert_from(content, 'UTF8'), 'told', 'sold'), 'UTF8')"
        " WHERE id = %s",
        [leaf],
    )


def edit_column(root, leaf):
    root.execute("UPDATE audit_leaf SET action = 'story.sold' WHERE id = %s", [leaf])


def delete(root, leaf):
    root.execute("DELETE FROM audit_leaf WHERE id = %s", [leaf])


def delete_with_link(root, leaf):
    root.execute("DELETE FROM audit_link WHERE leaf_id = %s", [leaf])
    delete(root, leaf)


def insert(root, leaf):
    content = rules.leaf_content(at=_now(), by=HOUSE, action="story.told", subject="story:forged")
    root.execute(
        "INSERT INTO audit_leaf (id, txid, at, action, actor, subject, content)"
        " SELECT 900000 + id, txid, at, action, actor, 'story:forged', %s FROM audit_leaf WHERE id = %s",
        [content, leaf],
    )


def swap(root, leaf):
    root.execute(
        "UPDATE audit_leaf a SET content = b.content, subject = b.subject FROM audit_leaf b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        [leaf, leaf + 1, leaf + 1, leaf],
    )


def edit_and_rechain(root, leaf):
    edit(root, leaf)
    edit_column(root, leaf)
    rechain(root)


def delete_and_rechain(root, leaf):
    delete_with_link(root, leaf)
    rechain(root)


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def edit_time(root, leaf):
    root.execute("UPDATE audit_leaf SET at = at - interval '1 hour' WHERE id = %s", [leaf])


ATTACKS = [edit, edit_column, edit_time, delete, delete_with_link, insert, swap, edit_and_rechain, delete_and_rechain]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_each_attack_on_a_random_leaf_is_seen_and_placed(root, attack):
    """Published as: 9 attacks x 10 random leaves, 0 unseen (95 % bound 3/90); truncation beside it."""
    ids = [row[0] for row in root.execute("SELECT leaf_id FROM audit_link WHERE seq < %s ORDER BY seq", [ANCHORED])]
    for leaf in random.Random(7).sample(ids[:-1], RUNS):
        root.execute("BEGIN")
        root.execute("CREATE TEMP TABLE kept_leaf AS TABLE audit_leaf")
        root.execute("CREATE TEMP TABLE kept_link AS TABLE audit_link")
        root.execute("COMMIT")
        seq = root.execute("SELECT seq FROM audit_link WHERE leaf_id = %s", [leaf]).fetchone()[0]
        attack(root, leaf)
        found = verdict(root)
        assert not found.ok
        assert any(_names(finding.place, seq, leaf) for finding in found.findings), found.findings
        root.execute("DELETE FROM audit_link; DELETE FROM audit_leaf")
        root.execute("INSERT INTO audit_leaf TABLE kept_leaf; INSERT INTO audit_link TABLE kept_link")
        root.execute("DROP TABLE kept_leaf, kept_link")
        assert verdict(root).ok


def _names(place, seq, leaf):
    """The place is the leaf itself, or the stretch between two anchored heads it lies in."""
    numbers = [int(word) for word in place.replace("(", " ").replace(")", " ").split() if word.isdigit()]
    if place.startswith("links"):
        return numbers[0] <= seq <= numbers[1]
    return seq in numbers[:1] or leaf in numbers or 900000 + leaf in numbers


def test_a_truncated_record_is_seen_by_the_head_outside(root):
    root.execute("DELETE FROM audit_leaf WHERE id IN (SELECT leaf_id FROM audit_link WHERE seq > 30)")
    root.execute("DELETE FROM audit_link WHERE seq > 30")
    found = verdict(root)
    assert [finding.place for finding in found.findings] == ["links 31 to 35"]


def test_without_the_heads_outside_truncation_and_rechaining_pass_unseen(root):
    """The control of the control: this is why the heads leave the database."""
    edit_and_rechain(root, root.execute("SELECT min(id) FROM audit_leaf").fetchone()[0])
    root.execute("DELETE FROM audit_leaf WHERE id IN (SELECT leaf_id FROM audit_link WHERE seq > 30)")
    root.execute("DELETE FROM audit_link WHERE seq > 30")
    assert verify([], []).ok
    assert not verdict(root).ok


def test_a_forged_head_is_not_believed(root):
    forged = Signer.new().statement("audit-head", {"seq": 99, "hash": "00", "at": "2026-11-01T00:00:00+00:00"})
    found = verify([*actions.heads(root.folder), forged], [signer.public])
    assert [finding.place for finding in found.findings] == ["anchored head 3"]


def test_a_worker_that_stands_still_is_seen_before_anything_can_be_changed_unseen(root, monkeypatch):
    """Nothing vouches for what is not chained, nor for what no head outside names."""
    for name in ("UNCHAINED_AFTER_SECONDS", "UNANCHORED_AFTER_SECONDS"):
        monkeypatch.setattr(f"tutela.audit.verify.{name}", 0)
    places = [finding.place for finding in verdict(root).findings]
    assert places == [f"link {ANCHORED + 1} and after"]
    root.execute("DELETE FROM audit_link WHERE seq > %s", [ANCHORED])
    assert len(verdict(root).findings) == LINKS - ANCHORED
    (root.folder / "heads.jsonl").write_bytes(b"")
    assert "link 1 and after" in [finding.place for finding in verdict(root).findings]
