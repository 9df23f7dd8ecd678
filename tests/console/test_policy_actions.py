"""Who does what about which gap by when: planned from the gap, late where it is late, done with evidence."""

from datetime import timedelta

import pytest

from tests.compliance.stories import ARTICLE, find
from tests.console.desks import SOURCE, Desk, policy_officer
from tests.console.scenes import address
from tutela.audit.models import Leaf
from tutela.compliance.rules import Verdict
from tutela.law.dates import today
from tutela.strategy.models import BestPractice, Delivery, PriorityAction

pytestmark = pytest.mark.django_db
TODAY = today()
SAID = {"what": "text-8", "owner": "Ministry Example", "initiative": 1, "decided_on": "2026-01-01", "due": "2026-02-01"}
KEY = f"negative_finding/RO/{ARTICLE}"
PRACTICE = {
    "name": "Practice Example", "what": "text-10", "state": "FI", "about": ARTICLE, "source_url": SOURCE,
    "checked_on": "2026-11-01", "certainty": "secondary",
}  # fmt: skip


@pytest.fixture
def radu():
    return policy_officer("RO")


def planned(member, **changes) -> tuple[Desk, str]:
    page = Desk(member, "acting").does("plan", **SAID | changes)
    return Desk(member, "action", number=PriorityAction.objects.latest("pk").pk), page


def test_a_gap_names_the_records_that_cause_it_and_an_action_is_planned_from_it(radu):
    finding = find(Verdict.PARTLY, by=radu.actor)
    gaps = Desk(radu, "gaps")
    page = gaps.read()
    assert f"finding:{finding.pk}" in page and address("finding_cell", provision=ARTICLE, state="RO") in page
    link = f"{address('acting')}?gap=negative_finding%2FRO%2Fdir-2011-93%3Aart-22&amp;initiative=1#plan"
    assert f'href="{link}"' in page
    form = Desk(radu, "acting").read(gap=KEY, initiative="1", owner="text-17", what="text-18")
    form = form.partition('<details class="task" id="plan" open>')[2].partition("</details>")[0]
    assert f'value="{KEY}"' in form and "text-17" not in form and "text-18" not in form
    action, page = planned(radu, gap=KEY)
    assert KEY in page and f'href="{action.path}"' in gaps.read()
    assert "No gap follows" in gaps.read(state="RO", kind="negative_finding", without_action="on")


def test_a_bodys_first_look_is_at_its_own_state_and_only_its_own_gaps_are_planned_there(radu):
    record = f"finding:{find(Verdict.NOT, by=radu.actor, state='BG').pk}"
    gaps = Desk(radu, "gaps")
    assert record not in gaps.read()
    page = gaps.read(state="BG", kind="negative_finding")
    assert record in page and "plan an action" not in page
    union = Desk(policy_officer("EU"), "gaps").read(state="BG", kind="negative_finding")
    assert "plan an action" in union
    for bad in ("\x00", "ZZ", "x" * 5_000):
        assert "Gaps" in gaps.read(state=bad, kind=bad)


def test_an_action_shows_late_changes_hands_and_is_done_with_its_evidence(radu):
    action, page = planned(radu)
    assert "late by" in page and "Ministry Example" in page
    due = TODAY + timedelta(days=30)
    page = action.does("change", what="text-8", owner="Office Example", due=due)
    assert "Office Example" in page and "late by" not in page and "due was: 2026-02-01" in page
    assert "Nothing is different" in action.is_refused("change", what="text-8", owner="Office Example", due=due)
    assert "address, which begins with" in action.is_refused("finish", on="2026-03-01", evidence_url="nowhere")
    assert "lies in the future" in action.is_refused("finish", on="2999-01-01", evidence_url=SOURCE)
    page = action.does("finish", on="2026-03-01", evidence_url=SOURCE)
    assert f'href="{SOURCE}"' in page and action.offers() == {"reopen"}
    action.does("reopen")
    page = action.does("drop", reason="text-9")
    assert "text-9" in page and PriorityAction.objects.get().reason == "text-9"
    assert Leaf.objects.filter(subject__startswith="priorityaction:").count() == 5


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"due": "2025-01-01"}, "before it was decided on"),
        ({"due": ""}, "This field is required"),
        ({"decided_on": "2999-01-01", "due": "2999-02-01"}, "lies in the future"),
        ({"initiative": 9}, "Select a valid choice"),
        ({"gap": "x"}, "as the list prints it"),
        ({"gap": "negative_finding/BG/dir-2011-93:art-22"}, "This gap is BG"),
        ({"owner": " "}, "This field is required"),
    ],
)
def test_a_plan_that_cannot_stand_comes_back(radu, wrong, says):
    text = Desk(radu, "acting").is_refused("plan", **SAID | wrong)
    assert says in text and "text-8" in text and not PriorityAction.objects.exists()


def test_the_list_is_filtered_and_leads_only_to_ones_own(radu):
    action, _page = planned(radu)
    elsewhere = Desk(policy_officer("BG"), "acting")
    assert "Ministry Example" in elsewhere.read() and action.path not in elsewhere.read()
    assert elsewhere.client.get(action.path).status_code == 404
    assert "There is none." in elsewhere.read(country="BG")
    assert "Ministry Example" in elsewhere.read(standing="late", initiative="1", country="RO")
    assert "There is none." in elsewhere.read(standing="done")


def test_a_body_that_speaks_for_nobody_is_offered_no_plan():
    desk = Desk(policy_officer(""), "acting")
    assert desk.offers() == set()
    assert desk.put("plan", **SAID).status_code == 404 and not PriorityAction.objects.exists()


def test_a_practice_is_noted_and_stands_beside_those_that_ship(radu):
    desk = Desk(radu, "practices")
    assert "Practice Example" in desk.does("practice", **PRACTICE)
    assert "noted already" in desk.is_refused("practice", **PRACTICE)
    assert "capability:4" in desk.is_refused("practice", **PRACTICE | {"about": "capability:x"})
    assert BestPractice.objects.count() == 1
    assert "Practice Example" not in Desk(policy_officer("BG"), "practices").read()


def test_a_statistic_is_looked_for_and_found_later(radu):
    desk = Desk(radu, "statistics")
    said = {"state": "RO", "provision": "reg-2021-1232:art-8-1-a", "year": 2024, "source_url": SOURCE}
    assert "not found" in desk.does("statistic", **said)
    assert "2025-01-02" in desk.does("statistic", **said, delivered_on="2025-01-02")
    assert Delivery.objects.count() == 1
    for wrong in ({"year": 1999}, {"provision": "none"}, {"delivered_on": "2999-01-01"}, {"source_url": "x"}):
        desk.is_refused("statistic", **said | wrong)
