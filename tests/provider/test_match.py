"""Leads against lists: from files, from lines, from a server; never more than a lead."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.matching import pictures
from tutela.demo.pictures import draw, redraw
from tutela.matching.catalogue import Catalogue, Entry, Label
from tutela.provider.hashing import hash_file, was_read
from tutela.provider.leads import NOTE, BadLeads, read_leads
from tutela.provider.matching import Here, match, of_lead, of_lines

OURS, THEIRS = Label("ours", "A", "scheme:1"), Label("theirs", "", "")
SHA256 = hashlib.sha256(draw(1).data).digest()
CATALOGUE = Catalogue.build(
    [
        *(Entry(f"drawing-{n}", "pdq", draw(n).hashed.pdq, OURS) for n in range(3)),
        Entry("file-1", "sha256", SHA256, THEIRS),
        Entry("file-2", "md5", hashlib.md5(b"text-1").digest(), THEIRS),
        Entry("page", "url", hashlib.sha256(b"host.example/a").digest(), THEIRS),
        Entry("opaque", "photodna", bytes(range(144)), THEIRS),
    ]
)
HERE = Here(CATALOGUE, 31)


def asked(*lines, kind=None, matcher=HERE):
    return list(match(of_lines((line.encode() for line in lines), kind=kind), matcher))


def test_a_changed_picture_is_found_by_its_looks_and_the_same_one_by_its_bytes_first(tmp_path):
    (tmp_path / "changed.jpg").write_bytes(redraw(1, variation=3).data)
    (tmp_path / "same.jpg").write_bytes(draw(1).data)
    (tmp_path / "other.jpg").write_bytes(draw(77).data)
    changed, other, same = match(map(of_lead, map(hash_file, sorted(tmp_path.iterdir()))), HERE)
    [near] = changed.matches
    assert (near.reference, near.list, near.tier, near.classification) == ("drawing-1", *OURS)
    assert near.kind == "pdq" and 0 < near.distance_bits <= near.threshold_bits == 31
    assert [(each.kind, each.distance_bits) for each in same.matches] == [("sha256", 0), ("pdq", 0)]
    assert (changed.is_exact, same.is_exact, other.matches) == (False, True, ())
    assert changed.note == NOTE


def test_a_flat_picture_is_compared_by_its_digests_only(tmp_path):
    """The saboteur: without this, every grey picture matches every other."""
    grey = pictures.encoded(pictures.solid(), "PNG")
    (tmp_path / "grey.png").write_bytes(grey)
    lead = hash_file(tmp_path / "grey.png")
    assert lead.quality < 50
    catalogue = Catalogue.build(
        [Entry("grey", "pdq", bytes.fromhex(lead.pdq), OURS), Entry("bytes", "md5", bytes.fromhex(lead.md5), OURS)]
    )
    [said] = match([of_lead(lead)], Here(catalogue, 31))
    assert [each.kind for each in said.matches] == ["md5"]
    assert "below 50" in said.refused and was_read(said)


def test_radius_and_lists_narrow_what_is_asked():
    line = f"pdq {redraw(1, variation=3).hashed.pdq.hex()}"
    assert asked(line)[0].matches and not asked(line, matcher=Here(CATALOGUE, 0))[0].matches
    assert not asked(line, matcher=Here(CATALOGUE, 31, ["theirs"]))[0].matches


def test_a_line_is_a_hash_in_whatever_spelling(tmp_path):
    pdq, md5 = draw(2).hashed.pdq.hex(), hashlib.md5(b"text-1").hexdigest()
    said = asked(
        f"pdq {pdq}", pdq.upper(), f"MD5 {md5.upper()}", md5, SHA256.hex(), "# a comment", "", "\ufeff" + md5,
        "url https://host.example/a#b", f"photodna {bytes(range(144)).hex()}", "ab" * 16,
    )  # fmt: skip
    assert [[each.reference for each in lead.matches] for lead in said] == [
        ["drawing-2"], ["drawing-2"], ["file-2"], ["file-2"], ["file-1"], ["file-2"], ["page"], ["opaque"], [],
    ]  # fmt: skip
    assert (said[0].pdq, said[0].name, said[2].md5) == (pdq, f"pdq {pdq}", md5)
    # Nobody knows which of the two it is, so none is claimed.
    assert (said[1].pdq, said[1].sha256) == (None, None)
    assert asked(pdq, kind="pdq")[0].pdq == pdq


def test_what_hash_wrote_is_read_and_old_matches_in_it_are_asked_anew(tmp_path):
    (tmp_path / "a").write_bytes(draw(1).data)
    [first] = match([of_lead(hash_file(tmp_path / "a"))], HERE)
    [again] = asked(first.line(), matcher=Here(CATALOGUE, 31, ["theirs"]))
    assert [each.list for each in again.matches] == ["theirs"]
    assert again.model_copy(update={"matches": ()}) == first.model_copy(update={"matches": ()})
    assert list(read_leads([again.line()])) == [again]


@pytest.mark.parametrize(
    "line",
    ["zz", "pdq zz", "crc 00", '{"name": 1}', "{", json.dumps({"name": "a", "at": "2026-11-25T00:00:00Z", "md5": "z"})],
)
def test_a_line_that_is_none_is_named_by_its_number_and_the_others_go_on(line):
    good = hashlib.md5(b"text-1").hexdigest()
    bad, after = asked("", line, good)
    assert bad.name == "line 2" and bad.refused and not was_read(bad) and not bad.matches
    assert "zz" not in bad.refused
    assert after.matches


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_give_lines_and_never_a_crash(lines):
    for lead in match(of_lines(lines), HERE):
        assert lead.line().endswith("}\n")


def test_a_lead_with_a_digest_that_is_none_is_refused():
    lead = hash_file(Path(__file__)).model_copy(update={"md5": "z"})
    with pytest.raises(BadLeads, match="An MD5 is 32"):
        of_lead(lead)
