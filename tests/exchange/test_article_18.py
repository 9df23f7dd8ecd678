"""What goes to the police: whom it is for, why, and a page that does nothing but be read."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutela.exchange.article_18 import bundle_files, recipients, states_named
from tutela.exchange.messages import Digest, Incident, Item, Location, Party, Person, PostalAddress, Report
from tutela.law.authorities import EUROPOL, MEMBER_STATES

ON = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 20, tzinfo=UTC)
COUNTRIES = st.sampled_from([*MEMBER_STATES, "GR", "US", "CH"])


def report(*parties, **more):
    incident = Incident(type="material", at="2026-11-22T08:30:00Z")
    return Report(reference="story-1", kind="known_material", incident=incident, parties=list(parties), **more)


def party(role, country=None, postal=None):
    addresses = [PostalAddress(country=postal)] if postal else []
    return Party(role=role, location=Location(country=country) if country else None, person=Person(addresses=addresses))


def test_states_are_those_that_the_report_states_of_a_person():
    found = states_named(report(party("suspect", "FR", "FR"), party("victim", "GR"), party("recipient")))
    assert found == {
        "EL": "victim: GR by a stated place",
        "FR": "suspect: FR by a stated place; suspect: FR by a postal address",
    }


@given(st.lists(st.tuples(st.sampled_from(["suspect", "victim"]), COUNTRIES), max_size=4), COUNTRIES)
def test_somebody_is_always_told_and_never_a_state_that_nobody_named(named, seat):
    found = states_named(report(*(party(role, country) for role, country in named)))
    told = recipients(found, establishment=seat, representative="", on=ON)
    inside = {country for country in found if country in MEMBER_STATES}
    assert told
    if inside:
        assert {each.country for each in told} == inside
    elif found:
        assert [each.country for each in told] == [EUROPOL.country]
    else:
        assert {each.country for each in told} <= {"EL" if seat == "GR" else seat, EUROPOL.country}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.text += data


READ_ONLY = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "li",
    "strong",
    "table",
    "tr",
    "th",
    "td",
}


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip() == text))
def test_no_word_of_a_report_becomes_a_part_of_the_page(text):
    said = report(items=[Item(name=text[:200], digests=[Digest(algorithm="MD5", value="0" * 32)])], additional=[text])
    files = bundle_files(said, recipients({}, establishment="IE", representative="", on=ON), made_at=AT)
    page = Page()
    page.feed(files["page.html"].decode())
    assert set(page.tags) <= READ_ONLY and set(page.attributes) <= {"lang", "charset"}
    assert text in page.text


@pytest.mark.parametrize("name", ["README.txt", "report.json", "suspicion.json", "page.html"])
def test_the_same_facts_give_the_same_bytes(name):
    told = recipients({"FR": "suspect: FR"}, establishment="", representative="", on=ON)
    assert bundle_files(report(), told, made_at=AT)[name] == bundle_files(report(), told, made_at=AT)[name]
