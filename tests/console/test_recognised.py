"""What became known of a decided case stands on the queue and on its page until somebody has looked."""

import pytest
from django.urls import reverse

from tests import cast
from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import decide
from tests.cases.test_known import known
from tests.cases.test_recognising import becomes_known, came, case_of
from tests.console.scenes import signed_in
from tests.referrals.stories import chiara, confirmed, handed
from tutela.accounts.moves import NotInThisState
from tutela.cases import actions as cases
from tutela.cases.actions import weighing
from tutela.cases.jobs import weigh_again
from tutela.cases.models import Case
from tutela.referrals import actions as referrals
from tutela.reports.jobs import look_back

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def dismissed() -> Case:
    case = decide(case_of(came()), "dismiss", "not_material")
    becomes_known()
    return case


def shown(client: object, case: Case) -> tuple[str, str]:
    queue = client.get(reverse("console:queue")).content.decode()
    return queue, client.get(reverse("console:case", args=[case.number])).content.decode()


def test_ana_sees_it_on_the_queue_and_on_the_page_and_it_goes_when_she_has_looked(dismissed: Case) -> None:
    ana = signed_in(cast.ana().person)
    queue, page = shown(ana, dismissed)
    assert f'href="{reverse("console:case", args=[dismissed.number])}"' in queue.split("look at them again")[1]
    assert "a match is a lead, not a verdict" in page
    assert "Have it read anew by two" in page
    looked = reverse("console:look_again", args=[dismissed.number])
    assert ana.post(looked, {"anew": "no"}).status_code == 302
    queue, page = shown(ana, dismissed)
    assert "look at them again" not in queue
    assert "the decision stands" not in page.lower()
    assert ana.post(looked, {"anew": "no"}).status_code == 409


def test_boris_has_it_read_anew(dismissed: Case) -> None:
    boris = signed_in(cast.boris().person)
    boris.post(reverse("console:look_again", args=[dismissed.number]), {"anew": "yes"})
    dismissed.refresh_from_db()
    assert dismissed.state == "waiting"


def test_a_confirmed_case_leaves_only_after_somebody_has_looked() -> None:
    chiara("FR")
    case = confirmed("FR")
    becomes_known()
    with pytest.raises(NotInThisState, match="became known after it was read"):
        handed(case)
    cases.look_again(case.number, anew=False, by=cast.ana().actor)
    assert [each.state for each in handed(case)] == ["handed_over"]


@pytest.mark.parametrize("when", ["nobody weighed it yet", "it could not be weighed"])
def test_nor_does_it_leave_before_the_house_itself_has_noticed(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chiara("FR")
    case = confirmed("FR")
    known("f")
    look_back()
    if when == "it could not be weighed":
        monkeypatch.setattr(weighing, "recognised", lambda *_, **__: 1 / 0)
        weigh_again()
        monkeypatch.undo()
    with pytest.raises(NotInThisState, match="became known after it was read"):
        handed(case)
    referrals.send_back(case.number, by=cast.ana().actor)
    weigh_again()
    assert [each.state for each in handed(decide(case, ground="known_item"))] == ["handed_over"]


def test_or_it_is_sent_back_and_read_with_what_became_known() -> None:
    chiara("FR")
    case = confirmed("FR")
    becomes_known()
    assert referrals.send_back(case.number, by=cast.ana().actor).recognised_at is None
    case.refresh_from_db()
    assert (case.state, case.recognised_at) == ("waiting", None)
    assert "known_item" in case.signals


def test_without_the_look_what_nobody_read_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """The saboteur: the flag is not set, and the dossier names a match that neither reader saw."""
    chiara("FR")
    case = confirmed("FR")
    monkeypatch.setattr("tutela.cases.actions.weighing.recognised", lambda found, *, by: None)
    becomes_known()
    (given,) = handed(case)
    assert given.dossier.indicators
