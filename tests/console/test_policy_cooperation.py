"""Capabilities stay with their state until it publishes; the Forum's record is the Union's; a proof needs two."""

import pytest

from tests import cast
from tests.console.desks import SOURCE, Desk, engineer, policy_officer
from tests.console.scenes import address
from tutela.cooperation.models import Assessment, Commitment, Decision, Meeting, Partner, PoliceCapability, Proof

pytestmark = pytest.mark.django_db
PARTNER = {
    "kind": "hotline", "name": "Hotline Example", "country": "FR", "exchanged": "text-15",
    "ground": "dir-2011-93:art-25-1", "source_url": SOURCE, "checked_on": "2026-11-01", "certainty": "secondary",
}  # fmt: skip


@pytest.fixture
def radu():
    return policy_officer("RO")


@pytest.fixture
def petra():
    return policy_officer("EU")


def test_a_state_assesses_itself_in_private_and_publishes_in_an_act_of_its_own(radu):
    overview = Desk(radu, "capabilities")
    phases = {"phase_1": "2", "why_1": "text-1", "evidence_1": SOURCE, "phase_7": "4", "why_7": "text-2"}
    page = overview.does("assess", as_of="2026-11-01", **phases)
    made = Assessment.objects.get()
    assert (made.state, made.assessed.count(), made.published_at) == ("RO", 2, None)
    assert "2 of 21 capabilities" in page and "phase 2 of 4" in page and "text-1" in page
    desk = Desk(radu, "assessment", number=made.pk)
    assert "This field is required" in desk.is_refused("publish")
    assert "everybody, since" in desk.does("publish", sure="on")
    assert desk.offers() == {"private"}
    assert "your organisation alone" in desk.does("private")


def test_the_next_assessment_begins_where_the_last_one_stood(radu):
    desk = Desk(radu, "capabilities")
    desk.does("assess", as_of="2026-10-01", phase_3="1", why_3="text-31")
    form = desk.read().partition('id="assess"')[2].partition("</details>")[0]
    assert 'value="text-31"' in form
    assert "its own day" in desk.is_refused("assess", as_of="2026-10-01", phase_3="1", why_3="text-32")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({}, "Assess at least one capability"),
        ({"phase_1": "2"}, "Say why it stands there"),
        ({"why_1": "text-1"}, "Choose its phase"),
        ({"phase_1": "5", "why_1": "text-1"}, "Select a valid choice"),
        ({"phase_1": "2", "why_1": "text-1", "evidence_1": "nowhere"}, "address, which begins with"),
        ({"phase_1": "2", "why_1": "text-1", "as_of": "2999-01-01"}, "lies in the future"),
    ],
)
def test_half_an_assessment_is_none(radu, said, says):
    text = Desk(radu, "capabilities").is_refused("assess", **{"as_of": "2026-11-01"} | said)
    assert says in text and not Assessment.objects.exists()


def test_another_states_assessment_and_police_do_not_exist(radu):
    desk = Desk(radu, "capabilities")
    desk.does("assess", as_of="2026-11-01", phase_1="2", why_1="text-1")
    assert "text-11" in desk.does("police", area="training", what="text-11", since="2026-01-01")
    assert "An amount belongs to funding" in desk.is_refused(
        "police", area="training", what="x", since="2026-01-01", amount_eur=3
    )
    assert "greater than or equal" in desk.is_refused(
        "police", area="funding", what="x", since="2026-01-01", amount_eur=-1
    )
    there = address("assessment", number=Assessment.objects.get().pk)
    for somebody in (policy_officer("DK"), policy_officer("RO"), policy_officer("EU")):
        page = Desk(somebody, "capabilities")
        assert "text-11" not in page.read() and "RO 2026-11-01" not in page.read()
        assert page.client.get(there).status_code == 404
        assert page.client.post(there, {"task": "publish", "publish-sure": "on"}).status_code == 404
    assert PoliceCapability.objects.count() == 1 and Assessment.objects.get().published_at is None


def test_a_body_of_the_union_has_no_state_to_assess(petra):
    desk = Desk(petra, "capabilities")
    assert desk.offers() == set() and "speaks for none" in desk.read()
    assert desk.put("assess", as_of="2026-11-01", phase_1="2", why_1="x").status_code == 404


