"""What counts stands on its list within a minute, what falls is dropped from it, and every edition is signed."""

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests import cast
from tests.indicators.stories import active, passport, pdq, sha256
from tutela.audit.models import Leaf
from tutela.exchange.lists import HEAD_KIND, read_change, read_head, read_part
from tutela.indicators import actions
from tutela.indicators.actions import publishing
from tutela.indicators.models import Indicator, ListChange, PublishedList, SnapshotPart
from tutela.indicators.rules import Label
from tutela.keys.keeper import house_signer
from tutela.matching.lists import START, chained
from tutela.seals.signatures import verify_statement

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def readers(db, monkeypatch):
    # A story inside one transaction: its own rows count as settled, though nothing is committed.
    monkeypatch.setattr("tutela.indicators.actions.publishing.settled_before", lambda: 0)
    return cast.ana().actor, cast.boris().actor


def head(name="baseline"):
    statement = json.loads(bytes(PublishedList.objects.get(name=name).head))
    return read_head(verify_statement(statement, HEAD_KIND, [house_signer().public]))


def on_the_list(name="baseline"):
    """As a reader makes it from the snapshot and the changes after it."""
    signed, found = head(name), {}
    for part in SnapshotPart.objects.filter(list=name, sequence=signed.snapshot.sequence).order_by("number"):
        found |= {entry.reference: value for entry, value in read_part(bytes(part.body))}
    later = ListChange.objects.filter(list=name, sequence__gt=signed.snapshot.sequence).order_by("sequence")
    for change in later:
        for reference, listed in read_change(bytes(change.body)):
            found.pop(reference, None)
            if listed:
                found[reference] = listed[1]
    assert len(found) == signed.entries
    return found


def test_what_two_have_confirmed_is_on_its_list_and_nothing_else_is(readers):
    known, file = active(pdq(), *readers), active(sha256(), *readers)
    actions.propose(pdq(), passport=passport(), by=readers[0])
    national = actions.propose(pdq(), passport=passport(category="national"), by=readers[0])
    actions.confirm(national, by=readers[1])
    assert actions.publish(now=NOW) == 2
    assert on_the_list() == {f"indicator:{one.pk}": bytes(one.value) for one in (known, file)}
    assert on_the_list("national") == {f"indicator:{national.pk}": bytes(national.value)}


def test_each_entry_says_tier_and_classification(readers):
    one = active(pdq(), *readers)
    actions.publish(now=NOW)
    ((entry, _),) = read_part(bytes(SnapshotPart.objects.get(list="baseline").body))
    assert (entry.tier, entry.classification) == (one.tier, "invented-scheme 1 text-3")


def test_one_that_is_classed_at_length_holds_up_nobody(readers):
    ana, boris = readers
    labels = tuple(
        Label(f"scheme-{number}".ljust(100, "x"), "1" * 100, "text-3".ljust(100, "y")) for number in range(3)
    )
    blank = Label("scheme-0", "1", " " * 600 + "text-3")
    for each in (labels, (blank, *labels)):
        actions.confirm(actions.propose(sha256(), passport=passport(labels=each), by=ana), by=boris)
    other = active(pdq(), ana, boris)
    actions.publish(now=NOW)
    assert bytes(other.value) in on_the_list().values()
    (part,) = SnapshotPart.objects.filter(list="baseline")
    said = [entry.classification for entry, _ in read_part(bytes(part.body)) if entry.kind == "sha256"]
    assert said == [" ".join((labels[0].scheme, labels[0].version, labels[0].code))] * 2


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_what_falls_is_dropped_and_what_is_cleared_comes_back(readers, how):
    one, other = active(pdq(), *readers), active(pdq(), *readers)
    actions.publish(now=NOW)
    if how == "withdrawn":
        actions.withdraw(one, reason="text-3", by=readers[0])
    else:
        actions.give_opinion(one, verdict="negative", reason="text-3", by=readers[1])
    assert actions.publish(now=NOW) == 1
    assert on_the_list() == {f"indicator:{other.pk}": bytes(other.value)}
    if how == "doubted":
        actions.give_opinion(one, verdict="positive", reason="text-3", by=readers[1])
        assert actions.publish(now=NOW) == 1
        assert len(on_the_list()) == 2


def test_nothing_is_written_where_nothing_changed_and_the_head_is_signed_before_it_is_old(readers):
    active(pdq(), *readers)
    actions.publish(now=NOW)
    first = head()
    assert actions.publish(now=NOW + timedelta(minutes=1)) == 0
    assert head() == first
    actions.publish(now=NOW + timedelta(minutes=11))
    again = head()
    assert (again.sequence, again.chain) == (first.sequence, first.chain)
    assert again.issued_at > first.issued_at
    assert again.expires_at - again.issued_at == publishing.HEAD_STANDS


def test_the_chain_is_that_of_the_changes_and_each_edition_leaves_a_leaf(readers):
    chain = START
    for _ in range(3):
        active(pdq(), *readers)
        actions.publish(now=NOW)
        newest = bytes(ListChange.objects.order_by("-sequence").filter(list="baseline")[0].body)
        chain = chained(chain, hashlib.sha256(newest).hexdigest())
    assert (head().sequence, head().chain) == (3, chain)
    leaves = [json.loads(bytes(leaf.content)) for leaf in Leaf.objects.filter(subject="list:baseline")]
    assert [leaf["details"]["sequence"] for leaf in leaves] == [1, 2, 3]


