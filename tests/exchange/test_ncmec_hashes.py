"""NCMEC's pages: tombstones, updates and feedback, in whatever order the pages bring them."""

from itertools import permutations

import pytest

from tests.exchange.lists import PDQ, entry, hashes, md5, ncmec, prints, read, sha1
from tutela.exchange.packed import BadFile


def test_an_entry_gives_each_of_its_fingerprints_with_its_members_label(tmp_path):
    inside = "<classification>A1</classification>" + prints(md5=md5(1).upper(), sha1=sha1(1), pdq=PDQ)
    found = read(tmp_path, ncmec(entry(inside=inside)))
    assert found.format == "ncmec"
    assert hashes(found) == {("md5", md5(1)), ("sha1", sha1(1)), ("pdq", PDQ)}
    assert {(each.reference, each.classification) for each in found.listed} == {("42/image1", "ncmec-industry:A1")}


LISTED = entry("a", "2026-10-24T15:00:00Z", inside=prints(md5=md5(1)))
PAGES = {
    "listed": ncmec(LISTED, entry("b", inside=prints(md5=md5(9))), following=True),
    "updated": ncmec(entry("a", "2026-10-25T15:00:00Z", inside=prints(md5=md5(2))), following=True),
    "deleted": ncmec(entry("a", "2026-10-26T15:00:00Z", what="deletedImage")),
}


@pytest.mark.parametrize("order", list(permutations(PAGES)))
def test_the_newest_version_counts_whichever_page_brings_it(tmp_path, order):
    found = read(tmp_path, *(PAGES[name] for name in order))
    assert hashes(found) == {("md5", md5(9))}
    assert found.withdrawn == 2
    without = read(tmp_path, *(PAGES[name] for name in order if name != "deleted"), ncmec())
    assert hashes(without) == {("md5", md5(2)), ("md5", md5(9))}


def test_a_deleted_entry_that_came_back_later_is_listed(tmp_path):
    again = entry("a", "2026-10-27T15:00:00+01:00", inside=prints(md5=md5(3)))
    assert hashes(read(tmp_path, PAGES["deleted"], ncmec(again, LISTED))) == {("md5", md5(3))}


def test_one_id_of_two_members_or_of_a_picture_and_a_video_is_two_entries(tmp_path):
    gone = ncmec(entry("a", member=43, what="deletedImage"), entry("a", what="deletedVideo"), LISTED)
    assert hashes(read(tmp_path, gone)) == {("md5", md5(1))}


def test_a_fingerprint_that_a_member_calls_wrong_is_set_aside_also_where_an_older_page_lists_it(tmp_path):
    feedback = '<feedback><negativeFeedback type="Md5"/><affirmativeFeedback type="Sha1"/></feedback>'
    now = entry("a", "2026-10-25T15:00:00Z", inside=prints(md5=md5(1), sha1=sha1(1)) + feedback)
    found = read(tmp_path, ncmec(now, LISTED))
    assert hashes(found) == {("sha1", sha1(1))}
    assert found.aside == {"a member of the exchange calls this fingerprint wrong": 1}
    only = entry("a", "2026-10-25T15:00:00Z", inside=prints(md5=md5(1)) + feedback)
    assert read(tmp_path, ncmec(only, LISTED)).listed == []


def test_what_is_only_an_address_or_another_kind_is_set_aside(tmp_path):
    inside = (
        f'<fingerprints><md5>{md5(1)}</md5><netclean>x</netclean><tmk-pdqf rel="self" href="/v2/x"/></fingerprints>'
    )
    found = read(tmp_path, ncmec(entry(what="video", inside=inside), images=False))
    assert hashes(found) == {("md5", md5(1))} and sum(found.aside.values()) == 2


def test_pages_that_end_before_the_last_are_no_list(tmp_path):
    with pytest.raises(BadFile, match="Save every page"):
        read(tmp_path, PAGES["listed"], PAGES["updated"])


@pytest.mark.parametrize(
    ("faulty", "rule"),
    [
        (entry(inside=prints(md5="zz" * 16)), "An MD5 is 32 hexadecimal"),
        (entry(inside=prints(pdna="a1a1...")), "A PhotoDNA hash is"),
        (entry(inside=""), "An entry has fingerprints"),
        (entry("", inside=prints(md5=md5(1))), "names its member and its id"),
        (entry(at="2026-10-24T15:00:00", inside=prints(md5=md5(1))), "with its zone"),
        (entry(at="yesterday", inside=prints(md5=md5(1))), "with its zone"),
        (entry(what="audio", inside=prints(md5=md5(1))), "is an image, a video"),
    ],
)
def test_a_row_that_is_not_understood_is_named_by_its_number_and_its_rule(tmp_path, faulty, rule):
    [named] = read(tmp_path, ncmec(LISTED, faulty)).faulty
    assert named.row == 2 and rule in named.rule and "zz" not in named.rule


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ('<!DOCTYPE r [<!ENTITY e "x">]>' + ncmec().split("?>")[1], "document type"),
        (ncmec()[:-10], "not well-formed"),
        (ncmec().replace("queryResult", "status"), "no answer to /v2/entries"),
        ('<queryResult xmlns="urn:other"/>', "namespace"),
    ],
)
def test_a_page_that_is_none_is_refused_as_a_whole(tmp_path, page, why):
    with pytest.raises(BadFile, match=why):
        read(tmp_path, page, format_="ncmec")
