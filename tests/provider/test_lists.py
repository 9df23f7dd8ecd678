"""A provider's lists catch up with the publisher's, and nobody between them can put another state in their place."""

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provider.publisher import NOW, Publisher, entry
from tutela.matching.catalogue import BadCatalogue, Entry, Label
from tutela.matching.lists import BadList, Frozen, Mixed, Rewritten, RolledBack
from tutela.provider.lists import Lists
from tutela.seals.signatures import BadSignature, Signer

SERVER = "https://publisher.example"


@pytest.fixture
def publisher():
    publisher = Publisher()
    publisher.publish([entry("a", 1), entry("b", 2)])
    publisher.publish([entry("c", 3)], ["a"])
    return publisher


@pytest.fixture
def lists(tmp_path, publisher):
    lists = Lists(tmp_path / "lists")
    lists.trust(SERVER, [publisher.signer.public])
    return lists


def sync(lists, publisher, now=None):
    return list(lists.sync(publisher, server=SERVER, now=now or publisher.issued_at))


TODAY = NOW.date()


def held(lists, today=TODAY):
    catalogue = lists.catalogue(today)
    return sorted(catalogue.entry(number).reference for number in range(len(catalogue)))


def test_a_new_reader_takes_the_whole_list_and_each_match_says_whose_it_is(lists, publisher):
    (synced,) = sync(lists, publisher)
    assert (synced.before, synced.now, synced.entries) == (None, 2, 2)
    assert held(lists) == ["b", "c"]
    (match,) = lists.catalogue(NOW.date()).match("md5", (3).to_bytes(16, "big"))
    assert match.label == Label("baseline", "B", "")


def test_what_is_dropped_is_gone_and_what_was_not_touched_is_not_fetched_again(lists, publisher):
    sync(lists, publisher)
    publisher.fetched.clear()
    publisher.publish(drop=["c"])
    sync(lists, publisher)
    assert publisher.fetched == ["change 3"]
    assert held(lists) == ["b"]
    publisher.fetched.clear()
    (again,) = sync(lists, publisher)
    assert (again.before, again.now, publisher.fetched) == (3, 3, [])


def test_whoever_was_away_for_a_month_catches_up_though_the_changes_are_gone(lists, publisher):
    sync(lists, publisher)
    for number in range(40):
        publisher.publish([entry(f"n{number}", 100 + number)], ["b"])
    publisher.snap(forget=True)
    publisher.publish([entry("last", 999)])
    publisher.fetched.clear()
    sync(lists, publisher, NOW + timedelta(days=1))
    assert publisher.fetched == ["part 42 0", "change 43"]
    assert held(lists) == sorted(publisher.held)


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_however_a_reader_catches_up_it_holds_what_the_publisher_holds(data):
    publisher = Publisher()
    with tempfile.TemporaryDirectory() as place:
        readers = [Lists(Path(place) / str(number)) for number in range(2)]
        for reader in readers:
            reader.trust(SERVER, [publisher.signer.public])
        publisher.publish([entry("first")])
        for _ in range(data.draw(st.integers(1, 10))):
            match data.draw(st.sampled_from(["publish", "publish", "snap", "forget", "sync"])):
                case "publish":
                    put = data.draw(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5), max_size=3))
                    drop = data.draw(st.lists(st.sampled_from("abcdef"), max_size=2, unique=True))
                    publisher.publish([entry(name, seed) for name, seed in put.items()], drop)
                case "snap":
                    publisher.snap()
                case "forget":
                    publisher.snap(forget=True)
                case "sync":
                    sync(readers[data.draw(st.integers(0, 1))], publisher)
        for reader in readers:
            sync(reader, publisher)
            catalogue = reader.catalogue(NOW.date())
            told = {catalogue.entry(n).reference: catalogue.entry(n).value for n in range(len(catalogue))}
            assert told == {name: one.decoded() for name, one in publisher.held.items()}


def rollback(publisher, old):
    publisher.head = lambda name: old


def rolled_back_and_signed_today(publisher, old):
    publisher.sequence, publisher.chain = 2, old["body"]["chain"]
    publisher.issued_at += timedelta(minutes=1)
    publisher.held.pop("d")


def forked(publisher, old):
    publisher.chain = "ab" * 32


def frozen(publisher, old):
    publisher.issued_at -= timedelta(days=2)


def from_the_future(publisher, old):
    publisher.issued_at += timedelta(days=300)


def head_of_another_list(publisher, old):
    publisher.head = lambda name: publisher.sign(list="national")


def one_change_is_left_out(publisher, old):
    publisher.publish([entry("e", 5)])
    publisher.publish([entry("f", 6)])
    publisher.changes[4] = publisher.changes[5]


def a_change_was_altered(publisher, old):
    publisher.publish([entry("e", 5)])
    publisher.changes[4] = gzip.compress(gzip.decompress(publisher.changes[4]).replace(b'"e"', b'"x"'), mtime=0)


