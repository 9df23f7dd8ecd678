"""What holds for every public page also where there is something on it."""

import re
from html import unescape
from itertools import pairwise

import pytest

from tests.portal.furnished import CELL, OTHER_CELL, furnish
from tests.portal.pages import FURNISHED, MACHINES, PAGES
from tests.portal.test_every_page import outline
from tutela.portal.gaps import KINDS as GAPS
from tutela.portal.undertakings import STANDINGS
from tutela.strategy.gaps import Kind

pytestmark = pytest.mark.django_db
# Prevention is not compared yet: that it is not measured is said, and no gap can be shown.
NOT_MEASURED = {Kind.PREVENTION}


@pytest.fixture(autouse=True)
def house(db) -> str:
    return furnish()


def text(reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_house_has_a_gap_of_each_kind_with_what_answers_it_and_who_acts(reader):
    shown = text(reader, "/gaps?state=RO")
    for kind, name in GAPS.items():
        assert (f'<span class="when">{name}' in shown) is (kind not in NOT_MEASURED), kind
    assert "What works elsewhere:" in shown
    assert "Who acts:" in shown


def test_the_house_has_an_action_of_each_standing_and_a_second_page_of_them(reader):
    shown = text(reader, "/actions") + text(reader, "/actions?page=2")
    for word in STANDINGS.values():
        assert re.search(rf'<span class="[^"]*">[^<]*(<svg.*?</svg>)?\s*{word}', shown), word
    assert "still found," in shown
    assert "no longer found," in shown


def test_the_house_has_findings_measures_a_practice_and_promises(reader):
    assert "From a secondary source." in re.search("<dt>Found</dt>.*", text(reader, f"/law/matrix/{CELL}/RO"))[0]
    assert "72011L0093ROU_201400001" in text(reader, f"/law/matrix/{OTHER_CELL}/RO")
    practices = text(reader, "/practices")
    assert f"/gaps?state=RO#negative_finding/RO/{OTHER_CELL}" in practices
    cooperation = text(reader, "/cooperation")
    for said in ("text-6", "text-7", "text-8", "text-9", "Romania of itself: 21 of 21 capabilities"):
        assert said in cooperation


def test_every_page_and_file_opens_and_reads_well_aloud(reader, house):
    for path in (*PAGES, *FURNISHED, house):
        seen = outline(reader, path)
        headings = seen.headings()
        assert headings.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(headings)), path
        assert len(seen.ids) == len(set(seen.ids)), path
        assert set(seen.targets) <= set(seen.ids), path
        assert seen.inline == [], path
    assert {reader.get(path).status_code for path in MACHINES} == {200}
