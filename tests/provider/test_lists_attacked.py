"""Nobody between a publisher and its readers can put another state, an endless one, or none in the list's place."""

import copy
import gzip
import tempfile
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provider.publisher import NOW, SERVER, Publisher, entry, held, lists, over_http, publisher, sync
from tutela.exchange.lists import write_change
from tutela.matching.lists import BadList, Frozen, Mixed, Rewritten, RolledBack, way
from tutela.provider.errors import NotUnderstood, TutelaError
from tutela.provider.lists import Lists, Untrusted
from tutela.seals.signatures import Signer

__all__ = ["lists", "publisher"]


def rollback(publisher, old):
    publisher.head = lambda name: old


def rolled_back_and_signed_today(publisher, old):
    publisher.sequence, publisher.chain = 2, old["body"]["chain"]
    del publisher.signed[2:]
    publisher.issued_at += timedelta(minutes=1)
    publisher.held.pop("d")


def another_chain(publisher, old):
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


def another_history_from_a_backup(publisher, old):
    publisher.sequence, publisher.chain = 2, old["body"]["chain"]
    del publisher.signed[2:]
    publisher.publish([entry("e", 5)])
    publisher.publish([entry("f", 6)])


def more_entries_than_signed(publisher, old):
    publisher.publish([entry("e", 5)])
    publisher.head = lambda name: publisher.sign(entries=7)


def signed_by_somebody_else(publisher, old):
    publisher.signer = Signer.new()


ATTACKS = [
    (rollback, RolledBack),
    (rolled_back_and_signed_today, RolledBack),
    (another_history_from_a_backup, Rewritten),
    (another_chain, Mixed),
    (frozen, (Frozen, RolledBack)),
    (from_the_future, Mixed),
    (head_of_another_list, Mixed),
    (one_change_is_left_out, Mixed),
    (a_change_was_altered, Mixed),
    (more_entries_than_signed, Mixed),
    (signed_by_somebody_else, Untrusted),
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


def test_the_first_file_that_is_another_ends_the_fetching(lists, publisher):
    sync(lists, publisher)
    for number in range(5):
        publisher.publish([entry(f"n{number}", number)])
    publisher.changes[4] = publisher.changes[5]
    publisher.fetched.clear()
    with pytest.raises(Mixed, match="not the one that was signed"):
        sync(lists, publisher)
    assert publisher.fetched == ["change 3", "change 4"]


def test_a_part_of_another_snapshot_is_refused_by_a_new_reader(lists, publisher):
    publisher.publish([entry("d", 4)])
    publisher.snap(forget=True)
    publisher.parts[3, 0] = gzip.compress(b"{}")
    with pytest.raises(Mixed, match="not the one that was signed"):
        sync(lists, publisher)
    assert lists.names() == ()


def no_check(monkeypatch, name):
    monkeypatch.setattr(f"tutela.provider.{name}", lambda *_, **__: None)


def test_saboteur_without_the_check_of_heads_an_old_list_brings_back_what_was_withdrawn(lists, publisher, monkeypatch):
    old = publisher.sign()
    publisher.publish([entry("d", 4)], ["b"])
    sync(lists, publisher)
    rollback(publisher, old)
    no_check(monkeypatch, "catching_up.check_head")
    monkeypatch.setattr("tutela.provider.catching_up.way", lambda head, known: way(head, None))
    sync(lists, publisher)
    assert held(lists) == ["b", "c"]


def test_saboteur_without_the_check_of_files_another_value_is_taken(lists, publisher, monkeypatch):
    sync(lists, publisher)
    publisher.publish([entry("d", 4)])
    publisher.changes[3] = write_change([entry("d", 5)], [])
    no_check(monkeypatch, "fetched.check_file")
    sync(lists, publisher)
    assert lists.catalogue(NOW.date()).match("md5", (5).to_bytes(16, "big"))


def test_without_a_key_that_was_given_once_nothing_is_believed(tmp_path, publisher):
    with pytest.raises(BadList, match="give its public keys once"):
        sync(Lists(tmp_path), publisher)


def test_a_new_key_counts_once_it_was_given_and_the_old_one_still_does(lists, publisher):
    sync(lists, publisher)
    first, publisher.signer = publisher.signer, Signer.new()
    publisher.publish([entry("d", 4)])
    with pytest.raises(Untrusted, match="give it with --key"):
        sync(lists, publisher)
    lists.trust(SERVER, [publisher.signer.public])
    assert sync(lists, publisher)[0].now == 3
    publisher.signer = first
    publisher.publish([entry("e", 5)])
    assert sync(lists, publisher)[0].now == 4


def test_a_key_that_was_lost_counts_no_more(lists, publisher):
    sync(lists, publisher)
    stolen, publisher.signer = publisher.signer, Signer.new()
    lists.trust(SERVER, [publisher.signer.public])
    with pytest.raises(BadList, match="No key 0123 is trusted here; these are: "):
        lists.distrust("0123")
    lists.distrust(stolen.public.key_id)
    assert lists.trusted_everywhere() == {SERVER: [publisher.signer.public]}
    assert sync(lists, publisher)[0].now == 2
    publisher.signer = stolen
    with pytest.raises(Untrusted):
        sync(lists, publisher)
    assert held(lists) == ["b", "c"]


def test_a_file_is_read_no_further_than_it_was_signed(lists, publisher):
    """Ten changes of which each would never end: no more of one is read than a refusal may be long."""
    sync(lists, publisher)
    for number in range(10):
        publisher.publish([entry(f"n{number}", number)])
    sent = []

    def endless():
        while True:
            sent.append(65_536)
            yield bytes(65_536)

    def spoil(path, answer):
        return httpx.Response(200, content=endless()) if "changes" in path else answer

    with pytest.raises(NotUnderstood, match="larger than any may be"):
        sync(lists, over_http(publisher, spoil), publisher.issued_at)
    assert sum(sent) < 500_000
    assert held(lists) == ["b", "c"]


def test_whoever_sends_too_slowly_is_not_waited_for(lists, publisher, monkeypatch):
    monkeypatch.setattr("tutela.provider.wire.LONGEST_ANSWER_SECONDS", -1.0)
    with pytest.raises(TutelaError, match="too slowly"):
        sync(lists, over_http(publisher, lambda path, answer: answer), publisher.issued_at)


def test_a_hostile_publisher_of_much_is_refused_by_the_head(lists, publisher):
    """Signed or not: more files, or longer ones, than any list has."""
    for huge in ([{"sha256": "a" * 64, "size_bytes": 5}] * 4_097, [{"sha256": "a" * 64, "size_bytes": 2**30}]):
        body = publisher.sign()["body"] | {"sequence": 9_999, "changes": huge}
        statement = publisher.signer.statement("list-head", body)
        with pytest.raises(BadList, match="up to date"):
            sync(lists, over_http(publisher, replaced("baseline/head", statement)), publisher.issued_at)


def replaced(where, statement):
    return lambda path, answer: httpx.Response(200, json=statement) if path == where else answer


@st.composite
def spoiled(draw, body):
    """Bytes as somebody between, or a broken disk, would leave them."""
    match draw(st.sampled_from(["flip", "cut", "more", "other", "packed"])):
        case "flip":
            changed = bytearray(body)
            for _ in range(draw(st.integers(1, 4))):
                changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
            return bytes(changed)
        case "cut":
            return body[: draw(st.integers(0, len(body)))]
        case "more":
            return body + draw(st.binary(min_size=1, max_size=40))
        case "packed":
            return gzip.compress(body)
    return draw(st.binary(max_size=60))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**64) | st.floats(allow_nan=False) | st.text(max_size=70),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=9), some, max_size=3),
    max_leaves=6,
)