def a_snapshot_of_another_version(publisher, old):
    publisher.snap(forget=True)
    publisher.publish([entry("e", 5)])
    publisher.oldest = 4
    publisher.parts[3, 0] = gzip.compress(b"")


def more_entries_than_signed(publisher, old):
    publisher.publish([entry("e", 5)])
    publisher.head = lambda name: publisher.sign(entries=7)


def signed_by_somebody_else(publisher, old):
    publisher.signer = Signer.new()


ATTACKS = [
    (rollback, RolledBack),
    (rolled_back_and_signed_today, RolledBack),
    (forked, Rewritten),
    (frozen, (Frozen, RolledBack)),
    (from_the_future, Mixed),
    (head_of_another_list, Mixed),
    (one_change_is_left_out, Mixed),
    (a_change_was_altered, Mixed),
    (more_entries_than_signed, Mixed),
    (signed_by_somebody_else, BadSignature),
]


@pytest.mark.parametrize(("attack", "refusal"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_each_attack_is_refused_and_what_was_held_stays(lists, publisher, attack, refusal):
    old = publisher.sign()
    publisher.publish([entry("d", 4)], ["b"])
    sync(lists, publisher)
    before, now = held(lists), publisher.issued_at + timedelta(minutes=2)
    attack(publisher, old)
    with pytest.raises(refusal) as refused:
        sync(lists, publisher, now)
    assert len(str(refused.value)) > 20
    assert held(lists) == before == ["c", "d"]


def test_a_part_of_another_snapshot_is_refused_by_a_new_reader(lists, publisher):
    publisher.publish([entry("d", 4)])
    publisher.snap(forget=True)
    publisher.parts[3, 0] = gzip.compress(b"{}")
    with pytest.raises(Mixed, match="not the one that was signed"):
        sync(lists, publisher)
    assert lists.names() == ()


@pytest.mark.parametrize("attack", [rollback, one_change_is_left_out])
def test_saboteur_without_the_check_the_attack_succeeds(lists, publisher, attack, monkeypatch):
    """What the checks hold back is real: with them taken out, the reader takes the old or the torn state."""
    old = publisher.sign()
    publisher.publish([entry("d", 4)], ["b"])
    sync(lists, publisher)
    attack(publisher, old)
    monkeypatch.setattr("tutela.provider.lists.check_head", lambda *_, **__: None)
    monkeypatch.setattr("tutela.provider.lists.check_changes", lambda *_: None)
    monkeypatch.setattr("tutela.provider.kept_lists.KeptLists.count", lambda *_: publisher.head("x")["body"]["entries"])
    sync(lists, publisher, publisher.issued_at)
    assert lists.kept()[0].sequence in (2, 5)


def test_without_a_key_that_was_given_once_nothing_is_believed(tmp_path, publisher):
    with pytest.raises(BadList, match="give its public keys once"):
        sync(Lists(tmp_path), publisher)


def test_a_new_key_counts_once_it_was_given_and_the_old_one_still_does(lists, publisher):
    sync(lists, publisher)
    first, publisher.signer = publisher.signer, Signer.new()
    publisher.publish([entry("d", 4)])
    with pytest.raises(BadSignature):
        sync(lists, publisher)
    lists.trust(SERVER, [publisher.signer.public])
    assert sync(lists, publisher)[0].now == 3
    publisher.signer = first
    publisher.publish([entry("e", 5)])
    assert sync(lists, publisher)[0].now == 4


def test_an_entry_past_its_day_matches_no_more_though_nobody_synced(lists, publisher):
    publisher.publish([entry("short", 7, expires_on="2026-11-27")])
    sync(lists, publisher)
    assert "short" in held(lists, date(2026, 11, 26))
    assert "short" not in held(lists, date(2026, 11, 27))


def test_what_was_imported_stands_beside_what_is_synced_and_a_new_import_replaces_it(lists, publisher):
    sync(lists, publisher)
    value, label = bytes(16), Label("mine", "", "x")
    lists.import_("mine", [Entry("1", "md5", value, label), Entry("2", "md5", b"\1" * 16, label)])
    assert held(lists) == ["1", "2", "b", "c"]
    lists.import_("mine", [Entry("3", "md5", value, label)])
    assert held(lists) == ["3", "b", "c"]
    with pytest.raises(BadList, match="is synced from"):
        lists.import_("baseline", [])
    with pytest.raises(BadList, match="is here already, from files"):
        publisher.name = "mine"
        sync(lists, publisher)
    lists.remove("mine")
    assert held(lists) == ["b", "c"]
    with pytest.raises(BadList, match="no list named mine here; there are baseline"):
        lists.remove("mine")


def test_a_list_nobody_confirms_any_more_is_stale(lists, publisher):
    sync(lists, publisher)
    (kept,) = lists.kept()
    assert not kept.is_stale(publisher.issued_at + timedelta(hours=23))
    assert kept.is_stale(publisher.issued_at + timedelta(hours=25))


def test_where_there_is_nothing_it_says_what_to_do(tmp_path):
    with pytest.raises(BadCatalogue, match="sync or import one first"):
        Lists(tmp_path / "none").catalogue()


def test_a_damaged_file_of_lists_is_refused_in_a_sentence(lists, publisher):
    sync(lists, publisher)
    (lists.directory / "lists.sqlite3").write_bytes(b"x" * 5_000)
    for gone in ("lists.sqlite3-wal", "lists.sqlite3-shm"):
        (lists.directory / gone).unlink(missing_ok=True)
    with pytest.raises(BadList, match="cannot be opened"):
        lists.kept()


IMPORTING = """
import sys
from pathlib import Path
from tutela.matching.catalogue import Entry, Label
from tutela.provider.lists import Lists
lists, label = Lists(Path(sys.argv[1])), Label("big", "", "")
for turn in range(1, 1000):
    lists.import_("big", [Entry(f"{turn}-{n}", "md5", n.to_bytes(16, "big"), label) for n in range(2000)])
    print(turn, flush=True)
    lists.catalogue()
"""


def test_killed_at_any_moment_it_holds_one_whole_state(tmp_path):
    """12 kills; each time all 2,000 entries are of one import, the last acknowledged or the one after it."""
    for turn in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", IMPORTING, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=os.environ
        ) as writer:
            first = int(writer.stdout.readline())
            time.sleep(0.01 * turn)
            writer.send_signal(signal.SIGKILL)
            last = max([first, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        found = {name.partition("-")[0] for name in held(Lists(tmp_path))}
        assert len(held(Lists(tmp_path))) == 2_000
        assert found in ({str(last)}, {str(last + 1)})


def test_readers_see_whole_lists_while_another_syncs(lists, publisher):
    sync(lists, publisher)
    wrong, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            references = held(Lists(lists.directory))
            if len(references) not in (2, 3):
                wrong.append(references)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(8):
        publisher.publish([entry("d", 4)] if turn % 2 == 0 else [], [] if turn % 2 == 0 else ["d"])
        sync(lists, publisher)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_the_file_refuses_an_entry_of_no_list(lists, publisher):
    sync(lists, publisher)
    database = sqlite3.connect(lists.directory / "lists.sqlite3")
    database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO entry VALUES ('nobody', 'r', 'md5', x'00', '', '', NULL)")
    database.close()


def test_whoever_is_told_of_one_list_may_ask_at_once_what_it_holds(lists, publisher):
    """In a thread of its own: under the lock it would wait for itself, for ever."""
    told = []

    def ask():
        told.extend(len(lists.catalogue(TODAY)) for _ in lists.sync(publisher, server=SERVER, now=publisher.issued_at))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(20)
    assert told == [2]


def test_no_list_at_all_is_no_catalogue_of_nothing(lists, publisher):
    """Only trusted so far, or removed: "nothing matches" would be read as an answer."""
    for _ in range(2):
        with pytest.raises(BadCatalogue, match="sync or import one first"):
            lists.catalogue(TODAY)
        sync(lists, publisher)
        assert held(lists) == ["b", "c"]
        lists.remove("baseline")


def test_a_list_that_nobody_confirms_any_more_is_named(lists, publisher):
    sync(lists, publisher)
    lists.import_("own", [Entry("x", "md5", bytes(16), Label("own", "", ""))])
    assert not list(lists.unconfirmed(publisher.issued_at + timedelta(hours=23)))
    (sentence,) = lists.unconfirmed(publisher.issued_at + timedelta(hours=25))
    assert sentence.startswith("The list baseline was last confirmed until 2026-11-26 12:02 UTC")


def test_a_sync_that_brings_nothing_leaves_the_catalogue_as_it_is(lists, publisher):
    sync(lists, publisher)
    held(lists)
    made = (lists.directory / "catalogue" / "catalogue.json").read_bytes()
    publisher.issued_at += timedelta(minutes=1)
    sync(lists, publisher)
    assert held(lists) == ["b", "c"]
    assert (lists.directory / "catalogue" / "catalogue.json").read_bytes() == made
    publisher.publish(drop=["c"])
    sync(lists, publisher)
    assert held(lists) == ["b"]


@pytest.mark.parametrize("name", ["catalogue.json", "*.columns", "*.index"])
def test_a_damaged_catalogue_is_made_anew_of_what_is_kept(lists, publisher, name):
    sync(lists, publisher)
    held(lists)
    (file,) = (lists.directory / "catalogue").glob(name)
    file.write_bytes(file.read_bytes()[:-9])
    assert held(lists) == ["b", "c"]
    file.unlink(missing_ok=True)
    assert held(lists) == ["b", "c"]
