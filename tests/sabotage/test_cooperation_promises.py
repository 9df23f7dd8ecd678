"""Somebody keeps a promise without proof, closes a decision without evidence, opens a state's own papers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from tests import cast
from tests.cooperation.conftest import freja, petra, radu  # noqa: F401
from tutela.accounts.policy import NotYours, Role
from tutela.cooperation import actions, rules
from tutela.cooperation.actions import Phase
from tutela.cooperation.models import Assessed, Assessment, Commitment, Decision, Meeting, PoliceCapability, Proof

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = NOW.date()
MADE = TODAY - timedelta(days=30)


def refused(row: Model, constraint: str, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.fixture
def emil():
    return cast.person("Emil", Role.PROVIDER_ENGINEER, cast.organisation("provider", country="IE"))


@pytest.fixture
def promise(petra, emil) -> Commitment:  # noqa: F811
    return actions.record_commitment(
        what="text-1", made_on=MADE, source_url="https://f.example", provider=emil.person.organisation, by=petra.actor
    )


@pytest.fixture
def decision(petra) -> Decision:  # noqa: F811
    meeting = actions.record_meeting(held_on=MADE, title="text-1", source_url="https://f.example", by=petra.actor)
    return actions.record_decision(meeting.pk, what="text-1", owner="Body Example", by=petra.actor)


def test_a_promise_or_a_decision_is_called_done_without_evidence(promise, decision):
    for row, name in ((promise, "commitment"), (decision, "decision")):
        constraint = f"{name}_closed_with_its_reason"
        refused(row, constraint, state="done")
        refused(row, constraint, state="done", done_on=TODAY)
        refused(row, constraint, state="done", evidence_url="https://e.example")
        refused(row, constraint, state="dropped")
        refused(row, constraint, reason="text-2")
        refused(row, constraint, state="forgotten")


def test_a_proof_is_accepted_by_whom_nobody_knows_or_by_who_offered_it(promise, emil):
    proof = actions.offer_proof(promise.pk, what="text-2", url="https://p.example", on=TODAY, by=emil.actor)
    refused(proof, "proof_accepted_at_and_by", accepted_at=NOW)
    refused(proof, "proof_accepted_at_and_by", accepted_by=promise.recorded_by)
    refused(proof, "proof_not_accepted_by_who_offered_it", accepted_at=NOW, accepted_by=emil.person.organisation)


def test_the_codes_own_check_is_taken_out_and_a_provider_still_accepts_nothing(promise, emil, monkeypatch):
    proof = actions.offer_proof(promise.pk, what="text-2", url="https://p.example", on=TODAY, by=emil.actor)
    monkeypatch.setattr("tutela.cooperation.actions.writing.check_may", lambda *_, **__: None)
    with pytest.raises(NotYours):
        actions.accept_proof(proof.pk, by=emil.actor)
    monkeypatch.setattr("tutela.cooperation.actions.writing.check_speaks_for_the_union", lambda by: None)
    with pytest.raises(rules.Refused, match="offered this proof yourself"):
        actions.accept_proof(proof.pk, by=emil.actor)
    assert Proof.objects.get().accepted_at is None


def test_a_promise_is_nobodys_or_everybodys(promise):
    refused(promise, "commitment_of_a_provider_or_a_named_company", provider=None)
    refused(promise, "commitment_of_a_provider_or_a_named_company", company="Company Example")


def test_a_capability_is_placed_outside_the_model_or_published_by_nobody(radu):  # noqa: F811
    made = actions.assess(state="RO", as_of=TODAY, phases=[Phase(number=1, phase=1, why="text-1")], by=radu.actor)
    row = Assessed.objects.get()
    for change in ({"number": 22}, {"number": 0}, {"phase": 5}, {"phase": 0}):
        refused(row, "assessed_one_of_21_in_one_of_4", **change)
    refused(row, "assessed_says_why", why="")
    refused(made, "assessment_published_at_and_by", published_at=NOW)
    refused(made, "assessment_published_at_and_by", published_by="person:x")


def leaks(radu, others) -> list[str]:  # noqa: F811
    """Whoever can see a state's own papers without being that state."""
    actions.assess(state="RO", as_of=TODAY, phases=[Phase(number=1, phase=1, why="text-1")], by=radu.actor)
    actions.note_police_capability(state="RO", area="training", what="text-1", since=TODAY, by=radu.actor)
    return [
        f"{who}: {model.__name__}"
        for who, by in others.items()
        for model in (Assessment, PoliceCapability)
        if model.objects.open_to(by).exists()
    ]


@pytest.mark.parametrize("broken", [False, True])
def test_the_wall_around_a_states_papers_is_taken_down(radu, freja, monkeypatch, broken):  # noqa: F811
    others = {"freja": freja.actor, "stranger": cast.stranger().actor, "ana": cast.ana().actor}
    if broken:
        monkeypatch.setattr("tutela.cooperation.models.capability.owned", lambda by: Q(pk__isnull=False))
    found = leaks(radu, others)
    assert len(found) == (6 if broken else 0)


def test_the_audit_fails_and_nothing_was_promised_or_published(petra, radu, monkeypatch):  # noqa: F811
    made = actions.assess(state="RO", as_of=TODAY, phases=[Phase(number=1, phase=1, why="text-1")], by=radu.actor)

    def broken(*args: object, **more: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr("tutela.cooperation.actions.writing.audit.record", broken)
    with pytest.raises(OSError):
        actions.publish(made.pk, by=radu.actor)
    with pytest.raises(OSError):
        actions.record_meeting(held_on=MADE, title="text-2", source_url="https://f.example", by=petra.actor)
    made.refresh_from_db()
    assert (made.published_at, Meeting.objects.count()) == (None, 0)
