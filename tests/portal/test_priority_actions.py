"""Who does what by when, for anyone: what is late stands first and says by how much."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.cooperation.conftest import policy
from tests.portal.conftest import plan, tick
from tutela.law.dates import today
from tutela.portal import priority_actions as door
from tutela.strategy import actions, kept
from tutela.strategy.models import PriorityAction

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(reader, query: str = "") -> str:
    return unescape(reader.get(f"/actions{query}").content.decode())


def titles(reader, query: str = "") -> list[str]:
    return re.findall(r'<li class="card"><h2>(.*?)</h2>', text(reader, query))


def test_nothing_recorded_is_said_and_is_not_said_to_mean_that_nobody_acts(reader):
    assert "No priority action is recorded here (0)" in text(reader)


def test_an_action_is_printed_with_its_owner_its_day_and_by_how_much_it_is_late(reader):
    plan("RO")
    shown = text(reader)
    for said in ("text-1", "Ministry Example, Romania", "Late</span> by 3 days", "Late: <strong>1</strong>"):
        assert said in shown


def test_on_its_day_it_is_not_late_yet(reader):
    plan("RO", due=today())
    assert "Late</span>" not in text(reader)
    assert "Open</span>" in text(reader)


def test_what_is_late_stands_first_then_what_is_due_next_then_what_is_closed(reader):
    days = {"done": 5, "late": -1, "later": 9, "dropped": -20, "soon": 2}
    planned = {each: plan("RO", what=f"text-{each}", due=today() + n * DAY) for each, n in days.items()}
    radu = policy("Radu", "RO").actor
    PriorityAction.objects.update(recorded_by=radu.organisation_id)
    actions.finish(planned["done"].pk, on=today() - DAY, evidence_url="https://e.example/1", by=radu)
    actions.drop(planned["dropped"].pk, reason="text-2", by=radu)
    assert titles(reader) == ["text-late", "text-soon", "text-later", "text-done", "text-dropped"]
    assert 'href="https://e.example/1"' in text(reader, "?standing=done")
    assert "text-2" in text(reader, "?standing=dropped")


@pytest.mark.parametrize(
    ("query", "found"),
    [("?state=RO", 2), ("?state=EU", 1), ("?initiative=3", 1), ("?state=RO&initiative=1&standing=late", 1), ("", 3)],
)
def test_it_can_be_asked_by_place_initiative_and_standing(reader, query, found):
    plan("RO")
    plan("RO", due=today() + DAY)
    plan("EU", initiative=3)
    assert len(titles(reader, query)) == found


def test_an_action_leads_to_its_gap_and_the_gap_to_its_action(reader):
    tick()
    gap = next(each for each in kept.newest().found.gaps if each.state == "RO")
    plan("RO", gap=gap.key)
    shown = text(reader)
    assert f'href="/gaps?state=RO#{gap.key}"' in shown
    assert "still found," in shown
    there = unescape(reader.get("/gaps?state=RO").content.decode())
    line = re.search(rf'<li id="{re.escape(gap.key)}">(.*?)</ul></li>', there, re.DOTALL)[1]
    assert "Ministry Example: text-1" in line
    assert "Late</span>" in line
    assert "Ministry Example" not in reader.get("/gaps?state=BE").content.decode()


def test_a_gap_that_is_no_longer_found_is_said_to_be_so(reader):
    plan("RO", gap="negative_finding/RO/dir-2011-93:art-22")
    assert "longer found" not in text(reader)
    assert "Article found to be carried out in part or not: Article 22, Directive 2011/93/EU" in text(reader)
    tick()
    assert "no longer found," in text(reader)


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?state=UK", 1),
        ("?state=%00", 1),
        ("?initiative=9", 1),
        ("?initiative=٣", 1),
        ("?standing=soon", 1),
        ("?page=0", 1),
        ("?page=1.0&state=ro&initiative=-1&standing=LATE", 4),
    ],
)
def test_a_choice_that_does_not_exist_is_said_in_words(reader, query, faults):
    answer = reader.get(f"/actions{query}")
    assert answer.status_code == 422
    assert answer.content.decode().count("<li>“") == faults


def test_many_actions_come_in_pages_of_which_each_is_light(reader, monkeypatch):
    monkeypatch.setattr(door, "ROWS_PER_PAGE", 2)
    radu = policy("Radu", "RO").actor
    for number in range(3):
        actions.plan(
            initiative=1,
            country="RO",
            what=f"text-{number}",
            owner="o",
            due=today() + DAY,
            decided_on=today() - DAY,
            by=radu,
        )
    assert titles(reader, "?state=RO") == ["text-0", "text-1"]
    assert 'href="?state=RO&page=2"' in text(reader, "?state=RO")
    assert titles(reader, "?state=RO&page=2") == ["text-2"]
    assert reader.get("/actions?page=3").status_code == 404


def test_the_front_page_and_the_third_initiative_say_what_is_late(reader):
    assert "priority action</a>" not in text_of(reader, "/")
    plan("RO")
    assert 'href="/actions?standing=late">1 priority action</a>' in text_of(reader, "/")
    assert "1 late</span>" in text_of(reader, "/initiatives/3")
    assert "1 late</span>" in text_of(reader, "/initiatives/1")
    assert "late</span>" not in text_of(reader, "/initiatives/8")


def text_of(reader, path: str) -> str:
    return unescape(reader.get(path).content.decode())
