"""What works, beside the gap it closes; only what somebody read at its source."""

import re
from html import unescape

import pytest

from tests.compliance import stories
from tests.cooperation.conftest import policy
from tests.portal.conftest import tick
from tutela.compliance import actions as compliance
from tutela.compliance.rules import Verdict
from tutela.law.dates import today
from tutela.strategy import actions
from tutela.strategy.practices import shipped

pytestmark = pytest.mark.django_db


def text(reader, path: str = "/practices") -> str:
    return unescape(reader.get(path).content.decode())


def test_every_verified_practice_is_printed_with_its_source_and_no_other_is(reader):
    shown = text(reader)
    everything, verified = shipped(include_unverified=True), shipped()
    assert len(everything) > len(verified) >= 3
    for each in verified:
        assert each.name in shown
        assert f'href="{each.source.source_url}"' in shown
    assert [each.name for each in everything if each not in verified and each.name in shown] == []


def test_before_anything_was_computed_no_gap_is_claimed_and_none_denied(reader):
    assert "What is missing was not computed yet." in text(reader)
    assert "(0)" not in text(reader)


def test_a_practice_leads_to_the_gap_it_closes_elsewhere_and_the_gap_to_the_practice(reader):
    tick()
    assert "Nowhere in what was looked at (0)" in text(reader)
    compliance.record_finding(
        provision="dir-2011-93:art-22",
        state="RO",
        verdict=Verdict.NOT,
        reason="text-1",
        source_url="https://source.example/1",
        on=stories.TODAY,
        certainty="verified",
        by=stories.policy_officer("RO").actor,
    )
    tick()
    assert '<a href="/gaps?state=RO#negative_finding/RO/dir-2011-93:art-22">Romania</a>' in text(reader)
    there = text(reader, "/gaps?state=RO")
    assert 'href="/practices#practice:prevent-it"' in there
    assert 'id="practice:prevent-it"' in text(reader)


def test_where_it_works_it_answers_no_gap_of_the_same_state(reader):
    for state in ("SE", "RO"):
        compliance.record_finding(
            provision="dir-2011-93:art-22",
            state=state,
            verdict=Verdict.PARTLY,
            reason="text-1",
            source_url="https://source.example/1",
            on=stories.TODAY,
            certainty="verified",
            by=stories.policy_officer(state).actor,
        )
    tick()
    (card,) = re.findall(r'id="practice:prevent-it".*?</dl>', text(reader), re.DOTALL)
    assert "<dd>Sweden</dd>" in card
    assert re.findall(r"/gaps\?state=(\w+)", card) == ["RO"]
    assert "practices#practice:prevent-it" not in text(reader, "/gaps?state=SE")


@pytest.mark.parametrize(("certainty", "is_printed"), [("verified", True), ("secondary", False), ("memory", False)])
def test_a_noted_practice_is_printed_once_it_is_verified(reader, certainty, is_printed):
    actions.note_practice(
        name="Programme Example",
        what="text-1",
        state="RO",
        about="capability:4",
        source_url="https://p.example/1",
        checked_on=today(),
        certainty=certainty,
        by=policy("Radu", "RO").actor,
    )
    assert ("Programme Example" in text(reader)) is is_printed
    assert ('href="/cooperation#capabilities"' in text(reader)) is is_printed


@pytest.mark.parametrize("path", ["/", "/gaps", "/initiatives/3", "/readers", "/actions"])
def test_it_is_reached_from_where_its_readers_are(reader, path):
    tick()
    assert 'href="/practices"' in text(reader, path)
    assert 'href="/actions"' in text(reader, path)
