"""A promise is kept by proof that somebody else accepted, and by nothing the company says of itself."""

from datetime import timedelta

import pytest

from tests import cast
from tutela.accounts.policy import NotYours, Role
from tutela.audit.models import Leaf
from tutela.cooperation import actions
from tutela.cooperation.models import Commitment, Proof
from tutela.cooperation.rules import Refused
from tutela.law.dates import today

pytestmark = pytest.mark.django_db
TODAY = today()
DAY = timedelta(days=1)
MADE = TODAY - 60 * DAY
PROMISE = {"what": "text-1", "made_on": MADE, "source_url": "https://forum.example/2", "due": TODAY - 5 * DAY}
PROOF = {"what": "text-2", "url": "https://proof.example"}


@pytest.fixture
def emil():
    """Of the provider that promised."""
    return cast.person("Emil", Role.PROVIDER_ENGINEER, cast.organisation("provider", country="IE"))


@pytest.fixture
def promise(petra, emil) -> Commitment:
    return actions.record_commitment(**PROMISE, provider=emil.person.organisation, by=petra.actor)


def test_a_promise_is_open_then_late_then_kept_after_its_day(petra, emil, promise):
    assert [promise.said(on) for on in (PROMISE["due"], TODAY)] == ["open", "late"]
    proof = actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=emil.actor)
    promise.refresh_from_db()
    assert promise.said(TODAY) == "late"
    kept = actions.accept_proof(proof.pk, by=petra.actor)
    assert (kept.said(TODAY), kept.evidence_url) == ("kept after its day", "https://proof.example")
    assert Leaf.objects.latest("pk").action == "commitment.kept"


def test_a_promise_that_was_kept_in_time_stays_kept_however_late_it_was_proven(petra, emil, promise):
    proof = actions.offer_proof(promise.pk, **PROOF, on=PROMISE["due"], by=emil.actor)
    assert actions.accept_proof(proof.pk, by=petra.actor).said(TODAY) == "kept"


def test_another_provider_proves_nothing_and_accepts_nothing(petra, radu, emil, promise):
    proof = actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=emil.actor)
    for somebody in (cast.stranger(), radu, petra, cast.ana()):
        with pytest.raises(NotYours):
            actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=somebody.actor)
    for somebody in (cast.stranger(), radu, emil, cast.ana()):
        with pytest.raises(NotYours):
            actions.accept_proof(proof.pk, by=somebody.actor)
        with pytest.raises(NotYours):
            actions.withdraw_commitment(promise.pk, reason="text-1", by=somebody.actor)
        with pytest.raises(NotYours):
            actions.record_commitment(**PROMISE, company="Company Example", by=somebody.actor)
    assert (Proof.objects.get().accepted_at, Commitment.objects.get().state) == (None, "open")


def test_a_company_that_is_only_named_is_kept_from_a_public_source(petra, emil):
    named = actions.record_commitment(**PROMISE, company="Company Example", by=petra.actor)
    assert named.of == "Company Example"
    with pytest.raises(NotYours):
        actions.offer_proof(named.pk, **PROOF, on=TODAY, by=emil.actor)
    kept = actions.keep_commitment(named.pk, on=MADE, evidence_url="https://e.example", by=petra.actor)
    assert kept.said(TODAY) == "kept"
    assert actions.reopen_commitment(named.pk, by=petra.actor).said(TODAY) == "late"
    assert actions.withdraw_commitment(named.pk, reason="text-3", by=petra.actor).said(TODAY) == "withdrawn"


def test_what_is_kept_needs_no_more_proof(petra, emil, promise):
    first = actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=emil.actor)
    second = actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=emil.actor)
    actions.accept_proof(first.pk, by=petra.actor)
    with pytest.raises(Refused, match="nothing left to prove"):
        actions.offer_proof(promise.pk, **PROOF, on=TODAY, by=emil.actor)
    with pytest.raises(Refused, match="One cannot finish what is done"):
        actions.accept_proof(second.pk, by=petra.actor)
    assert Proof.objects.get(pk=second.pk).accepted_at is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"on": MADE - DAY}, "cannot keep a promise made on"),
        ({"on": TODAY + DAY}, "in the future"),
        ({"url": "ftp://x.example"}, "Name the proof"),
        ({"what": "\x00"}, "no text"),
    ],
)
def test_a_bad_proof_is_refused(emil, promise, change, said):
    with pytest.raises(Refused, match=said):
        actions.offer_proof(promise.pk, **{**PROOF, "on": TODAY} | change, by=emil.actor)
    assert Proof.objects.count() == 0


def test_a_promise_is_of_one_company(petra, emil):
    home = emil.person.organisation
    for of in ({}, {"provider": home, "company": "Company Example"}, {"company": "  "}):
        with pytest.raises(Refused, match="not both and not neither"):
            actions.record_commitment(**PROMISE, **of, by=petra.actor)
    with pytest.raises(Refused, match="is not a provider"):
        actions.record_commitment(**PROMISE, provider=petra.person.organisation, by=petra.actor)
    assert Commitment.objects.count() == 0
