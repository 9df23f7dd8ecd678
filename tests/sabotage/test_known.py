"""The question whether an indicator still counts is taken out, place by place, and a fallen one decides again."""

import pytest
from django.db.models import QuerySet

from tests import cast
from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import case_of, decide, gather, item, party, send, sender
from tests.cases.test_known import falls, known, matched_case
from tests.referrals.stories import chiara, handed
from tests.referrals.test_dossier import opened, said
from tutela.accounts.moves import NotInThisState
from tutela.cases import actions as cases
from tutela.cases.rules import NotDecidable
from tutela.reports.models import Match

pytestmark = pytest.mark.usefixtures("desk")


def everything() -> "QuerySet[Match]":
    return Match.objects.all()


def test_without_it_a_reader_decides_on_what_was_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    indicator, ana, _ = known()
    case = matched_case()
    falls(indicator, "withdrawn", ana)
    with pytest.raises(NotDecidable):
        cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana)
    monkeypatch.setattr("tutela.cases.known.standing_matches", everything)
    assert cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana).state == "assessed"


def test_without_it_what_was_withdrawn_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    chiara("FR")
    indicator, ana, _ = known()
    report = send(sender("DE"), parties=[party(account="acc-1", country="FR")], items=[item("f")])
    gather()
    decide(case_of(report), ground="known_item")
    falls(indicator, "withdrawn", ana)
    with pytest.raises(NotInThisState):
        handed(case_of(report))
    monkeypatch.setattr("tutela.cases.known.standing_matches", everything)
    monkeypatch.setattr("tutela.referrals.dossier.standing_matches", everything)
    (given,) = handed(case_of(report))
    assert len(said(opened(given))["reports"][0]["matches"]) == 1


def test_if_no_change_is_written_nobody_weighs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    indicator, _, boris = known()
    case = matched_case()
    monkeypatch.setattr("tutela.indicators.actions.saying.Change.objects.create", lambda **_: None)
    falls(indicator, "doubted", boris)
    assert cases.weigh_again(by=cast.ana().actor) == 0
    case.refresh_from_db()
    assert case.signals == ["known_item"]
