"""An indicator that is withdrawn or doubted decides nothing any more, whatever was matched while it counted."""

import pytest

from tests import cast
from tests.cases.stories import case_of, gather, item, send, sender
from tests.indicators.stories import active
from tutela.accounts.policy import Actor
from tutela.cases import actions as cases
from tutela.cases.models import Case
from tutela.cases.rules import NotDecidable
from tutela.indicators import actions as indicators
from tutela.indicators.models import Change, Indicator
from tutela.indicators.rules import Fingerprint
from tutela.reports.models import Match

pytestmark = pytest.mark.usefixtures("desk")


def known(name: str = "f") -> tuple[Indicator, Actor, Actor]:
    """An indicator of the file of this name, and the two who read it."""
    ana, boris = cast.ana().actor, cast.boris().actor
    return active(Fingerprint("sha256", bytes.fromhex(item(name).digests[0].value)), ana, boris), ana, boris


def matched_case() -> Case:
    report = send(sender(), items=[item("f")])
    gather()
    return case_of(report)


def falls(indicator: Indicator, how: str, by: Actor) -> None:
    if how == "withdrawn":
        indicators.withdraw(indicator, reason="text-1", by=by)
    else:
        indicators.give_opinion(indicator, verdict="negative", reason="text-1", by=by)


def weigh() -> None:
    while cases.weigh_again():
        pass


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_nobody_decides_on_it_any_more(how: str) -> None:
    indicator, ana, boris = known()
    case = matched_case()
    assert case.signals == ["known_item"]
    falls(indicator, how, ana if how == "withdrawn" else boris)
    assert Match.objects.count() == 1
    with pytest.raises(NotDecidable, match="known_item: no report in this case states that"):
        cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana)


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_the_second_reader_confirms_nothing_on_it(how: str) -> None:
    indicator, ana, boris = known()
    case = matched_case()
    cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana)
    falls(indicator, how, ana if how == "withdrawn" else boris)
    with pytest.raises(NotDecidable, match="known_item"):
        cases.confirm(case.number, agree=True, grounds=["known_item"], by=boris)


@pytest.mark.parametrize("how", ["withdrawn", "doubted"])
def test_the_cases_that_rest_on_it_are_weighed_again_and_read_anew(how: str) -> None:
    indicator, ana, boris = known()
    case, before = matched_case(), [reason["name"] for reason in matched_case().urgency_reasons]
    cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana)
    falls(indicator, how, ana if how == "withdrawn" else boris)
    weigh()
    case.refresh_from_db()
    assert (case.state, case.first_reader, case.signals) == ("waiting", None, [])
    assert "known_item" in before
    assert [reason["name"] for reason in case.urgency_reasons if "item" in reason["name"]] == ["unknown_item"]


def test_a_doubt_that_is_taken_back_lets_it_count_again() -> None:
    indicator, _, boris = known()
    case = matched_case()
    for verdict, signals in (("negative", []), ("negative", []), ("positive", ["known_item"])):
        indicators.give_opinion(indicator, verdict=verdict, reason="text-1", by=boris)
        weigh()
        case.refresh_from_db()
        assert case.signals == signals
    assert list(Change.objects.order_by("pk").values_list("what", flat=True)) == ["active", "doubted", "cleared"]


def test_a_case_that_rests_on_another_indicator_is_left_alone() -> None:
    fallen, ana, _ = known("g")
    known("f")
    case = matched_case()
    cases.assess(case.number, decision="refer", grounds=["known_item"], by=ana)
    falls(fallen, "withdrawn", ana)
    weigh()
    case.refresh_from_db()
    assert (case.state, case.signals) == ("assessed", ["known_item"])
