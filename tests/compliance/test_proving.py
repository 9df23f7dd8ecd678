"""A provider's papers: kept by its own people, read by nobody else."""

from datetime import date

import pytest

from tests import cast
from tests.compliance.stories import TODAY, engineer, evidence, policy_officer, technology
from tutela.accounts.policy import NotYours
from tutela.audit.models import Leaf
from tutela.compliance import actions
from tutela.compliance.models import Evidence, Measurement, Technology
from tutela.compliance.readiness import Advice, State
from tutela.compliance.rules import Refused

pytestmark = pytest.mark.django_db
COUNTS = {"flagged": 2000, "reviewed": 1000, "not_confirmed": 12}
YEAR = {"first": date(2025, 12, 1), "last": date(2026, 11, 1)}
PAPERS = {
    "assessment": "DPIA-1",
    "assessed_on": date(2023, 6, 1),
    "consultation": "PC-1",
    "consulted_on": date(2023, 9, 1),
    "advice": Advice.GIVEN,
    "followed_up": "text-1",
    "followed_up_on": date(2023, 12, 1),
}


@pytest.fixture
def emil():
    return engineer()


def states(member) -> dict[str, State]:
    found = actions.readiness_of(member.actor.organisation_id, on=TODAY, by=member.actor)
    return {each.condition.condition: each.state for each in found}


def test_emil_proves_one_condition_after_the_other_until_his_provider_is_ready(emil) -> None:
    assert set(states(emil).values()) == {State.MISSING}
    entry = technology(emil.actor, **PAPERS)
    assert (states(emil)["C07"], states(emil)["C09"]) == (State.MET, State.MISSING)
    actions.add_measurement(entry.pk, **YEAR, **COUNTS, by=emil.actor)
    for condition, state in states(emil).items():
        if state is State.MISSING:
            evidence(emil, condition)
    assert set(states(emil).values()) == {State.MET, State.NOT_APPLICABLE}


def test_what_is_withdrawn_no_longer_counts_and_is_kept(emil) -> None:
    technology(emil.actor)
    paper = evidence(emil, "C01")
    assert states(emil)["C01"] is State.MET
    actions.withdraw_evidence(paper.pk, reason="text-2", by=emil.actor)
    assert states(emil)["C01"] is State.MISSING
    assert Evidence.objects.get().withdrawn_reason == "text-2"
    with pytest.raises(Refused, match="withdrawn already"):
        actions.withdraw_evidence(paper.pk, reason="text-3", by=emil.actor)


def test_each_act_and_each_look_leaves_its_leaf(emil) -> None:
    entry = technology(emil.actor)
    actions.change_technology(entry.pk, in_use_to=date(2026, 1, 1), by=emil.actor)
    actions.add_measurement(entry.pk, **YEAR, **COUNTS, by=emil.actor)
    evidence(emil, "C01")
    states(emil)
    said = set(Leaf.objects.filter(action__startswith="compliance.").values_list("action", flat=True))
    assert said == {
        "compliance.technology_registered",
        "compliance.technology_changed",
        "compliance.measured",
        "compliance.evidence_given",
        "compliance.readiness_read",
    }


@pytest.mark.parametrize("who", [cast.stranger, cast.ana, cast.officer, policy_officer])
def test_nobody_of_another_house_reads_or_writes(emil, who) -> None:
    entry, paper, other = technology(emil.actor), evidence(emil, "C01"), who()
    with pytest.raises(NotYours):
        actions.readiness_of(emil.actor.organisation_id, on=TODAY, by=other.actor)
    with pytest.raises(NotYours):
        actions.change_technology(entry.pk, in_use_to=TODAY, by=other.actor)
    with pytest.raises(NotYours):
        actions.add_measurement(entry.pk, **YEAR, **COUNTS, by=other.actor)
    with pytest.raises(NotYours):
        actions.withdraw_evidence(paper.pk, reason="text-1", by=other.actor)
    assert Leaf.objects.filter(action="compliance.readiness_read").count() == 0
    assert (Measurement.objects.count(), Evidence.objects.filter(withdrawn_at=None).count()) == (0, 1)


def test_the_strangers_own_papers_say_nothing_of_emils(emil) -> None:
    technology(emil.actor)
    evidence(emil, "C01")
    assert set(states(cast.stranger()).values()) == {State.MISSING}


def test_what_does_not_exist_is_answered_like_what_is_not_yours(emil) -> None:
    with pytest.raises(NotYours):
        actions.change_technology(999_999, in_use_to=TODAY, by=emil.actor)
    with pytest.raises(NotYours):
        actions.withdraw_evidence(999_999, reason="text-1", by=emil.actor)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"flagged": -1}, "Count nothing below 0"),
        ({"not_confirmed": -1}, "Count nothing below 0"),
        ({"reviewed": 2001}, "Count nothing below 0"),
        ({"not_confirmed": 1001}, "Count nothing below 0"),
        ({"last": date(2025, 11, 30)}, "ends after it began"),
    ],
)
def test_a_count_that_cannot_be_is_refused(emil, changes, sentence) -> None:
    entry = technology(emil.actor)
    with pytest.raises(Refused, match=sentence):
        actions.add_measurement(entry.pk, **(YEAR | COUNTS | changes), by=emil.actor)
    assert not Measurement.objects.exists()


def test_one_period_is_measured_once(emil) -> None:
    entry = technology(emil.actor)
    actions.add_measurement(entry.pk, **YEAR, **COUNTS, by=emil.actor)
    with pytest.raises(Refused, match="measured already"):
        actions.add_measurement(entry.pk, **YEAR, **COUNTS, by=emil.actor)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"assessment": "DPIA-1"}, "impact assessment's reference and its day together"),
        ({"consulted_on": TODAY}, "prior consultation's reference and its day together"),
        ({"followed_up": "text-1", "followed_up_on": TODAY}, "answers advice that was given"),
        ({"in_use_to": date(2020, 1, 1)}, "The use ends after it began"),
        ({"ready": True}, "Not to be written here: ready"),
        ({"detects": frozenset()}, "what it detects"),
        ({"version": " "}, "Name the technology"),
    ],
)
def test_an_entry_that_is_half_said_is_refused(emil, changes, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        technology(emil.actor, **changes)
    assert not Technology.objects.exists()


def test_a_version_is_registered_once(emil) -> None:
    technology(emil.actor)
    with pytest.raises(Refused, match="registered already"):
        technology(emil.actor)
    technology(emil.actor, version="1.1")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"link": "http://provider.example/"}, "SHA-256"),
        ({"link": ""}, "SHA-256"),
        ({"sha256": b"short"}, "32 bytes"),
        ({"what": " "}, "Say what the evidence is"),
        ({"on": date(2999, 1, 1)}, "a day that has come"),
    ],
)
def test_evidence_that_cannot_be_looked_up_is_refused(emil, changes, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        evidence(emil, "C01", **changes)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("condition", ["C00", "C21", "c01", ""])
def test_evidence_is_for_one_of_the_twenty(emil, condition) -> None:
    with pytest.raises(Refused, match="C01 to C20"):
        evidence(emil, condition)


def test_the_responsible_person_works_for_the_provider(emil) -> None:
    with pytest.raises(Refused, match="works for the provider"):
        evidence(emil, "C01", responsible=cast.stranger().person)
    assert evidence(emil, "C01", link="", sha256=bytes(32)).responsible == emil.person
