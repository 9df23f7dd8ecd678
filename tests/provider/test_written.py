import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provider import written
from tutela.exchange.cybertip import read_file_details, write_file_details
from tutela.exchange.messages import Digest, Item
from tutela.provider.written import BadFiles, read_files, without_bytes

plain = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).map(str.strip)
items = st.builds(
    Item,
    name=st.none() | plain.filter(bool),
    digests=st.lists(
        st.builds(Digest, algorithm=st.sampled_from(["MD5", "SHA256", "PhotoDNA"]), value=st.just("0a" * 16)),
        min_size=1,
        max_size=3,
    ),
    viewed_by_provider=st.none() | st.booleans(),
    additional=st.lists(plain.filter(bool), max_size=2),
)


def test_details_follow_their_report_in_the_order_of_their_numbers(tmp_path):
    paths = written.put(tmp_path, "b", items=11) + written.put(tmp_path, "a")
    a, b = read_files(sorted(paths, key=lambda path: path.name, reverse=True))
    assert (a.name, len(a.details)) == ("a", 0)
    assert [read_file_details(each).item.name for each in b.details] == [f"file-{n}.jpg" for n in range(1, 12)]


def test_the_same_file_given_twice_is_one(tmp_path):
    paths = written.put(tmp_path, "a", items=1)
    assert len(read_files([*paths, *paths])[0].details) == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "a.report.xml").unlink(), "its report a.report.xml was not given"),
        (lambda folder: (folder / "a.file1.xml").rename(folder / "a.xml"), "name it NAME.report.xml"),
        (lambda folder: (folder / "a.file1.xml").write_text("<fileDetails>"), "not well-formed"),
        (lambda folder: (folder / "a.report.xml").write_text("<report/>"), "report/incidentSummary: is missing"),
        (lambda folder: written.put(folder / "more", "a"), "another file gives the report of that name"),
        (lambda folder: written.put(folder / "more", "a", items=1), "the details of that name and number"),
        (lambda folder: (folder / "a.report.xml").chmod(0) or (folder / "a.report.xml").unlink(), "was not given"),
    ],
)
def test_what_cannot_be_sent_is_named_before_anything_is(tmp_path, spoil, sentence):
    written.put(tmp_path, "a", items=1)
    spoil(tmp_path)
    with pytest.raises(BadFiles, match="Nothing was sent") as refused:
        read_files(sorted(tmp_path.rglob("*.xml")))
    assert sentence in str(refused.value)


def test_all_faults_are_named_at_once(tmp_path):
    for name in ("a", "b", "c"):
        written.put(tmp_path, name)[0].write_text("<no>")
    with pytest.raises(BadFiles) as refused:
        read_files(sorted(tmp_path.rglob("*.xml")))
    assert all(f"{name}.report.xml: " in str(refused.value) for name in ("a", "b", "c"))


@settings(max_examples=150, deadline=None)
@given(items, st.integers(1, 10**17 - 1))
def test_without_bytes_only_the_ids_change(item, number):
    """n = 150 items."""
    details = write_file_details(1, "0" * 32, item)
    sent = read_file_details(without_bytes(details, number=number))
    assert (sent.report_id, sent.file_id, sent.item) == (number, None, read_file_details(details).item)
