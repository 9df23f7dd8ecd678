"""Somebody tries to refer twice, too early, to a wrong body, or without a dossier; the rows or the bundle say no."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.cases.stories import new_case, party
from tests.referrals.conftest import desk  # noqa: F401
from tests.referrals.stories import chiara, confirmed, handed
from tutela.cases import rules as case_rules
from tutela.cases.models import Case
from tutela.keys.keeper import house_signer
from tutela.referrals import actions
from tutela.referrals.models import Dossier, Referral
from tutela.referrals.rules import Purpose
from tutela.seals.boxes import BoxRefused
from tutela.seals.bundle import BadBundle, read_bundle

pytestmark = pytest.mark.usefixtures("desk")


def refused(referral: Referral, constraint: str, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(**changes)


def test_a_second_referral_to_the_same_authority_is_written_by_hand() -> None:
    chiara("FR")
    (given,) = handed(confirmed("FR"))
    with pytest.raises(IntegrityError, match="one_referral_per_authority"), transaction.atomic():
        Referral.objects.create(case=given.case, authority=given.authority, recipient_country="FR", reason="again")


def test_the_check_of_the_cases_state_is_taken_out_and_the_database_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    chiara("FR")
    case = new_case(parties=[party(country="FR")])
    monkeypatch.setattr(case_rules, "check_move", lambda state, move: case_rules.REFERRED)
    # The room of referrals asks whether the case was confirmed before it tells the room below: both are broken here.
    Case.objects.filter(pk=case.pk).update(state="waiting")
    monkeypatch.setattr(case_rules, "CONFIRMED", "waiting")
    with pytest.raises(IntegrityError, match="case_decided_by_two"), transaction.atomic():
        handed(case)
    assert (Referral.objects.count(), Dossier.objects.count()) == (0, 0)


def test_a_referral_is_called_handed_over_without_a_dossier_or_a_recipient() -> None:
    (kept,) = handed(confirmed("FR"))
    refused(kept, "referral_to_somebody_here", state="handed_over")
    refused(kept, "referral_given_with_a_dossier", dossier_sha256=None)


def test_a_referral_that_was_not_given_is_shown_to_an_authority() -> None:
    boss = chiara("FR")
    (prepared,) = actions.prepare(confirmed("FR").number, by=cast.ana().actor)
    refused(prepared, "referral_to_somebody_here", organisation=boss.person.organisation)


def test_an_acknowledgement_has_a_day_and_nobody() -> None:
    chiara("FR")
    (given,) = handed(confirmed("FR"))
    refused(given, "referral_acknowledged_at_and_by", acknowledged_at=datetime.now(UTC))
    refused(given, "referral_acknowledged_at_and_by", acknowledged_by="person:somebody")
    refused(given, "referral_answer_has_a_code", answered_at=datetime.now(UTC), answered_by="person:somebody")


def test_the_sealed_dossier_of_another_referral_is_put_in_its_place() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    (other,) = handed(confirmed("FR"))
    Dossier.objects.filter(referral=given).update(sealed=Dossier.objects.get(referral=other).sealed)
    with pytest.raises(BoxRefused):
        actions.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)


def test_the_dossier_is_cut_short_on_its_way() -> None:
    boss = chiara("FR")
    (given,) = handed(confirmed("FR"))
    bundle = actions.open_dossier(given.number, by=boss.actor, purpose=Purpose.INVESTIGATION)
    for kept in (0, 1, len(bundle) // 2, len(bundle) - 1):
        with pytest.raises(BadBundle):
            read_bundle(bundle[:kept], "dossier", keys=[house_signer().public])


def test_the_dossier_cannot_be_sealed_and_nobody_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> bytes:
        raise OSError("no entropy")

    chiara("FR"), chiara("IT")
    case = confirmed("FR", "IT")
    monkeypatch.setattr("tutela.referrals.actions.handing.keys.seal", broken)
    with pytest.raises(OSError), transaction.atomic():
        actions.hand_over(case.number, by=cast.ana().actor)
    case.refresh_from_db()
    assert (case.state, Referral.objects.count()) == ("confirmed", 0)
