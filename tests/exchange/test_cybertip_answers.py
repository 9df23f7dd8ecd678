"""Answers are those a CyberTipline client already understands, and a client of ours understands a foreign server's."""

import pytest
from lxml import etree

from tutela.exchange.cybertip import BadAnswer, Code, Family, answer, done_answer, family, read_answer, schema

SCHEMA = schema()


@pytest.mark.parametrize("code", Code)
def test_every_code_is_answered_in_both_forms_and_read_back(code):
    for body in (answer(code, report_id=7), done_answer(code, 7)):
        SCHEMA.assertValid(etree.fromstring(body))
        read = read_answer(body)
        assert (read.code, read.report_id, read.family) == (code, 7, family(code))
    assert (code.status < 300) == (code == 0)


def test_status_has_no_report_id():
    body = answer(Code.OK, "Remote User : provider-1")
    assert b"reportId" not in body
    assert read_answer(body).description == "Remote User : provider-1"


def test_an_upload_names_the_file_and_its_md5():
    read = read_answer(answer(Code.OK, None, 7, "0" * 32, "f" * 32))
    assert (read.file_id, read.hash) == ("0" * 32, "f" * 32)


def test_finish_lists_the_files_and_its_errors_keep_the_same_root():
    assert read_answer(done_answer(Code.OK, 7, ["a", "b"])).file_ids == ("a", "b")
    body = done_answer(Code.ALREADY_FINISHED, 7)
    assert etree.fromstring(body).tag == "reportDoneResponse"
    assert read_answer(body).description == "The report was finished before."


def test_an_unlisted_code_is_understood_by_its_family():
    read = read_answer(b"<reportResponse><responseCode>5999</responseCode><news>1</news></reportResponse>")
    assert (read.code, read.family) == (5999, Family.STATE)
    assert family(9001) is Family.UNKNOWN
    assert family(12) is Family.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        b"<reportResponse/>",
        b"<reportResponse><responseCode>zz</responseCode></reportResponse>",
        b"<reportResponse><responseCode>0</responseCode><reportId>-1</reportId></reportResponse>",
        b"<!DOCTYPE r><reportResponse><responseCode>0</responseCode></reportResponse>",
    ],
)
def test_what_is_no_answer_is_never_taken_for_success(body):
    with pytest.raises(BadAnswer):
        read_answer(body)
