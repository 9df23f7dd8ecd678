"""The timeline by kind, initiative and year; the feed a reader subscribes to; and choices that do not exist."""

import re
from datetime import datetime
from html import unescape

import pytest
from lxml import etree

from tutela.law.page import page as official_page
from tutela.law.timeline import all_events, timeline
from tutela.portal.timeline import Kind, kind_of, years

ATOM = "{http://www.w3.org/2005/Atom}"
HIDDEN = [event for event in all_events() if not event.source.enabled]


def shown(reader, query: str = "") -> list[str]:
    text = reader.get(f"/timeline{query}").content.decode()
    return re.findall(r'<li id="([^"]+)"', text)


def feed(reader, query: str = ""):
    return etree.fromstring(reader.get(f"/timeline.atom{query}").content)


def test_every_event_that_may_be_shown_is_shown_once_the_latest_first(reader):
    assert shown(reader) == [event.id for event in reversed(timeline())]
    assert HIDDEN
    text = unescape(reader.get("/timeline").content.decode())
    for event in timeline():
        assert event.source.source_url in text
        assert f"<code>{event.celex}</code>" in text or not event.celex
        assert f'href="{event.eli}"' in text or not event.eli
    assert sum(bool(event.eli) for event in timeline()) > 5
    for event in HIDDEN:
        assert event.id not in text


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_shows_its_own_and_together_they_show_all(reader, kind):
    assert shown(reader, f"?kind={kind}") == [each.id for each in reversed(timeline()) if kind_of(each) is kind]
    assert sum(len(shown(reader, f"?kind={each}")) for each in Kind) == len(timeline())


def test_an_initiative_and_a_year_narrow_together(reader):
    found = shown(reader, "?initiative=2&year=2026&kind=")
    assert found == [each.id for each in reversed(timeline()) if 2 in each.initiatives and each.on.first.year == 2026]
    assert found
    assert len(found) < len(shown(reader, "?year=2026"))


def test_every_year_on_offer_has_an_event(reader):
    for year in years():
        assert shown(reader, f"?year={year}"), year


def test_the_nine_entries_of_the_commissions_page_stand_below(reader):
    text = unescape(reader.get("/timeline").content.decode())
    below = text[text.index('id="page"') :]
    assert len(official_page().entries) == 9
    for entry in official_page().entries:
        assert entry.text in below


@pytest.mark.parametrize("query", ["", "?initiative=2", "?kind=act&year=2021", "?kind=act&initiative=8&year=2014"])
def test_the_feed_is_valid_atom_and_holds_what_the_page_shows(reader, query):
    answer = reader.get(f"/timeline.atom{query}")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = feed(reader, query)
    assert root.tag == f"{ATOM}feed"
    # RFC 4287: exactly one id, title and updated, an author, a link to itself.
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo is not None
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Tutela"
    own = root.find(f"{ATOM}link[@rel='self']").get("href")
    assert own == f"http://localhost:8000/timeline.atom{query}"
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert [each.rpartition("/")[2] for each in ids] == shown(reader, query)
    assert all(re.fullmatch(r"tag:localhost,2026:timeline/[a-z0-9-]+", each) for each in ids)


def test_an_entry_that_is_not_certain_says_so_in_its_title(reader):
    titles = [entry.findtext(f"{ATOM}title") for entry in feed(reader).findall(f"{ATOM}entry")]
    marked = sum(bool(event.source.mark) for event in timeline())
    assert sum("(from a secondary source)" in title for title in titles) == marked > 0


def test_machines_read_the_same_events(reader):
    rows = reader.get("/timeline.json?initiative=2").json()["events"]
    assert [row["id"] for row in rows] == shown(reader, "?initiative=2")
    assert all(row["source_url"] and row["checked_on"] and row["certainty"] for row in rows)


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?kind=war", 1),
        ("?initiative=9", 1),
        ("?initiative=٣", 1),
        ("?year=1001", 1),
        ("?year=2026.0", 1),
        ("?kind=%00&initiative=-1&year=%27--", 3),
    ],
)
def test_a_choice_that_does_not_exist_is_said_in_words(reader, query, faults):
    answer = reader.get(f"/timeline{query}")
    assert answer.status_code == 422
    assert len(shown(reader, query)) == len(timeline())
    said = reader.get(f"/timeline.json{query}")
    assert said.status_code == 422
    assert len(said.json()["problem"]) == faults
    assert reader.get(f"/timeline.atom{query}").status_code == 422
