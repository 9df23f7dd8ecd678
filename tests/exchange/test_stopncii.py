"""StopNCII's records: status and feedback decide, the newest record of a value counts."""

import json

import pytest

from tests.exchange.lists import PDQ, hashes, md5, read, record, stopncii
from tutela.exchange.packed import BadFile


def test_what_is_active_is_listed_with_how_sure_anybody_is(tmp_path):
    found = read(tmp_path, stopncii(record(), record(md5(1), "VideoMD5", 10, "Received", "PendingReview", "Blocked")))
    assert found.format == "stopncii"
    assert {(each.kind, each.tier, each.classification, each.reference) for each in found.listed} == {
        ("pdq", "seed", "stopncii:Active", "case-1"),
        ("md5", "positive", "stopncii:Received", "case-1"),
    }


@pytest.mark.parametrize("status", ["Withdrawn", "Deleted"])
def test_what_was_withdrawn_is_taken_away_by_its_status_and_not_by_its_value(tmp_path, status):
    """An open client compares the value with the names of the statuses, and so never removes anything."""
    first, second = stopncii(record(at=10), more=True), stopncii(record(PDQ.upper(), at=20, status=status))
    for pages in ((first, second), (second, first)):
        found = read(tmp_path, *pages)
        assert (found.listed, found.withdrawn) == ([], 1)
    assert hashes(read(tmp_path, first, second, stopncii(record(at=30)))) == {("pdq", PDQ)}


@pytest.mark.parametrize("others", [(), ("Blocked",), ("None",)])
def test_what_a_service_looked_at_and_calls_wrong_is_not_matched(tmp_path, others):
    found = read(tmp_path, stopncii(record(at=10), record(PDQ, "ImagePDQ", 20, "Active", *others, "NotBlocked")))
    assert found.listed == [] and found.aside == {"a service looked and calls this hash wrong": 1}


def test_an_address_is_listed_and_text_is_not(tmp_path):
    found = read(tmp_path, stopncii(record("https://host.example/a", "URL"), record("text-1", "Text")))
    assert [each.kind for each in found.listed] == ["url"] and found.aside == {"Text: not matched here": 1}


def test_pages_that_end_before_the_last_are_no_list(tmp_path):
    with pytest.raises(BadFile, match="Save every page"):
        read(tmp_path, stopncii(record(), more=True))


@pytest.mark.parametrize(
    ("faulty", "rule"),
    [
        (record("zz"), "A PDQ hash is"),
        (record(type_="Audio"), "signalType, one of"),
        (record(status="Gone"), "hashStatus is one of"),
        ({"signalType": "ImagePDQ", "hashStatus": "Active"}, "has a hashValue"),
        ({"signalType": ["ImagePDQ"], "hashValue": PDQ}, "has a hashValue"),
        (record(status=["Active"]), "hashStatus is one of"),
        (7, "A record is an object"),
    ],
)
def test_a_row_that_is_not_understood_is_named_by_its_number_and_its_rule(tmp_path, faulty, rule):
    [named] = read(tmp_path, stopncii(record(), faulty)).faulty
    assert named.row == 2 and rule in named.rule and "zz" not in named.rule


def test_feedback_that_is_none_is_passed_over(tmp_path):
    odd = json.loads(stopncii(record())) | {}
    odd["hashRecords"][0] |= {"CSPFeedbacks": ["text-1", None], "caseNumbers": None, "lastModtimestamp": None}
    assert len(read(tmp_path, json.dumps(odd)).listed) == 1
