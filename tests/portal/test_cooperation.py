"""What is public of cooperation: verified partners, the Forum, promises; a state's papers only when it publishes."""

from datetime import timedelta
from html import unescape

import pytest

from tests import cast
from tests.cooperation.conftest import policy
from tutela.cooperation import actions
from tutela.cooperation.actions import Phase
from tutela.cooperation.capabilities import capabilities
from tutela.cooperation.models import Assessment
from tutela.cooperation.partners import shipped
from tutela.cooperation.rules import PartnerKind, Standing
from tutela.law.dates import today
from tutela.law.sources import Certainty
from tutela.portal import cooperation as door
from tutela.portal.undertakings import STANDINGS

pytestmark = pytest.mark.django_db
TODAY = today()
DAY = timedelta(days=1)


def text(reader) -> str:
    return unescape(reader.get("/cooperation").content.decode())


@pytest.fixture
def petra() -> cast.Member:
    """Of the Union's own policy body."""
    return policy("Petra", "EU")


@pytest.fixture
def radu() -> cast.Member:
    return policy("Radu", "RO")


def test_every_verified_partner_is_printed_with_its_source_and_no_other_is(reader):
    shown = text(reader)
    everybody = shipped(include_unverified=True)
    verified = [each for each in everybody if each.is_verified]
    assert len(everybody) > len(verified) >= 3
    for each in verified:
        assert each.name in shown
        assert f'href="{each.source.source_url}"' in shown
    names = {each.name for each in verified}
    assert [each.name for each in everybody if each.name not in names and each.name in shown] == []


def test_the_saboteur_who_prints_unverified_partners_is_seen(reader, monkeypatch):
    monkeypatch.setattr(door, "printed_partners", lambda: shipped(include_unverified=True))
    shown = text(reader)
    unread = [each for each in shipped(include_unverified=True) if each.source.certainty is Certainty.MEMORY]
    assert sum(each.name in shown for each in unread) > 5


def test_the_ground_of_an_exchange_leads_to_its_provision(reader):
    shown = text(reader)
    grounds = {said.ground for each in shipped() for said in each.exchanges if said.ground}
    assert grounds
    for ground in grounds:
        act, _, anchor = ground.partition(":")
        assert f'href="/law/{act}#{anchor}"' in shown
        assert f'id="{anchor}"' in reader.get(f"/law/{act}").content.decode()


def test_nothing_recorded_is_said_as_nought(reader):
    shown = text(reader)
    for sentence in ("No meeting is recorded here (0).", "No commitment is recorded here (0).", "(0 of 27)"):
        assert sentence in shown


def test_a_late_decision_of_the_forum_shows_by_how_much(reader, petra):
    held = TODAY - 30 * DAY
    meeting = actions.record_meeting(held_on=held, title="text-1", source_url="https://f.example/1", by=petra.actor)
    actions.record_decision(meeting.pk, what="text-2", owner="text-3", due=TODAY - 3 * DAY, by=petra.actor)
    shown = text(reader)
    for said in ("text-1", "text-2", "text-3", "Late</span>", 'href="https://f.example/1"'):
        assert said in shown
    assert f"by {(door.today() - (TODAY - 3 * DAY)).days} days" in shown


def test_a_commitment_is_printed_as_kept_only_with_its_evidence(reader, petra):
    promise = actions.record_commitment(
        what="text-4",
        made_on=TODAY - 9 * DAY,
        due=TODAY + 9 * DAY,
        source_url="https://c.example/1",
        company="Company Example",
        by=petra.actor,
    )
    assert "Open</span>" in text(reader)
    actions.keep_commitment(promise.pk, on=TODAY - DAY, evidence_url="https://c.example/2", by=petra.actor)
    shown = text(reader)
    assert "Done</span>" in shown
    assert 'href="https://c.example/2"' in shown


def test_a_state_is_read_about_only_after_it_published_and_never_about_its_police(reader, radu):
    phases = [Phase(number=each.number, phase=2, why=f"text-5-{each.number}") for each in capabilities()]
    made = actions.assess(state="RO", as_of=TODAY, phases=phases, by=radu.actor)
    actions.note_police_capability(state="RO", area="training", what="text-6", since=TODAY, by=radu.actor)
    assert "text-5" not in text(reader)
    actions.publish(made.pk, by=radu.actor)
    shown = text(reader)
    assert "Romania of itself: 21 of 21 capabilities" in shown
    assert all(f"text-5-{each.number}<" in shown for each in capabilities())
    assert "text-6" not in shown
    actions.make_private(made.pk, by=radu.actor)
    assert "text-5" not in text(reader)


def test_the_saboteur_who_prints_private_assessments_is_seen(reader, radu, monkeypatch):
    phases = [Phase(number=each.number, phase=2, why=f"text-5-{each.number}") for each in capabilities()]
    actions.assess(state="RO", as_of=TODAY, phases=phases, by=radu.actor)
    monkeypatch.setattr(type(Assessment.objects.all()), "published", lambda self: self)
    assert "text-5-1<" in text(reader)


def test_every_word_of_the_room_has_words_for_readers():
    assert set(door.KINDS) == set(PartnerKind)
    assert set(STANDINGS) == set(Standing)