def test_a_new_snapshot_lets_go_of_what_lies_before_the_one_before_it(readers, monkeypatch):
    monkeypatch.setattr(publishing, "CHANGES_BETWEEN_SNAPSHOTS", 3)
    for _ in range(8):
        active(pdq(), *readers)
        actions.publish(now=NOW)
    sequences = sorted(set(SnapshotPart.objects.values_list("sequence", flat=True)))
    assert sequences == [4, 7]
    assert [head().leads_from(sequence) for sequence in (3, 4)] == [False, True]
    assert len(on_the_list()) == 8


def test_a_large_addition_is_several_changes(readers, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_LINES", 2)
    for _ in range(5):
        active(sha256(), *readers)
    assert actions.publish(now=NOW) == 3
    assert len(on_the_list()) == 5


def test_an_empty_list_is_signed_too(readers):
    actions.publish(now=NOW)
    assert (head().sequence, head().entries, head().chain) == (0, 0, START)


def test_a_withdrawal_that_commits_late_is_dropped_at_the_next_edition(fresh_database):
    """Three publish while it is not committed yet: one of them works, and none passes over what comes after it."""
    ana, boris = cast.ana().actor, cast.boris().actor
    one = active(pdq(), ana, boris)
    actions.publish(now=NOW)
    other = active(pdq(), ana, boris)
    wrote, may_commit = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            actions.withdraw(one, reason="text-3", by=ana)
            wrote.set()
            may_commit.wait(20)

    slow = threading.Thread(target=_closing, args=(slowly,))
    slow.start()
    wrote.wait(20)
    publishers = [threading.Thread(target=_closing, args=(lambda: actions.publish(now=NOW),)) for _ in range(3)]
    for each in publishers:
        each.start()
    for each in publishers:
        each.join()
    assert set(on_the_list()) == {f"indicator:{one.pk}", f"indicator:{other.pk}"}
    may_commit.set()
    slow.join()
    assert actions.publish(now=NOW) == 1
    assert set(on_the_list()) == {f"indicator:{other.pk}"}


def test_saboteur_a_publisher_that_takes_the_newest_for_settled_keeps_what_was_withdrawn(fresh_database, monkeypatch):
    ana, boris = cast.ana().actor, cast.boris().actor
    one = active(pdq(), ana, boris)
    monkeypatch.setattr(publishing, "settled_before", lambda: 2**62)
    actions.publish(now=NOW)
    actions.withdraw(one, reason="text-3", by=ana)
    assert actions.publish(now=NOW) == 0
    assert len(on_the_list()) == 1


def _closing(work):
    try:
        work()
    finally:
        connection.close()


def test_a_day_after_a_withdrawal_the_snapshot_holds_it_no_more(readers):
    one, other = active(pdq(), *readers), active(pdq(), *readers)
    actions.publish()
    actions.withdraw(one, reason="text-3", by=readers[0])
    actions.publish()
    assert head().snapshot.sequence == 1
    actions.publish(now=datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert (head().snapshot.sequence, head().snapshot.entries) == (2, 1)
    assert on_the_list() == {f"indicator:{other.pk}": bytes(other.value)}


def test_a_list_that_became_empty_keeps_no_withdrawn_value_in_a_snapshot(readers):
    one = active(pdq(), *readers)
    actions.publish()
    actions.withdraw(one, reason="text-3", by=readers[0])
    actions.publish()
    actions.publish(now=datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert (head().snapshot.sequence, head().snapshot.entries, on_the_list()) == (2, 0, {})
    active(pdq(), *readers)
    actions.publish(now=datetime.now(UTC) + timedelta(days=1, minutes=2))
    actions.publish(now=datetime.now(UTC) + timedelta(days=3))
    assert not SnapshotPart.objects.filter(sequence=1).exists()
    assert len(on_the_list()) == 1


def test_what_nobody_stands_by_any_more_is_off_the_list_at_the_next_signature(readers):
    """A seed still counts inside, where people look first; it is not given to others as known."""
    one = active(pdq(), *readers)
    actions.publish(now=NOW)
    for reader in readers:
        actions.give_opinion(one, verdict="seed", reason="text-3", by=reader)
    assert one in Indicator.objects.that_count()
    actions.publish(now=NOW + timedelta(minutes=11))
    assert on_the_list() == {}
    actions.give_opinion(one, verdict="positive", reason="text-3", by=readers[0])
    actions.publish(now=NOW + timedelta(minutes=22))
    assert len(on_the_list()) == 1


def test_a_list_that_fails_holds_no_other_one_up(readers, monkeypatch):
    national = actions.propose(pdq(), passport=passport(category="national"), by=readers[0])
    actions.confirm(national, by=readers[1])
    publish = publishing._publish
    monkeypatch.setattr(publishing, "_publish", lambda name, now: publish(name, now) if name == "national" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.publish(now=NOW)
    assert len(on_the_list("national")) == 1
