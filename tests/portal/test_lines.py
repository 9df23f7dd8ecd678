"""A wrong number harms: what nobody verified is never printed, and breaking that rule is noticed."""

from html import unescape

import pytest

from tutela.law.authorities import MEMBER_STATES
from tutela.law.helplines import EMERGENCY, Line, LineKind, helplines
from tutela.law.sources import Certainty
from tutela.portal import lines as door

PAGE_OF = {
    LineKind.EMERGENCY: "/help",
    LineKind.CHILD_HELPLINE: "/help",
    LineKind.MISSING_CHILDREN: "/help",
    LineKind.HOTLINE: "/report",
}
ALL = [line for state in ("EU", *MEMBER_STATES) for line in helplines(state, include_unverified=True)]
VERIFIED = [line for line in ALL if line.enabled and line.source.certainty is Certainty.VERIFIED]


def not_verified_but_printed(reader) -> list[Line]:
    printed = {page: unescape(reader.get(page).content.decode()) for page in ("/help", "/report")}
    known = {line.operator for line in VERIFIED} | {""}
    return [line for line in ALL if line.operator not in known and line.operator in printed[PAGE_OF[line.kind]]]


def test_every_verified_line_is_printed_with_number_address_and_source(reader):
    assert len(VERIFIED) >= 3
    for line in VERIFIED:
        text = unescape(reader.get(PAGE_OF[line.kind]).content.decode())
        assert line.number in text
        assert line.url in text or line is EMERGENCY
        assert line.source.source_url in text


def test_no_unverified_line_is_printed(reader):
    assert len(ALL) > len(VERIFIED)
    assert not_verified_but_printed(reader) == []


def test_the_saboteur_who_prints_unverified_lines_is_seen(reader, monkeypatch):
    everything = helplines
    monkeypatch.setattr(door, "is_printed", lambda line: True)
    monkeypatch.setattr(door, "helplines", lambda country: everything(country, include_unverified=True))
    assert len(not_verified_but_printed(reader)) > 10


def test_states_without_a_verified_line_are_named(reader):
    text = unescape(reader.get("/help").content.decode())
    with_one = {line.country for line in VERIFIED if line.kind is not LineKind.HOTLINE} - {"EU"}
    assert f"For {27 - len(with_one)} Member States no helpline has been verified yet" in text


@pytest.mark.parametrize("page", ["/danger", "/help", "/report", "/no-such-page"])
def test_the_emergency_number_can_be_called_from_the_page(reader, page):
    assert f'href="tel:{EMERGENCY.number}"' in reader.get(page).content.decode()


@pytest.mark.parametrize("page", ["/danger", "/help", "/report"])
def test_the_page_can_be_left_at_once_also_without_javascript(reader, page):
    text = reader.get(page).content.decode()
    assert '<a class="button" data-leave href="https://www.wikipedia.org/"' in text
