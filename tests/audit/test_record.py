import json
import time
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from tests import cast
from tutela.accounts.policy import HOUSE
from tutela.audit import actions, rules
from tutela.audit.cursor import follow, settled_before
from tutela.audit.models import Cursor, Leaf, Link
from tutela.audit.verify import verify
from tutela.seals.signatures import Signer

signer = Signer.new()


def record(n: int, start: int = 0) -> None:
    for number in range(start, start + n):
        actions.record("story.told", by=HOUSE, subject=f"story:{number}", details={"number": number})


def settle() -> None:
    """Another run on the same server may hold an older transaction open for a moment; then nothing is settled yet."""
    last = Leaf.objects.order_by("-txid").first()
    for _ in range(3000):
        if last is None or settled_before() > last.txid:
            return
        time.sleep(0.02)


@pytest.mark.django_db
def test_a_leaf_says_who_did_what_why_and_to_whom_it_went():
    ana = cast.ana()
    leaf = actions.record(
        "report.read",
        by=ana.actor,
        subject="report:1",
        purpose="assessment",
        recipient="authority:fr",
        details={"n": 1},
    )
    said = json.loads(bytes(leaf.content))
    assert said["actor"] == {
        "kind": "person",
        "id": str(ana.person.public_id),
        "organisation": ana.person.organisation_id,
    }
    assert (said["action"], said["purpose"], said["recipient"]) == ("report.read", "assessment", "authority:fr")
    assert ana.person.name not in bytes(leaf.content).decode()
    assert ana.person.email not in bytes(leaf.content).decode()


@pytest.mark.django_db
def test_the_leaf_falls_with_the_action_it_records():
    class Interrupted(Exception):
        pass

    before = Leaf.objects.count()
    with pytest.raises(Interrupted), transaction.atomic():
        record(1)
        raise Interrupted
    assert Leaf.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_leaf", "audit_link"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_applications_role_cannot_change_the_record(table, change):
    record(1)
    column = "action" if table == "audit_leaf" else "seq"
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column, column))


def test_the_owner_of_the_tables_cannot_change_the_record_either(fresh_database):
    record(1)
    with psycopg.connect(fresh_database.owner_url) as owner:
        for change in ("UPDATE audit_leaf SET action = action", "DELETE FROM audit_leaf", "TRUNCATE audit_leaf"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"), owner.transaction():
                owner.execute(change)


def test_every_leaf_is_chained_once_and_in_order(fresh_database, tmp_path):
    record(7)
    settle()
    assert actions.chain(limit=3) == 3
    assert actions.chain() == 4
    assert actions.chain() == 0
    assert list(Link.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 8))
    assert actions.anchor(signer, tmp_path)["body"]["seq"] == 7
    verdict = verify(actions.heads(tmp_path), [signer.public])
    assert (verdict.ok, verdict.links, verdict.heads) == (True, 7, 1)


def test_chaining_waits_for_a_transaction_that_is_still_running_and_skips_none(fresh_database):
    """Ana's transaction takes a lower number and commits last; a reader by max(id) would have passed it."""
    with psycopg.connect(fresh_database.url) as slow:
        at = datetime.now(UTC)
        content = rules.leaf_content(at=at, by=HOUSE, action="slow", subject="")
        slow.execute(
            "INSERT INTO audit_leaf (at, action, actor, subject, content) VALUES (%s, 'slow', 'house:jobs', '', %s)",
            [at, content],
        )
        record(3)
        assert actions.chain() == 0
        slow.commit()
    settle()
    assert actions.chain() == 4
    assert verify([], []).ok


def test_a_follower_that_fails_sees_the_same_rows_again(fresh_database):
    record(2)
    settle()
    with pytest.raises(RuntimeError), follow("story", Leaf.objects.all()) as rows:
        assert len(rows) == 2
        raise RuntimeError
    with follow("story", Leaf.objects.all()) as rows:
        assert len(rows) == 2
    with follow("story", Leaf.objects.all()) as rows:
        assert rows == []
    assert Cursor.objects.get(name="story").row == Leaf.objects.order_by("-id").first().pk


def test_two_followers_of_one_name_do_not_do_the_same_work(fresh_database):
    record(2)
    settle()
    with follow("story", Leaf.objects.all()):
        pass
    with psycopg.connect(fresh_database.url) as other:
        other.execute("SELECT 1 FROM audit_cursor WHERE name = 'story' FOR UPDATE")
        record(1, start=2)
        with follow("story", Leaf.objects.all()) as rows:
            assert rows == []
