"""Dora sent a report and follows it; the stranger guesses and gets nothing."""

from html import unescape

import pytest

from tutela.accounts.policy import HOUSE
from tutela.portal import following
from tutela.reports import actions as reports
from tutela.reports.models import Step

pytestmark = pytest.mark.django_db


def test_dora_sees_dated_steps_and_what_is_still_to_come(reader, sent):
    report, address = sent
    reports.record_step(report, Step.What.DECIDED, by=HOUSE)
    answer = reader.get(address)
    text = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "The report arrived and was kept." in text
    assert "Two people decided on it" in text
    assert 'It was handed to a competent authority. <span class="small">(not yet)' in text


def test_nothing_of_what_the_report_says_is_shown(reader, sent):
    report, address = sent
    text = reader.get(address).content.decode()
    shown = text.replace(address, "")
    for told in (report.reference, report.organisation.name, report.kind, bytes(report.body_sha256).hex()):
        assert told not in shown
    assert f">{report.number}" not in shown


def test_a_followed_report_is_kept_by_nobody_and_found_by_no_search_engine(reader, sent):
    headers = reader.get(sent[1]).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_stranger_who_guesses_gets_what_does_not_exist(reader, sent):
    report, address = sent
    other = address.replace(str(report.number), str(report.number + 1))
    nothing = reader.get("/no-such-page")
    for guessed in (other, address[:-1], address + "0", f"/follow/{report.number}", "/follow/x", "/follow/-"):
        answer = reader.get(guessed)
        assert answer.status_code == 404
        assert answer.content.replace(guessed.encode(), b"") == nothing.content.replace(b"/no-such-page", b"")


def test_the_form_leads_to_the_reports_own_address(reader, sent):
    address = sent[1]
    answer = reader.get("/follow", {"token": f" {address.removeprefix('/follow/')} "})
    assert answer.status_code == 302
    assert answer.headers["Location"] == address


@pytest.mark.parametrize("token", ["x.y", "../keys", "//evil.example", "é", "a b"])
def test_what_cannot_be_a_token_is_refused_in_words_and_leads_nowhere(reader, token):
    answer = reader.get("/follow", {"token": token})
    assert answer.status_code == 200
    assert "This is not a token" in answer.content.decode()
    assert token not in answer.content.decode()


def test_every_step_a_report_can_take_has_a_sentence():
    own = {"received", "finished", "matched", "erased"}
    assert {*Step.What.values, *own} <= set(following.SENTENCES)
    assert set(following.WAY) | following.ENDS == set(following.SENTENCES)
