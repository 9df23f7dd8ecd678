"""A provider's lists catch up with the publisher's, and nobody between them can put another state in their place."""

import tempfile
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provider.publisher import NOW, SERVER, Publisher, entry, held, lists, publisher, sync
from tutela.exchange.lists import Offered
from tutela.matching.catalogue import BadCatalogue, Entry, Label
from tutela.matching.lists import BadList
from tutela.provider.errors import Unreachable
from tutela.provider.lists import Lists

__all__ = ["lists", "publisher"]
TODAY = NOW.date()


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


def follows(data, most):
    """Readers that come and go by chance, a publisher that forgets by chance."""
    publisher = Publisher()
    with tempfile.TemporaryDirectory() as place:
        readers = [Lists(Path(place) / str(number)) for number in range(2)]
        for reader in readers:
            reader.trust(SERVER, [publisher.signer.public])
        publisher.publish([entry("first")])
        for _ in range(data.draw(st.integers(1, most))):
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
            catalogue = reader.catalogue(TODAY)
            told = {catalogue.entry(n).reference: catalogue.entry(n).value for n in range(len(catalogue))}
            assert told == {name: one.decoded() for name, one in publisher.held.items()}


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_however_a_reader_catches_up_it_holds_what_the_publisher_holds(data):
    follows(data, 10)


@pytest.mark.soak
@given(data=st.data())
@settings(max_examples=1_500, deadline=None)
def test_the_same_through_many_long_histories(data):
    follows(data, 40)


def test_what_was_fetched_before_an_interruption_is_not_fetched_again(lists, publisher, monkeypatch):
    monkeypatch.setattr("tutela.exchange.lists.MOST_LINES", 2)
    for number in range(4):
        publisher.publish([entry(f"n{number}", 100 + number), entry(f"m{number}", 200 + number)])
    publisher.snap(forget=True)
    part = publisher.part

    def interrupted(name, sequence, number, *, most_bytes):
        if number == 3:
            raise Unreachable("The server cannot be reached.")
        return part(name, sequence, number, most_bytes=most_bytes)

    monkeypatch.setattr(publisher, "part", interrupted)
    with pytest.raises(Unreachable):
        sync(lists, publisher)
    assert (publisher.fetched, lists.names()) == (["part 6 0", "part 6 1", "part 6 2"], ())
    monkeypatch.setattr(publisher, "part", part)
    publisher.fetched.clear()
    sync(lists, publisher)
    assert publisher.fetched == ["part 6 3", "part 6 4"]
    assert held(lists) == sorted(publisher.held)
    assert not (lists.directory / "fetched" / "baseline").exists()


class Several:
    """Some publishers on one server."""

    def __init__(self, *publishers):
        self.by_name = {each.name: each for each in publishers}
        self.issued_at = NOW + timedelta(minutes=5)

    def offered(self):
        return Offered(lists=[one for each in self.by_name.values() for one in each.offered().lists])

    def head(self, name):
        return self.by_name[name].head(name)

    def part(self, name, sequence, number, *, most_bytes):
        return self.by_name[name].part(name, sequence, number, most_bytes=most_bytes)

    def change(self, name, sequence, *, most_bytes):
        return self.by_name[name].change(name, sequence, most_bytes=most_bytes)


def test_a_list_that_is_refused_holds_no_other_one_up(lists, publisher):
    other = Publisher("national")
    other.signer = publisher.signer
    other.publish([entry("n", 9)])
    lists.import_("baseline", [Entry("own", "md5", b"\1" * 16, Label("baseline", "", ""))])
    with pytest.raises(BadList, match="baseline is here already, from files"):
        sync(lists, Several(publisher, other))
    assert held(lists) == ["n", "own"]
    lists.import_("x", [])
    other.chain = publisher.chain
    with pytest.raises(BadList, match=r"(?s)baseline is here.*\n.*national"):
        sync(lists, Several(publisher, other))


def test_a_list_that_the_server_leaves_out_does_not_seem_confirmed(lists, publisher):
    """What a server offers is signed by nobody."""
    with pytest.raises(BadList, match="offers no list"):
        sync(lists, Several())
    sync(lists, publisher)
    other = Publisher("national")
    other.signer = publisher.signer
    other.publish([entry("n", 9)])
    with pytest.raises(BadList, match="no longer offers baseline"):
        sync(lists, Several(other))
    assert held(lists) == ["b", "c", "n"]
    lists.remove("baseline")
    assert [done.name for done in sync(lists, Several(other))] == ["national"]


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
    assert not list(lists.unconfirmed(now=publisher.issued_at + timedelta(hours=23)))
    (sentence,) = lists.unconfirmed(now=publisher.issued_at + timedelta(hours=25))
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
