"""What holds for every public page."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.pages import CACHED, MACHINES, NOT_FOUND, PAGES, PRIVATE
from tutela.accounts.policy import HOUSE
from tutela.portal.urls import urlpatterns
from tutela.strategy import actions as strategy
from tutela.strategy import kept

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """What a reader who listens gets to hear of, and what a browser would fetch by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        self.ids += [said["id"]] if said.get("id") else []
        self.inline += [f"{tag} {name}" for name in said if name == "style" or name.startswith("on")]
        if (tag == "script" and "src" not in said) or tag == "style":
            self.inline.append(tag)
        if tag == "html":
            self.lang = said.get("lang") or ""
        if tag == "a" and (said.get("href") or "").startswith("#"):
            self.targets.append((said["href"] or "")[1:])
        self.fetched += [
            address for name in ("src", "srcset", "data", "poster", "background") if (address := said.get(name))
        ]
        # A feed is offered, not fetched.
        if tag == "link" and said.get("rel") != "alternate":
            self.fetched.append(said.get("href") or "")

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag in self.tags if re.fullmatch("h[1-6]", tag)]


def outline(reader: Client, path: str) -> Outline:
    return Outline(reader.get(path).content.decode())


def test_no_address_escapes_these_tests():
    asked = {path.partition("?")[0].lstrip("/") for path in (*PAGES, *MACHINES, *NOT_FOUND)}
    for pattern in urlpatterns:
        assert any(pattern.pattern.match(path) for path in asked), f"{pattern.name} is not among the tested addresses"


@pytest.mark.parametrize("path", [*PAGES, *MACHINES])
def test_it_opens_for_anyone_without_a_cookie(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", [*PAGES, *NOT_FOUND])
def test_nothing_is_fetched_from_elsewhere_and_nothing_runs_inline(reader, path):
    answer = reader.get(path)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    seen = Outline(answer.content.decode())
    assert all(address.startswith("/static/") for address in seen.fetched), seen.fetched
    assert seen.inline == []
    assert not {"img", "picture", "video", "audio", "iframe", "object"} & set(seen.tags)


@pytest.mark.parametrize("path", [*PAGES, *NOT_FOUND])
def test_it_reads_well_aloud(reader, path):
    seen = outline(reader, path)
    assert seen.lang == "en"
    headings = seen.headings()
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings)), headings
    assert seen.tags.count("main") == 1
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.targets) <= set(seen.ids)


@pytest.mark.parametrize("path", PAGES)
def test_it_leads_to_the_desks_by_their_front_door_only(reader, path):
    """What stands behind it is for people who sign in; each desk leads to its public page, and not the other way."""
    text = reader.get(path).content.decode()
    assert set(re.findall(r'href="(/console[^"]*)"', text)) == {"/console/"}


@pytest.mark.parametrize("path", PAGES)
def test_it_says_that_it_is_not_official(reader, path):
    assert "This is not an official site." in reader.get(path).content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_every_page_says_whether_it_shows_invented_reports(reader, settings, demo):
    settings.DEMO = demo
    for path in (*PAGES, *NOT_FOUND):
        said = "Demonstration: reports invented, laws real" in reader.get(path).content.decode()
        assert said is demo, path


@pytest.mark.parametrize("path", PRIVATE)
def test_what_could_betray_its_reader_is_kept_by_nobody(reader, path):
    assert reader.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*CACHED, *MACHINES])
def test_the_rest_may_be_kept_for_a_minute(reader, path):
    assert reader.get(path).headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", NOT_FOUND)
def test_what_does_not_exist_is_answered_with_the_emergency_number(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "tel:112" in answer.content.decode()
    assert not answer.cookies


def test_a_failure_is_answered_in_words_and_without_the_database(reader, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("text-1")

    monkeypatch.setattr("tutela.portal.numbers.published", fail)
    reader.raise_request_exception = False
    answer = reader.get("/numbers")
    assert answer.status_code == 500
    assert "tel:112" in answer.content.decode()
    assert "text-1" not in answer.content.decode()


def test_the_front_page_stands_when_the_database_is_away(reader, monkeypatch):
    def away() -> None:
        raise OperationalError

    for door in ("front", "numbers"):
        monkeypatch.setattr(f"tutela.portal.{door}.published", away)
    monkeypatch.setattr("tutela.portal.numbers.connections.close_all", lambda: None)
    answer = reader.get("/")
    assert answer.status_code == 200
    assert "The figures cannot be read at this moment" in answer.content.decode()
    assert reader.get("/numbers").status_code == 503


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_nothing_in(reader, path):
    text = reader.get(path).content.decode()
    assert 'type="file"' not in text
    assert 'method="post"' not in text.lower()


@pytest.mark.parametrize(
    ("path", "tables"),
    [
        ("/", {"statistics_figure", "strategy_reckoning", "strategy_bestpractice", "strategy_priorityaction"}),
        ("/numbers", {"statistics_figure"}),
        ("/data/figures.json", {"statistics_figure"}),
        ("/gaps", {"strategy_reckoning"}),
        ("/gaps?state=RO", {"strategy_reckoning", "strategy_bestpractice", "strategy_priorityaction"}),
        *((path, set()) for path in PRIVATE),
    ],
)
def test_a_page_reads_what_a_job_kept_and_never_the_registers(reader, path, tables):
    strategy.keep_gaps(by=HOUSE)
    kept.newest()
    with CaptureQueriesContext(connection) as seen:
        reader.get(path)
    assert {table for query in seen.captured_queries for table in re.findall(r'FROM "(\w+)"', query["sql"])} == tables
    assert len(seen) <= len(tables) + 1