def test_the_forum_meets_decides_and_a_decision_is_carried_out(petra):
    page = Desk(petra, "forum").does("meeting", held_on="2026-10-01", title="Meeting Example", source_url=SOURCE)
    assert "<h1>Meeting Example</h1>" in page
    meeting = Desk(petra, "meeting", number=Meeting.objects.get().pk)
    assert "before it was decided on" in meeting.is_refused("decision", what="x", owner="x", due="2026-01-01")
    meeting.does("decision", what="text-12", owner="Somebody Example", due="2026-10-02")
    decision = Desk(petra, "decision", number=Decision.objects.get().pk)
    assert "late by" in decision.read() and "late by" in Desk(petra, "forum").read()
    decision.is_refused("finish", on="2026-01-01", evidence_url=SOURCE)
    assert "2026-11-01" in decision.does("finish", on="2026-11-01", evidence_url=SOURCE)
    decision.does("reopen")
    assert "text-13" in decision.does("drop", reason="text-13")


def test_a_states_officer_reads_the_forums_record_and_writes_nothing_in_it(petra, radu):
    Desk(petra, "forum").does("meeting", held_on="2026-10-01", title="Meeting Example", source_url=SOURCE)
    there = Desk(radu, "forum")
    assert "Meeting Example" in there.read() and there.offers() == set()
    assert there.put("meeting", held_on="2026-10-01", title="x", source_url=SOURCE).status_code == 404
    path = address("meeting", number=Meeting.objects.get().pk)
    assert there.client.get(path).status_code == 404
    assert there.client.post(path, {"task": "decision", "decision-what": "x"}).status_code == 404
    assert Meeting.objects.count() == 1 and not Decision.objects.exists()


def promised(petra, by) -> Commitment:
    """Industry's promise, of the provider that employs this person."""
    said = {"what": "text-13", "provider": by.person.organisation_id, "made_on": "2026-01-01", "source_url": SOURCE}
    Desk(petra, "commitments").does("commitment", **said)
    return Commitment.objects.latest("pk")


def test_a_proof_is_offered_by_the_one_and_accepted_by_the_other_who_saw_where_it_lies(petra):
    emil = engineer()
    made = promised(petra, emil)
    ours, theirs = Desk(emil, "commitment", number=made.pk), Desk(petra, "commitment", number=made.pk)
    assert ours.offers() == {"offer"} and theirs.offers() == {"finish", "drop"}
    assert "cannot keep a promise made on" in ours.is_refused("offer", what="text-14", url=SOURCE, on="2025-01-01")
    ours.does("offer", what="text-14", url=SOURCE, on="2026-11-01")
    page = theirs.read()
    assert "text-14" in page and f'href="{SOURCE}"' in page
    assert "This field is required" in theirs.is_refused("accept", proof=Proof.objects.get().pk)
    assert "kept" in theirs.does("accept", proof=Proof.objects.get().pk, looked="on")
    assert Commitment.objects.get().state == "done" and ours.offers() == set()
    theirs.does("reopen")
    theirs.does("drop", reason="text-16")
    assert Commitment.objects.get().reason == "text-16"


def test_a_company_that_is_only_named_is_kept_by_a_public_source(petra):
    desk = Desk(petra, "commitments")
    said = {"what": "text-13", "made_on": "2026-01-01", "source_url": SOURCE, "due": "2026-02-01"}
    assert "not both and not neither" in desk.is_refused("commitment", **said)
    assert "late by" in desk.does("commitment", **said, company="Company Example")
    there = Desk(petra, "commitment", number=Commitment.objects.get().pk)
    assert "kept after its day" in there.does("finish", on="2026-03-01", evidence_url=SOURCE)


def test_another_providers_commitment_does_not_exist(petra):
    made = promised(petra, engineer())
    stranger = Desk(cast.stranger(), "commitments")
    assert "text-13" not in stranger.read() and stranger.offers() == set()
    for number in (made.pk, made.pk + 999):
        path = address("commitment", number=number)
        assert stranger.client.get(path).status_code == 404
        said = {"task": "offer", "offer-what": "x", "offer-url": SOURCE, "offer-on": "2026-11-01"}
        assert stranger.client.post(path, said).status_code == 404
    reader = Desk(policy_officer("RO"), "commitments")
    assert "text-13" in reader.read() and reader.client.get(address("commitment", number=made.pk)).status_code == 404
    assert not Proof.objects.exists()


def test_a_partner_has_a_ground_and_is_checked_again(radu):
    desk = Desk(radu, "partners")
    for wrong in ({"ground": "nothing"}, {"country": "fr"}, {"source_url": "x"}, {"checked_on": "2999-01-01"}):
        assert "text-15" in desk.is_refused("partner", **PARTNER | wrong)
    page = desk.does("partner", **PARTNER)
    assert "<h1>Hotline Example</h1>" in page
    there = Desk(radu, "partner", number=Partner.objects.get().pk)
    assert "partner.checked" in there.does("check", source_url=SOURCE, certainty="verified")
    assert Partner.objects.get().certainty == "verified"
    elsewhere = Desk(policy_officer("BG"), "partners")
    assert "Hotline Example" in elsewhere.read() and elsewhere.client.get(there.path).status_code == 404
