"""Which head may be believed, and what is fetched for it: decided before a byte of the list is read."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.matching.lists import (
    START,
    BadList,
    File,
    Frozen,
    Head,
    Known,
    Mixed,
    Rewritten,
    RolledBack,
    Snapshot,
    chained,
    check_file,
    check_head,
    way,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def digest(data):
    return sha256(data).hexdigest()


def history(count, size_bytes=10):
    """The changes of a list, and the chain after each of them."""
    files = [File(digest(str(number).encode()), size_bytes) for number in range(count)]
    chains = [START]
    for file in files:
        chains.append(chained(chains[-1], file.sha256))
    return files, chains


def head(files, chains, *, sequence=None, forgotten=0, snapshot=0, parts=(), **more):
    sequence = len(files) if sequence is None else sequence
    said = Head(
        "x",
        sequence,
        chains[sequence],
        7,
        tuple(files[forgotten:sequence]),
        Snapshot(snapshot, chains[snapshot], 5, tuple(parts)),
        NOW,
        NOW + DAY,
    )
    return said._replace(**more)


def known(chains, sequence, issued_at=NOW):
    return Known(sequence, chains[sequence], issued_at)


@given(st.data())
def test_from_wherever_a_reader_stands_the_way_ends_at_the_head(data):
    files, chains = history(data.draw(st.integers(0, 12)))
    snapshot = data.draw(st.integers(0, len(files)))
    forgotten = data.draw(st.integers(0, snapshot))
    parts = [File("a" * 64, data.draw(st.integers(1, 60)))] if snapshot else []
    one = head(files, chains, snapshot=snapshot, forgotten=forgotten, parts=parts)
    stands = data.draw(st.none() | st.integers(0, len(files)).map(lambda at: known(chains, at)))
    check_head(one, name="x", known=stands, now=NOW)
    found = way(one, stands)
    assert found.begin in (snapshot, stands.sequence if stands else snapshot)
    assert list(found.changes) == files[found.begin :]
    assert found.begin != snapshot or list(found.parts) == parts or (stands and stands.sequence == snapshot)
    if stands is None or stands.sequence < forgotten:
        assert (found.begin, list(found.parts)) == (snapshot, parts)


@pytest.mark.parametrize(("parts_bytes", "begin"), [(900, 2), (700, 90)])
def test_the_shorter_way_is_taken(parts_bytes, begin):
    files, chains = history(100)
    one = head(files, chains, snapshot=90, parts=[File("a" * 64, parts_bytes)])
    assert way(one, known(chains, 2)).begin == begin
    assert way(one, known(chains, 95)).begin == 95


def refuses(refusal, one, stands=None, *, name="x", now=NOW):
    with pytest.raises(refusal) as refused:
        check_head(one, name=name, known=stands, now=now)
    assert type(refused.value) is refusal and str(refused.value).endswith(".")


def test_each_attack_has_its_own_refusal():
    files, chains = history(6)
    one = head(files, chains)
    refuses(Mixed, one, name="y")
    refuses(Frozen, one, now=NOW + DAY + timedelta(seconds=1))
    refuses(Mixed, one, now=NOW - timedelta(minutes=6))
    refuses(RolledBack, head(files, chains, sequence=5), known(chains, 6))
    refuses(RolledBack, one, known(chains, 6, NOW + timedelta(seconds=1)))
    refuses(Mixed, one._replace(snapshot=Snapshot(3, "ab" * 32, 5, ())))
    refuses(Mixed, head(files, chains, forgotten=4))
    check_head(one, name="x", known=known(chains, 6), now=NOW + DAY)
    check_head(one, name="x", known=known(chains, 6), now=NOW - timedelta(minutes=4))


@given(st.integers(0, 6), st.integers(0, 5))
def test_another_history_is_seen_from_wherever_a_reader_stands(stands, altered):
    """By whoever stands after the change that differs; for whoever stands before it, it is the only history."""
    files, chains = history(6)
    others = [*files[:altered], File("b" * 64, 10), *files[altered + 1 :]]
    other_chains = [START]
    for file in others:
        other_chains.append(chained(other_chains[-1], file.sha256))
    one = head(others, other_chains)
    if stands > altered:
        refuses(Rewritten, one, known(chains, stands))
    else:
        check_head(one, name="x", known=known(chains, stands), now=NOW)


def test_a_file_is_the_one_that_was_signed_or_none():
    file = File(digest(b"text-3"), 6)
    check_file(file, b"text-3")
    for data in (b"text-4", b"text-3 ", b""):
        with pytest.raises(BadList, match="not the one that was signed"):
            check_file(file, data)


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=6), st.data())
def test_no_two_histories_have_one_chain(changes, data):
    """0 collisions among the drawn pairs: another order, one left out, one altered, two joined into one."""

    def chain_of(some):
        chain = START
        for change in some:
            chain = chained(chain, digest(change))
        return chain

    place = data.draw(st.integers(0, len(changes) - 2))
    others = [
        changes[:place] + changes[place + 1 :],
        [*changes[:place], changes[place] + b"x", *changes[place + 1 :]],
        [*changes[:place], changes[place] + changes[place + 1], *changes[place + 2 :]],
    ]
    if changes[place] != changes[place + 1]:
        others.append([*changes[:place], changes[place + 1], changes[place], *changes[place + 2 :]])
    assert all(chain_of(other) != chain_of(changes) for other in others)
