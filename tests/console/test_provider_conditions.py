"""A provider's compliance engineer proves, and the state of each condition follows; nobody else's papers exist."""

from datetime import timedelta

import pytest

from tests import cast
from tests.compliance.stories import evidence, technology
from tests.console.desks import Desk, engineer
from tests.console.scenes import address, signed_in
from tutela.accounts.policy import Role
from tutela.compliance.models import Evidence, Measurement, Technology
from tutela.law.dates import today

pytestmark = pytest.mark.django_db
TODAY = today()
GIVEN = {"what": "text-5", "on": "2026-11-01", "link": "https://papers.example/1"}
DETECTOR = {
    "name": "Detector Example", "version": "2", "detects": ["known_material"], "in_use_from": "2026-10-01",
    "used_in_union_since": "2020-01-01",
}  # fmt: skip


@pytest.fixture
def emil():
    return engineer()


def test_the_overview_says_how_many_are_missing_and_nothing_there_can_be_ticked(emil):
    technology(emil.actor)
    desk = Desk(emil, "conditions")
    page = desk.read()
    assert "Not ready: 16 of 20 are missing today." in page and page.count("badge strong") == 16
    assert desk.offers() == set() and 'type="checkbox"' not in page
    Desk(emil, "condition", condition="C02").does("evidence", **GIVEN, responsible=emil.person.pk)
    assert "Not ready: 15 of 20" in desk.read()


def test_evidence_has_a_day_an_end_somebody_who_answers_for_it_and_a_place(emil):
    technology(emil.actor)
    desk = Desk(emil, "condition", condition="C02")
    page = desk.does("evidence", **GIVEN, valid_until="2026-11-02", responsible=emil.person.pk)
    assert all(said in page for said in ("text-5", "2026-11-02", "Emil", "papers.example", "no more: it ended"))
    page = desk.does("evidence", what="text-6", on="2026-11-01", sha256="AB" * 32, responsible=emil.person.pk)
    assert "SHA-256 " + "ab" * 32 in page and "<dt>State today</dt><dd><div>met" in page
    given = Evidence.objects.get(what="text-6")
    page = desk.does("withdraw", evidence=given.pk, reason="text-7")
    assert "withdrawn on" in page and "text-7" in page
    assert "withdraw" in desk.offers()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"link": "ftp://x"}, "an address that begins with https://"),
        ({"link": ""}, "an address that begins with https://"),
        ({"link": "", "sha256": "ab"}, "Enter a valid value"),
        ({"on": "2999-01-01"}, "Evidence is of a day that has come"),
        ({"responsible": 999_999_999}, "Select a valid choice"),
        ({"responsible": "x"}, "Select a valid choice"),
        ({"what": " "}, "This field is required"),
    ],
)
def test_what_is_wrong_in_evidence_comes_back(emil, wrong, says):
    said = GIVEN | {"responsible": emil.person.pk} | wrong
    assert says in Desk(emil, "condition", condition="C02").is_refused("evidence", **said)
    assert not Evidence.objects.exists()


def test_nobody_elses_employee_answers_for_it(emil):
    stranger = cast.stranger()
    page = Desk(emil, "condition", condition="C02").is_refused("evidence", **GIVEN, responsible=stranger.person.pk)
    assert "Stranger" not in page and not Evidence.objects.exists()


def test_a_technology_is_registered_assessed_and_measured(emil):
    page = Desk(emil, "technologies").does("technology", **DETECTOR)
    assert "<h1>Detector Example 2</h1>" in page
    desk = Desk(emil, "technology", number=Technology.objects.get().pk)
    desk.does("change", assessment="text-7", assessed_on="2026-09-01", advice="given", advice_reference="text-8")
    counts = {"flagged": 100, "reviewed": 50, "not_confirmed": 2}
    page = desk.does("measured", first="2026-10-01", last="2026-10-31", **counts)
    assert "2 of 50 read were not confirmed (4.00%); of 100 flagged, 2.00%" in page
    assert "compliance.technology_changed" in page
    assert "already" in Desk(emil, "technologies").is_refused("technology", **DETECTOR)


def test_changing_one_thing_does_not_empty_the_others(emil):
    """As a browser does: what stands in the form is sent back."""
    entry = technology(emil.actor, assessment="text-7", assessed_on=TODAY - timedelta(days=9))
    desk = Desk(emil, "technology", number=entry.pk)
    page = desk.read()
    assert 'value="text-7"' in page and f'value="{entry.assessed_on}"' in page
    assert "given together" not in desk.is_refused("change", assessment="text-7", advice="awaited")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"flagged": 1}, "reviewed is part of flagged"),
        ({"flagged": 10**20}, "less than or equal to"),
        ({"reviewed": -1}, "greater than or equal to 0"),
        ({"not_confirmed": "many"}, "Enter a whole number"),
        ({"last": "2026-01-01"}, "The period ends after it began"),
    ],
)
def test_a_number_that_nobody_counts_to_is_refused(emil, wrong, says):
    desk = Desk(emil, "technology", number=technology(emil.actor).pk)
    said = {"first": "2026-10-01", "last": "2026-10-31", "flagged": 100, "reviewed": 50, "not_confirmed": 2}
    assert says in desk.is_refused("measured", **said | wrong)
    assert not Measurement.objects.exists()


def test_another_providers_papers_do_not_exist(emil):
    entry, paper = technology(emil.actor, name="Detector Example"), evidence(emil, "C02", what="text-secret")
    stranger = cast.stranger()
    client = signed_in(stranger.person)
    assert "Detector Example" not in client.get(address("technologies")).content.decode()
    assert "text-secret" not in client.get(address("condition", condition="C02")).content.decode()
    for number in (entry.pk, entry.pk + 999):
        path = address("technology", number=number)
        assert client.get(path).status_code == 404
        assert client.post(path, {"task": "change", "change-advice": "given"}).status_code == 404
    evidence(stranger, "C02")
    said = {"withdraw-evidence": paper.pk, "withdraw-reason": "text-1", "task": "withdraw"}
    assert client.post(address("condition", condition="C02"), said).status_code == 422
    paper.refresh_from_db()
    assert paper.withdrawn_at is None


def test_only_the_twenty_exist_and_only_for_a_provider(emil):
    client = signed_in(emil.person)
    for nothing in ("C00", "C21", "c02", "%00"):
        assert client.get(f"/console/conditions/{nothing}/").status_code == 404
    for role, kind in ((Role.POLICY_OFFICER, "policy_body"), (Role.ANALYST, "hotline")):
        somebody = signed_in(cast.person("Hana", role, cast.organisation(kind)).person)
        for page in ("conditions", "technologies"):
            assert somebody.get(address(page)).status_code == 404
