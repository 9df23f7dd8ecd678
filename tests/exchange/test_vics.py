"""Project VIC's files: what a category's number means is only known beside its profile."""

import gzip
import json
from base64 import b64encode

import pytest

from tests.exchange.lists import PDQ, hashes, md5, media, read, sha1, sha256, vics
from tutela.exchange.hash_lists import Told
from tutela.exchange.packed import BadFile

PHOTODNA = bytes(range(144))


def test_an_entry_is_kept_with_its_profile_and_its_number(tmp_path):
    alternative = [{"MD5": "", "HashName": "SHA-256", "HashValue": sha256(1)}, {"HashName": "PDQ", "HashValue": PDQ},
                   {"HashName": "eD2k", "HashValue": "opaque"}]  # fmt: skip
    one = media(1, 2, SHA1=sha1(1).upper(), PhotoDNA=b64encode(PHOTODNA).decode(), AlternativeHashes=alternative)
    found = read(tmp_path, vics(one))
    assert found.format == "vics" and not found.faulty
    assert hashes(found) == {
        ("md5", md5(1)), ("sha1", sha1(1)), ("sha256", sha256(1)), ("pdq", PDQ), ("photodna", PHOTODNA.hex()),
    }  # fmt: skip
    assert {(each.reference, each.classification) for each in found.listed} == {("1", "vics-us:2")}


@pytest.mark.parametrize(
    ("profile", "matched"), [("US", {1, 2}), ("us", {1, 2}), ("UK", {1, 2, 3}), ("Default", set()), ("CA", set())]
)
def test_only_numbers_known_to_stand_for_material_are_matched(tmp_path, profile, matched):
    """The saboteur of every shortcut: 0 and 5 are harmless in one tool and uncategorised in another."""
    found = read(tmp_path, vics(*(media(number, number) for number in range(-1, 8)), media(8, None), profile=profile))
    assert {int(each.reference) for each in found.listed} == matched
    assert sum(found.aside.values()) == 10 - len(matched) and not found.faulty


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_an_older_file_names_no_profile_and_matches_nothing_until_somebody_does(tmp_path, version):
    file = vics(media(1, "1", MediaSize="77", IsPrecategorized="true"), media(2, 2), version=version)
    assert read(tmp_path, file).aside == {"profile not said: what its numbers mean is not known here": 2}
    told = read(tmp_path, file, told=Told(profile="uk"))
    assert {each.classification for each in told.listed} == {"vics-uk:1", "vics-uk:2"}


def test_a_profile_that_contradicts_the_files_own_is_refused(tmp_path):
    with pytest.raises(BadFile, match="of the profile US, and not uk"):
        read(tmp_path, vics(media(1)), told=Told(profile="uk"))
    assert len(read(tmp_path, vics(media(1)), told=Told(profile="us")).listed) == 1


def test_the_media_of_cases_are_read_one_by_one(tmp_path):
    cases = [{"CaseID": "1", "Media": [media(1), media(2)]}, {"Media": [media(3)]}, {"CaseID": "4"}]
    assert {each.row for each in read(tmp_path, vics(*cases, what="Cases")).listed} == {1, 2, 3}


def test_a_context_that_stands_behind_the_entries_is_found_all_the_same(tmp_path):
    said = json.loads(vics(media(1)))
    turned = json.dumps({"value": said["value"], "@odata.context": said["@odata.context"]})
    assert hashes(read(tmp_path, turned)) == {("md5", md5(1))}


@pytest.mark.parametrize(
    "packed", [lambda b: b"\xef\xbb\xbf" + b, gzip.compress, lambda b: gzip.compress(b"\xef\xbb\xbf" + b)]
)
def test_a_byte_order_mark_and_a_packed_file_change_nothing(tmp_path, packed):
    assert hashes(read(tmp_path, packed(vics(media(1)).encode()))) == {("md5", md5(1))}


@pytest.mark.parametrize(
    ("faulty", "rule"),
    [
        ({"MediaID": 2, "Category": 1}, "MD5 is missing"),
        (media(2, "one"), "Category is a whole number"),
        (media(2, True), "Category is a whole number"),
        (media(2, 1.5), "Category is a whole number"),
        (media(2) | {"MD5": "zz" * 16}, "An MD5 is 32"),
        (media(2, PhotoDNA="short"), "A PhotoDNA hash is"),
        ("text-1", "An entry is an object"),
        (None, "An entry is an object"),
    ],
)
def test_a_row_that_is_not_understood_is_named_by_its_number_and_its_rule(tmp_path, faulty, rule):
    [named] = read(tmp_path, vics(media(1), faulty)).faulty
    assert named.row == 2 and rule in named.rule and "zz" not in named.rule


@pytest.mark.parametrize(
    "text", ["{", vics(media(1))[:-20], "[]", '{"@odata.context": "http://other.example"}', "\x00"]
)
def test_what_is_no_such_file_is_refused_as_a_whole(tmp_path, text):
    with pytest.raises(BadFile, match=r"no JSON|no VICS version"):
        read(tmp_path, text, format_="vics")
