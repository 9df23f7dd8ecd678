"""Two different people decide, and whatever they held is kept."""

import pytest

from tests import cast
from tests.cases.stories import GROUND, decide, new_case, party, send, sender
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, Actor, NotYours, Role
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.cases.models import Case, Reading
from tutela.cases.rules import NotDecidable
from tutela.reports.models import Report, Step

pytestmark = pytest.mark.usefixtures("desk")


def assess(case: Case, by: Actor, decision: str = "refer", ground: str = GROUND) -> Case:
    return cases.assess(case.number, decision=decision, grounds=[ground], by=by)


def leaves(case: Case) -> list[str]:
    return list(Leaf.objects.filter(subject=case.subject).order_by("id").values_list("action", flat=True))


def test_ana_assesses_boris_confirms_and_the_sender_can_follow_it() -> None:
    case = new_case()
    ana, boris = cast.ana(), cast.boris()
    assert assess(case, ana.actor).state == "assessed"
    done = cases.confirm(case.number, agree=True, grounds=[GROUND], by=boris.actor)
    assert (done.state, done.decision, done.first_reader, done.second_reader) == (
        "confirmed",
        "refer",
        ana.person,
        boris.person,
    )
    assert leaves(case) == ["case.assessed", "case.confirmed"]
    assert list(Step.objects.values_list("what", flat=True)) == ["decided"]


def test_ana_cannot_be_her_own_second_reader() -> None:
    case, ana = new_case(), cast.ana()
    assess(case, ana.actor)
    with pytest.raises(NotDecidable, match="another person"):
        cases.confirm(case.number, agree=True, grounds=[GROUND], by=ana.actor)
    case.refresh_from_db()
    assert case.state == "assessed"
    assert Reading.objects.count() == 1


def test_a_disagreement_sends_the_case_back_and_is_kept() -> None:
    case, ana, boris = new_case(), cast.ana(), cast.boris()
    assess(case, ana.actor)
    back = cases.confirm(case.number, agree=False, grounds=["not_material"], by=boris.actor)
    assert (back.state, back.disputed, back.first_reader, back.decision) == ("waiting", True, None, "")
    held = list(case.readings.order_by("id").values_list("reader__name", "decision", "agrees"))
    assert held == [("Ana", "refer", None), ("Boris", "dismiss", False)]
    assert leaves(case) == ["case.assessed", "case.disputed"]
    assert not Step.objects.exists()
    assert assess(case, boris.actor, "dismiss", "not_material").state == "assessed"
    assert cases.confirm(case.number, agree=True, grounds=["not_material"], by=ana.actor).disputed


def test_a_dismissal_needs_two_people_as_well() -> None:
    case = new_case()
    done = decide(case, "dismiss", "not_material")
    assert (done.state, done.decision) == ("dismissed", "dismiss")
    assert set(Step.objects.values_list("what", flat=True)) == {"decided", "closed"}


@pytest.mark.parametrize("decision", ["", "maybe"])
def test_what_is_no_decision_changes_nothing(decision: str) -> None:
    case = new_case()
    with pytest.raises(NotDecidable):
        assess(case, cast.ana().actor, decision)
    case.refresh_from_db()
    assert (case.state, leaves(case)) == ("waiting", [])


def test_a_case_is_decided_once() -> None:
    case = decide(new_case())
    with pytest.raises(NotInThisState, match="confirmed and waits to be handed over"):
        assess(case, cast.ana().actor)
    with pytest.raises(NotInThisState):
        cases.confirm(case.number, agree=True, grounds=[GROUND], by=cast.boris().actor)


def test_no_machine_decides_neither_the_house_nor_a_credential() -> None:
    case = new_case()
    machine = cast.credential(cast.organisation("hotline"), role=Role.ANALYST).credential.actor()
    for by in (HOUSE, machine):
        with pytest.raises(NotDecidable, match="a person decides"):
            assess(case, by)


def test_the_stranger_gets_the_same_answer_for_a_case_and_for_none() -> None:
    case, stranger = new_case(), cast.stranger().actor
    for number in (case.number, 99_999_999):
        with pytest.raises(NotYours):
            cases.assess(number, decision="refer", grounds=[GROUND], by=stranger)
        with pytest.raises(NotYours):
            cases.confirm(number, agree=True, grounds=[GROUND], by=stranger)
        with pytest.raises(NotYours):
            cases.trail(number, by=stranger)
        with pytest.raises(NotYours):
            cases.close(number, by=stranger)
    with pytest.raises(NotYours):
        assess(Case(number=99_999_999), cast.ana().actor)


def test_an_officer_reads_no_case_that_was_not_handed_over() -> None:
    with pytest.raises(NotYours):
        Case.objects.open_to(cast.officer().actor)
    with pytest.raises(NotYours):
        assess(new_case(), cast.officer().actor)


def test_the_record_of_a_case_holds_codes_and_no_word_of_a_report() -> None:
    case = decide(new_case(parties=[party(email="somebody@mail.example")]))
    written = b"".join(bytes(row) for row in Leaf.objects.values_list("content", flat=True))
    assert f'"{case.subject}"'.encode() in written
    assert b"material_described" in written
    assert b"somebody" not in written
    assert b"text-" not in written


def test_the_trail_tells_the_case_and_its_reports_and_that_it_was_read() -> None:
    by = sender()
    send(by, parties=[party(account="acc-1")])
    case = decide(new_case())
    told = [leaf.action for leaf in cases.trail(case.number, by=cast.ana().actor)]
    assert told[0] == "report.received"
    assert told[-1] == "case.trail_read"
    assert {"case.report_joined", "case.assessed", "case.confirmed", "report.decided"} <= set(told)
    assert told.count("report.received") == 1
    assert Report.objects.count() == 2
