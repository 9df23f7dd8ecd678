"""The look at what was completed since is taken out, and what nobody read leaves the house."""

import json

import pytest

from tests import cast
from tests.cases.stories import case_of, complete, party
from tests.referrals.conftest import desk  # noqa: F401
from tests.referrals.stories import chiara, handed
from tests.referrals.test_as_read import read
from tutela.accounts.moves import NotInThisState
from tutela.cases.models import Case
from tutela.keys.keeper import house_signer
from tutela.referrals import actions
from tutela.referrals.rules import Purpose
from tutela.seals.bundle import read_bundle

pytestmark = pytest.mark.usefixtures("desk")


def test_without_the_look_an_account_that_nobody_read_is_sealed_and_given(monkeypatch: pytest.MonkeyPatch) -> None:
    chiara("FR"), chiara("IT")
    report, by = read("FR")
    complete(report, by, parties=[party(account="acc-1", country="IT")])
    with pytest.raises(NotInThisState):
        handed(case_of(report))
    monkeypatch.setattr(Case, "completed_since_first_read", lambda self: False)
    (given,) = handed(case_of(report))
    bundle = actions.open_dossier(given.number, by=cast.ana().actor, purpose=Purpose.HAND_OVER)
    said = json.loads(read_bundle(bundle, "dossier", keys=[house_signer().public]).files["dossier.json"])
    assert given.authority == "authority:it"
    assert "IT" in json.dumps(said["reports"][0]["stated"]["message"])
