"""What is missing, for anyone: with the records that cause it, and never a nought where nobody looked."""

import re
from html import unescape

import pytest

from tests.compliance import stories
from tests.cooperation.conftest import policy
from tests.portal.conftest import plan
from tutela.accounts.policy import HOUSE
from tutela.compliance import actions as compliance
from tutela.compliance.rules import Verdict, owed
from tutela.cooperation import actions as cooperation
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities
from tutela.law.strategy import initiatives
from tutela.portal import gaps as door
from tutela.strategy import actions as strategy
from tutela.strategy import monitor
from tutela.strategy.gaps import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(db):
    strategy.keep_gaps(by=HOUSE)


def words(reader, query: str = "") -> str:
    return unescape(reader.get(f"/gaps{query}").content.decode())


def shown(reader, query: str) -> int:
    text = words(reader, query)
    return len(re.findall(r' id="[a-z_]+/[A-Z]{2}/', text))


def test_each_gap_of_a_state_is_printed_with_its_records(reader):
    found = monitor.found(on=stories.TODAY, states=["RO"])
    text = words(reader, "?state=RO")
    assert shown(reader, "?state=RO") == len(found.gaps) > 0
    for gap in found.gaps:
        assert gap.sentence in text
        assert all(record in text for record in gap.records)
    for look in found.not_measured:
        assert look.why in text


def test_what_nobody_looked_at_is_not_a_nought(reader):
    text = words(reader)
    row = re.search(rf"{door.KINDS[Kind.PREVENTION]}</th>(.*?)</tr>", text)[1]
    assert "0 of 27" in row
    assert "not measured" in row
    assert ">0</td>" not in row


def test_a_finding_becomes_a_gap_that_leads_to_its_cell_and_to_its_article(reader):
    officer = stories.policy_officer("RO").actor
    before = shown(reader, "?state=RO")
    compliance.record_finding(
        provision=stories.ARTICLE,
        state="RO",
        verdict=Verdict.NOT,
        reason="text-1",
        source_url="https://source.example/1",
        on=stories.TODAY,
        certainty="verified",
        by=officer,
    )
    assert shown(reader, "?state=RO") == before
    strategy.keep_gaps(by=HOUSE)
    assert shown(reader, "?state=RO") == before + 1
    text = words(reader, "?state=RO&initiative=1")
    assert "text-1" in text
    assert 'href="/law/matrix/dir-2011-93:art-22/RO"' in text
    assert 'href="/law/dir-2011-93#art-22"' in reader.get("/law/matrix/dir-2011-93:art-22/RO").content.decode()


def test_gaps_with_one_cause_are_told_once_and_each_keeps_its_own_place(reader):
    officer = stories.policy_officer("RO").actor
    stories.import_nim(stories.binding(1), by=officer)
    plan("RO", officer, gap="provision_without_measure/RO/dir-2011-93:art-14")
    strategy.keep_gaps(by=HOUSE)
    text = words(reader, "?state=RO")
    alike = [each for each in monitor.found(on=stories.TODAY, states=["RO"]).gaps if each.kind is Kind.WITHOUT_MEASURE]
    assert len(alike) > 80
    # Article 14 has an action and Article 22 a practice: both stand alone.
    assert text.count("nobody has yet said what they do for this article") == 3
    assert f"{door.KINDS[Kind.WITHOUT_MEASURE]}: {len(alike) - 2}</span>" in text
    alone = {"dir-2011-93:art-14", stories.ARTICLE}
    told = [each for each in re.findall(r'id="provision_without_measure/RO/([^"]+)"', text) if each not in alone]
    assert told == [each for each in owed() if each in told]
    for each in alike:
        assert text.count(f'id="{each.key}"') == 1
        assert text.count(f'href="/law/matrix/{each.about}/RO"') == 1


def test_a_private_assessment_makes_no_gap_that_the_public_reads(reader):
    radu = policy("Radu", "RO")
    before = shown(reader, "?state=RO")
    phases = [Phase(number=each.number, phase=1, why="text-2") for each in capabilities()]
    made = cooperation.assess(state="RO", as_of=stories.TODAY, phases=phases, by=radu.actor)
    assert shown(reader, "?state=RO") == before
    strategy.keep_gaps(by=HOUSE)
    assert shown(reader, "?state=RO") == before
    cooperation.publish(made.pk, by=radu.actor)
    strategy.keep_gaps(by=HOUSE)
    assert shown(reader, "?state=RO") == before + 21


def test_the_initiatives_lead_to_what_is_missing(reader):
    for each in initiatives():
        # The third is to find gaps at all: it leads to every one of them.
        asked = "" if each.number == 3 else f"?initiative={each.number}"
        assert f'href="/gaps{asked}"' in words_of(reader, each.number)
        assert f'href="/actions{asked}"' in words_of(reader, each.number)
        assert reader.get(f"/gaps?initiative={each.number}").status_code == 200


def words_of(reader, number: int) -> str:
    return unescape(reader.get(f"/initiatives/{number}").content.decode())


@pytest.mark.parametrize("query", ["?state=UK", "?state=ro", "?initiative=0", "?initiative=٣", "?state=%00"])
def test_a_choice_that_does_not_exist_is_said_in_words(reader, query):
    answer = reader.get(f"/gaps{query}")
    assert answer.status_code == 422
    assert answer.content.decode().count("<li>“") == 1


def test_every_kind_of_gap_has_words():
    assert set(door.KINDS) == set(Kind)
