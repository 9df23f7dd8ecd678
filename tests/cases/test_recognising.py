"""An item becomes known after it came in: its case is weighed and read anew, or, once decided, shown to a person."""

import pytest

from tests import cast
from tests.cases.stories import case_of, decide, gather, item, party, send, sender
from tests.cases.test_known import known, weigh
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import NotYours
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.cases.jobs import weigh_again
from tutela.cases.models import Case, CaseLink
from tutela.reports.jobs import look_back
from tutela.reports.models import Report

pytestmark = pytest.mark.usefixtures("desk")

WHAT_A_DECISION_IS = (
    *("state", "urgency", "hard", "hard_reasons", "urgency_reasons", "signals", "first_decision", "decision"),
    *("first_reader_id", "second_reader_id", "first_at", "second_at"),
)


def came(**more: object) -> Report:
    report = send(sender(), items=[item("f")], **more)
    gather()
    return report


def becomes_known(name: str = "f") -> None:
    known(name)
    look_back()
    weigh_again()


def decision(case: Case) -> tuple[object, ...]:
    return tuple(getattr(case, name) for name in WHAT_A_DECISION_IS)


def test_a_waiting_case_is_weighed_anew() -> None:
    case = case_of(came())
    becomes_known()
    weighed = Case.objects.get(pk=case.pk)
    assert weighed.signals == ["known_item"]
    assert weighed.urgency != case.urgency
    assert "known_only" in str(weighed.urgency_reasons) or "known_item" in str(weighed.urgency_reasons)
    assert weighed.recognised_at is None


def test_an_assessed_case_waits_for_its_first_reader_again() -> None:
    case = case_of(came())
    cases.assess(case.number, decision="dismiss", grounds=["not_material"], by=cast.ana().actor)
    becomes_known()
    case.refresh_from_db()
    assert (case.state, case.first_reader) == ("waiting", None)
    assert b'"because":"an item became known"' in bytes(Leaf.objects.get(action="case.reopened").content)


@pytest.mark.parametrize(("decided", "state"), [("dismiss", "dismissed"), ("refer", "confirmed")])
def test_a_decided_case_is_not_changed_and_is_shown_until_somebody_looked(decided: str, state: str) -> None:
    ground = {"dismiss": "not_material", "refer": "material_described"}[decided]
    case = decide(case_of(came()), decided, ground)
    before = decision(Case.objects.get(pk=case.pk))
    becomes_known()
    case.refresh_from_db()
    by = cast.ana().actor
    assert decision(case) == before
    assert case.state == state
    assert list(Case.objects.recognised(by=by)) == [case]
    assert Leaf.objects.filter(action="case.recognised", subject=case.subject).count() == 1
    cases.look_again(case.number, anew=False, by=by)
    case.refresh_from_db()
    assert decision(case) == before
    assert list(Case.objects.recognised(by=by)) == []
    assert Leaf.objects.filter(action="case.looked_at_again", subject=case.subject).count() == 1
    with pytest.raises(NotInThisState, match="nothing of this case became known"):
        cases.look_again(case.number, anew=False, by=by)


def test_a_dismissed_case_goes_back_to_two_readers_when_a_person_says_so() -> None:
    case = decide(case_of(came()), "dismiss", "not_material")
    becomes_known()
    cases.look_again(case.number, anew=True, by=cast.ana().actor)
    case.refresh_from_db()
    assert (case.state, case.second_reader, case.recognised_at) == ("waiting", None, None)
    assert case.signals == ["known_item"]
    assert case.readings.count() == 2
    assert decide(case, ground="known_item").state == "confirmed"


def test_a_confirmed_case_goes_back_where_it_would_be_handed_over() -> None:
    case = decide(case_of(came()))
    becomes_known()
    with pytest.raises(NotInThisState, match="send it back where it would be handed over"):
        cases.look_again(case.number, anew=True, by=cast.ana().actor)


def test_the_stranger_neither_sees_nor_clears_it() -> None:
    case = decide(case_of(came()), "dismiss", "not_material")
    becomes_known()
    stranger = cast.stranger().actor
    with pytest.raises(NotYours):
        Case.objects.recognised(by=stranger)
    with pytest.raises(NotYours):
        cases.look_again(case.number, anew=False, by=stranger)
    with pytest.raises(NotYours):
        cases.look_again(99_999_999, anew=False, by=cast.ana().actor)


def test_cases_that_have_the_known_item_in_common_are_linked_whatever_was_decided() -> None:
    first = decide(case_of(came(parties=[party(account="acc-1")])), "dismiss", "not_material")
    second = case_of(came(parties=[party(account="acc-2")]))
    CaseLink.objects.all().delete()
    becomes_known()
    link = CaseLink.objects.get()
    assert (link.case_a, link.case_b, link.why) == (first, second, ["same_indicator"])


def test_a_case_of_which_nothing_became_known_is_left_alone() -> None:
    case = decide(case_of(came()), "dismiss", "not_material")
    becomes_known("g")
    weigh()
    case.refresh_from_db()
    assert case.recognised_at is None


def test_a_report_that_comes_into_its_case_later_is_scored_with_what_is_known_then() -> None:
    """The news of it is read while the report has no case yet: nothing is lost."""
    from tutela.reports import actions as reports

    report = send(sender(), items=[item("f")])
    reports.match_waiting()
    becomes_known()
    gather()
    assert case_of(report).signals == ["known_item"]