@st.composite
def resigned(draw, statement):
    """A head with something else in one of its places, and signed all the same."""
    body = copy.deepcopy(statement["body"])
    at = draw(st.sampled_from([body, body["snapshot"], *body["changes"], *body["snapshot"]["parts"]]))
    place = draw(st.sampled_from(sorted(at)))
    at[place] = draw(JSON | st.sampled_from([0, 1, 2, 3, "0" * 64, "ab" * 32, "2026-11-25T12:00:00Z"]))
    return body


def attacked(data):
    publisher = Publisher()
    for number in range(4):
        publisher.publish([entry(f"a{number}", number)])
    with tempfile.TemporaryDirectory() as place:
        reader = Lists(Path(place))
        reader.trust(SERVER, [publisher.signer.public])
        if data.draw(st.booleans()):
            sync(reader, publisher)
        before = sorted(publisher.held) if reader.names() else []
        publisher.snap(forget=data.draw(st.booleans()))
        publisher.publish([entry("b", 9)], ["a0"])
        wanted = data.draw(st.sampled_from(["baseline/head", "signed", "changes", "snapshots", ""]))

        def spoil(path, answer):
            if wanted == "signed" and path == "baseline/head":
                body = data.draw(resigned(answer.json()))
                return httpx.Response(200, json=publisher.signer.statement("list-head", body))
            if path != wanted and f"/{wanted}/" not in path:
                return answer
            status = data.draw(st.sampled_from([200] * 9 + [404, 500]))
            headers = data.draw(st.sampled_from([{}, {}, {}, {"Content-Encoding": "gzip"}]))
            return httpx.Response(status, headers=headers, stream=httpx.ByteStream(data.draw(spoiled(answer.content))))

        try:
            sync(reader, over_http(publisher, spoil), publisher.issued_at)
        except (BadList, TutelaError) as refusal:
            assert len(str(refusal)) > 20
            assert before == (held(reader) if reader.names() else [])
            sync(reader, publisher)
        assert held(reader) == sorted(publisher.held)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_whatever_is_sent_it_is_refused_in_a_sentence_or_harmless(data):
    attacked(data)


@pytest.mark.soak
@given(data=st.data())
@settings(max_examples=5_000, deadline=None)
def test_the_same_for_many_more_spoiled_answers(data):
    attacked(data)
