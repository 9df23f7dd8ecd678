"""The files of a signed list: written once, read back the same, and refused in a sentence whatever else they are."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutela.exchange import lists
from tutela.exchange.lists import ListedEntry, read_change, read_head, read_part, write_change, write_parts
from tutela.matching.hashes import SIZE_BYTES
from tutela.matching.lists import BadList, File, Snapshot

KINDS = ["pdq", "md5", "sha1", "sha256", "url", "photodna"]


@st.composite
def entries(draw):
    kind = draw(st.sampled_from(KINDS))
    size = SIZE_BYTES["sha256" if kind == "url" else kind]
    value = draw(st.binary(min_size=size, max_size=size))
    words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
    more = {"tier": draw(words), "classification": draw(words)}
    if draw(st.booleans()):
        more["expires_on"] = draw(st.dates()).isoformat()
    return ListedEntry.of(draw(st.text("abc-:1", min_size=1, max_size=8)), kind, value, **more), value


@given(st.lists(entries(), max_size=8))
@settings(deadline=None)
def test_what_is_written_is_read_back_with_its_values(given_entries):
    parts = list(write_parts(entry for entry, _ in given_entries))
    assert [pair for part in parts for pair in read_part(part)] == given_entries
    change = write_change([entry for entry, _ in given_entries], ["gone"])
    assert read_change(change) == [("gone", None), *((e.reference, (e, value)) for e, value in given_entries)]
    assert change == write_change([entry for entry, _ in given_entries], ["gone"])


def test_a_large_list_is_written_in_files_of_bounded_length(monkeypatch):
    monkeypatch.setattr(lists, "MOST_LINES", 3)
    some = [ListedEntry.of(str(number), "md5", bytes(16)) for number in range(7)]
    assert [len(read_part(part)) for part in write_parts(some)] == [3, 3, 1]
    with pytest.raises(ValueError, match="at most 3 lines"):
        write_change(some, [])


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_crash_a_reader(data):
    for body in (data, gzip.compress(data)):
        for read in (read_part, read_change):
            try:
                read(body)
            except BadList as refusal:
                assert str(refusal).endswith(".")


WHOLE = write_change([ListedEntry.of("a", "md5", bytes(16)), ListedEntry.of("b", "pdq", bytes(32))], ["c"])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_damaged_change_crashes_a_reader(data):
    text = bytearray(gzip.decompress(WHOLE))
    for _ in range(data.draw(st.integers(1, 5))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_change(gzip.compress(bytes(text)))
    except BadList as refusal:
        assert "line" in str(refusal).lower() or "value" in str(refusal)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"put": {"reference": "a", "kind": "md5", "value": "00"}}, "value that cannot be one"),
        ({"put": {"reference": "a", "kind": "sha3", "value": "00"}}, "Line 1"),
        ({"put": {"reference": "", "kind": "md5", "value": "00" * 16}}, "put.reference"),
        ({"drop": "a", "put": {"reference": "a", "kind": "md5", "value": "00" * 16}}, "either puts"),
        ({}, "either puts"),
        ({"drop": "a", "more": 1}, "more"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(line, says):
    with pytest.raises(BadList, match=says):
        read_change(gzip.compress(json.dumps(line).encode()))


def test_a_file_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(lists, "_LARGEST_UNPACKED_BYTES", 10_000)
    with pytest.raises(BadList, match="unpacks to more"):
        read_part(gzip.compress(b"\n" * 20_000))
    monkeypatch.setattr(lists, "LARGEST_FILE_BYTES", 10)
    with pytest.raises(BadList, match="larger than any"):
        read_part(gzip.compress(b"\n" * 100))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda some: (
            st.lists(some, max_size=3)
            | st.dictionaries(
                st.sampled_from(["list", "sequence", "chain", "snapshot", "parts", "changes", "format"]),
                some,
                max_size=6,
            )
        ),
        max_leaves=12,
    )
)
@settings(deadline=None)
def test_whatever_was_signed_that_is_no_head_is_refused_in_a_sentence(body):
    with pytest.raises(BadList, match="up to date"):
        read_head(body)


MOMENT = "2026-11-25T12:00:00+00:00"
FILE = {"sha256": "a" * 64, "size_bytes": 5}
HEAD = {
    "list": "x",
    "sequence": 4,
    "chain": "c" * 64,
    "entries": 3,
    "changes": [FILE, FILE | {"size_bytes": 6}],
    "snapshot": {"sequence": 3, "chain": "b" * 64, "entries": 2, "parts": [FILE]},
    "issued_at": MOMENT,
    "expires_at": MOMENT,
}


def test_a_head_comes_back_as_it_was_meant():
    head = read_head(HEAD)
    assert head.snapshot == Snapshot(3, "b" * 64, 2, (File("a" * 64, 5),))
    assert (head.sequence, [file.size_bytes for file in head.changes]) == (4, [5, 6])
    assert head.issued_at.isoformat() == MOMENT


@pytest.mark.parametrize(
    "other",
    [
        {"changes": [FILE] * 5},
        {"changes": [FILE] * 5_000, "sequence": 9_000},
        {"changes": [FILE | {"size_bytes": 2**40}]},
        {"snapshot": HEAD["snapshot"] | {"sequence": 5}},
        {"list": "../etc"},
        {"issued_at": "2026-11-25T12:00:00"},
        {"sequence": -1},
        {"format": 2},
        {"more": 1},
    ],
)
def test_a_head_that_breaks_a_rule_is_none(other):
    with pytest.raises(BadList, match="up to date"):
        read_head(HEAD | other)


def test_a_list_of_nothing_has_one_part_without_a_line():
    (part,) = write_parts([])
    assert read_part(part) == []
