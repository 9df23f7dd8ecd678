"""Many lists in one index: each match says whose it is, and a damaged catalogue says so."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching import bases
from tutela.matching.catalogue import BadCatalogue, Catalogue, Entry, Label, Match
from tutela.matching.hashes import BadHash

OURS, THEIRS = Label("ours", "A", "scheme:1"), Label("theirs", "C", "")
HASHES = [bytes(hash_) for hash_ in bases.clustered(400)]
ENTRIES = [
    *(Entry(f"pdq-{n}", "pdq", value, OURS if n % 2 else THEIRS) for n, value in enumerate(HASHES)),
    Entry("file-1", "md5", bytes(16), OURS),
    Entry("the same file", "md5", bytes(16), THEIRS),
    Entry("close by", "md5", bytes(15) + b"\1", THEIRS),
    Entry("ÿ-1", "url", b"\2" * 32, OURS),
    Entry("opaque", "photodna", b"\3" * 144, THEIRS),
]


@pytest.fixture
def saved(tmp_path):
    Catalogue.build(ENTRIES).save(tmp_path)
    return tmp_path


@pytest.mark.parametrize("check_contents", [True, False])
def test_each_match_says_which_list_which_tier_and_which_classification(saved, check_contents):
    found = Catalogue.open(saved, check_contents=check_contents).match("md5", bytes(16))
    assert sorted(found) == [Match("file-1", OURS, "md5", 0, 0), Match("the same file", THEIRS, "md5", 0, 0)]


def test_a_match_may_be_asked_of_some_lists_only(saved):
    catalogue = Catalogue.open(saved)
    assert [match.reference for match in catalogue.match("md5", bytes(16), lists={"theirs"})] == ["the same file"]
    assert catalogue.match("md5", bytes(16), lists={"nobody's"}) == []
    near = catalogue.match("pdq", HASHES[0], radius=40, lists={"ours"})
    assert near and {match.label for match in near} == {OURS}
    assert all(match.threshold_bits == 40 for match in near)


def test_every_entry_comes_back_as_it_was_given(saved):
    catalogue = Catalogue.open(saved)
    assert sorted(catalogue.entry(number) for number in range(len(catalogue))) == sorted(ENTRIES)
    with pytest.raises(IndexError):
        catalogue.entry(len(catalogue))


@given(
    values=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.binary(min_size=1, max_size=2)), max_size=30),
    asked=st.lists(st.binary(min_size=1, max_size=2), min_size=1, max_size=10),
    only=st.sampled_from([None, {"a"}, {"b"}, set()]),
)
@settings(max_examples=60, deadline=None)
def test_equal_values_are_found_as_by_looking_at_each(values, asked, only):
    """Short values in long rows: many share their first eight bytes, and differ only behind them or in front."""
    entries = [
        Entry(str(n), "sha1", value.rjust(20, b"\0"), Label(list_, "", "")) for n, (list_, value) in enumerate(values)
    ]
    wanted = np.frombuffer(b"".join(value.rjust(20, b"\0") for value in asked), np.uint8).reshape(-1, 20)
    catalogue = Catalogue.build(entries)
    found = catalogue.match_many("sha1", wanted, lists=only)
    given_ = {
        (q, catalogue.entry(e).reference) for q, e in zip(found.query.tolist(), found.entry.tolist(), strict=True)
    }
    assert given_ == {
        (q, entry.reference)
        for q, value in enumerate(asked)
        for entry in entries
        if entry.value == value.rjust(20, b"\0") and (only is None or entry.label.list in only)
    }


def test_many_hashes_are_answered_as_one_by_one(saved):
    catalogue = Catalogue.open(saved)
    asked = bases.perturbed(bases.clustered(400)[:60], 31, seed=5)
    found = catalogue.match_many("pdq", asked, lists={"ours"})
    by_query = [
        [
            (catalogue.entry(int(e)).reference, int(d))
            for e, d in zip(found.entry[mine], found.distance_bits[mine], strict=True)
        ]
        for mine in (found.query == n for n in range(60))
    ]
    assert by_query == [
        [(match.reference, match.distance_bits) for match in catalogue.match("pdq", bytes(one), lists={"ours"})]
        for one in asked
    ]


def test_a_value_of_the_wrong_length_is_refused_by_its_kind(saved):
    with pytest.raises(BadHash, match="md5 is 16 bytes"):
        Catalogue.build([Entry("x", "md5", b"short", OURS)])
    with pytest.raises(BadHash, match="16 in a row"):
        Catalogue.open(saved).match_many("md5", np.zeros((2, 17), np.uint8))


def test_an_empty_catalogue_is_a_catalogue(tmp_path):
    Catalogue.build([]).save(tmp_path)
    opened = Catalogue.open(tmp_path)
    assert (len(opened), opened.columns.labels, opened.match("pdq", HASHES[0]), opened.match("md5", bytes(16))) == (
        0,
        (),
        [],
        [],
    )


def test_whoever_has_the_old_one_open_goes_on_with_it(saved):
    old = Catalogue.open(saved)
    Catalogue.build(ENTRIES[:1]).save(saved)
    assert (len(old), len(Catalogue.open(saved))) == (len(ENTRIES), 1)
    assert old.match("md5", bytes(16)) and not Catalogue.open(saved).match("md5", bytes(16))
    assert len(list(saved.glob("*.columns"))) == len(list(saved.glob("*.index"))) == 1


def test_the_digest_names_the_entries_and_not_the_writing(tmp_path):
    first, again = Catalogue.build(ENTRIES), Catalogue.build(ENTRIES)
    first.save(tmp_path)
    other = Catalogue.build([entry._replace(label=OURS) for entry in ENTRIES])
    assert Catalogue.open(tmp_path).digest == first.digest == again.digest != other.digest


def test_where_nothing_was_synced_it_says_so(tmp_path):
    with pytest.raises(BadCatalogue, match="There is no catalogue here; sync or import a list first"):
        Catalogue.open(tmp_path)


def test_a_flipped_bit_anywhere_is_seen_when_contents_are_checked(saved):
    for file in [*saved.glob("*.columns"), *saved.glob("*.index")]:
        whole = file.read_bytes()
        for place in {0, len(whole) // 3, len(whole) // 2, len(whole) - 1}:
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            if file.suffix == ".index" or _is_in_a_column(saved, place):
                with pytest.raises(BadCatalogue, match="damaged"):
                    Catalogue.open(saved)
        file.write_bytes(whole)
    Catalogue.open(saved)


def _is_in_a_column(directory, place):
    """Between columns lie zeros that nobody reads."""
    sections = json.loads((directory / "catalogue.json").read_text())["sections"]
    return any(begin <= place < begin + length for begin, length, _ in sections.values())


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_description_that_was_written_over_is_refused_and_never_crashes(tmp_path_factory, data):
    directory = tmp_path_factory.mktemp("catalogue")
    Catalogue.build(ENTRIES[-5:]).save(directory)
    path = directory / "catalogue.json"
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(whole))
    try:
        opened = Catalogue.open(directory)
    except BadCatalogue:
        return
    # What still opens still answers: a changed letter of a label is a changed label, and no more.
    assert len(opened) == 5
    assert len(opened.match("md5", bytes(16))) == 2


def test_a_description_that_names_a_file_elsewhere_is_refused(saved):
    said = json.loads((saved / "catalogue.json").read_text())
    for elsewhere in ("../x.index", "/etc/hostname", "", ".."):
        (saved / "catalogue.json").write_text(json.dumps(said | {"index": elsewhere}))
        with pytest.raises(BadCatalogue):
            Catalogue.open(saved)


def test_a_crash_between_the_files_and_their_description_leaves_the_old_catalogue(saved):
    """The process is ended just before the description takes its place."""
    ended = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tutela.matching.catalogue import Catalogue\n"
        "was = Path.replace\n"
        "Path.replace = lambda self, to: os._exit(9) if to.name == 'catalogue.json' else was(self, to)\n"
        "Catalogue.build([]).save(Path(sys.argv[1]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", ended, str(saved)], env=os.environ, check=False)
    assert ran.returncode == 9
    assert len(Catalogue.open(saved)) == len(ENTRIES)
    Catalogue.build(ENTRIES[:2]).save(saved)
    assert len(list(saved.glob("*.columns"))) == 1
