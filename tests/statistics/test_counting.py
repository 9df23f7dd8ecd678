"""The three counts against registers whose true numbers the tests know because they wrote every row."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.cases.models import Case
from tutela.keys import actions as keys
from tutela.referrals.models import Referral
from tutela.reports.models import Report, Resend
from tutela.statistics import actions, rules
from tutela.statistics.jobs import refresh as job
from tutela.statistics.models import Figure, published

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
_numbers = count(1)


def values() -> dict[str, int]:
    return {each.definition: each.value for each in actions.refresh(by=HOUSE)}


def report(provider, state=Report.State.FINISHED) -> Report:
    key, number = keys.create("report"), next(_numbers)
    return Report.objects.create(
        organisation=provider,
        channel="api",
        state=state,
        reference=f"counted-{number}",
        body_sha256=number.to_bytes(32),
        kind="new_material",
        service="hosting",
        incident_type="material",
        incident_at=NOW,
        key=key,
        sealed_message=b"sealed",
        received_at=NOW,
        finished_at=NOW if state == Report.State.FINISHED else None,
    )


def case(state="waiting", first=None, second=None, decision="refer") -> Case:
    read = {"first_reader": first, "first_at": NOW, "first_decision": decision} if first else {}
    confirmed = {"second_reader": second, "second_at": NOW, "decision": decision} if second else {}
    return Case.objects.create(state=state, first_received_at=NOW, **read, **confirmed)


def referral(of: Case, state: str, authority: str, to=None) -> Referral:
    given = {"handed_over_at": NOW, "handed_over_by": "person:a", "dossier_sha256": b"d"} if state != "prepared" else {}
    taken = {"acknowledged_at": NOW, "acknowledged_by": "person:b"} if state in {"acknowledged", "answered"} else {}
    said = {"answered_at": NOW, "answered_by": "person:b", "outcome": "confirmed"} if state == "answered" else {}
    return Referral.objects.create(
        case=of, authority=authority, organisation=to, recipient_country="FR", reason="text-1", ground="text-2",
        state=state, **given, **taken, **said,
    )  # fmt: skip


def test_an_empty_house_publishes_three_noughts():
    assert values() == {"reports_received": 0, "cases_decided_by_two": 0, "referrals_acknowledged": 0}
    assert [each.text for each in published()] == ["0", "0", "0"]


def test_before_the_first_count_nothing_is_claimed():
    assert [each.text for each in published()] == [None, None, None]


def test_reports_are_counted_once_however_often_they_come_and_only_when_they_are_whole():
    provider = cast.organisation("provider")
    whole = [report(provider) for _ in range(7)]
    for state in (Report.State.OPEN, Report.State.RETRACTED, Report.State.EXPIRED):
        report(provider, state)
    Resend.objects.bulk_create(Resend(report=whole[0]) for _ in range(3))
    assert values()["reports_received"] == 7


def test_a_case_counts_only_when_a_second_person_confirmed_it():
    ana, boris = cast.ana().person, cast.boris().person
    case()
    case("assessed", first=ana)
    for state in ("confirmed", "referred", "answered"):
        case(state, first=ana, second=boris)
    case("dismissed", first=ana, second=boris, decision="dismiss")
    assert values()["cases_decided_by_two"] == 4


def test_a_referral_counts_only_when_its_authority_has_it_and_each_authority_is_one():
    decided = case("referred", first=cast.ana().person, second=cast.boris().person)
    police = cast.organisation("national_authority")
    referral(decided, "prepared", "authority:aa")
    for number, state in enumerate(("handed_over", "acknowledged", "answered")):
        referral(decided, state, f"authority:b{number}", police)
    assert values()["referrals_acknowledged"] == 2


def test_a_figure_carries_its_period_its_unit_and_the_time_of_counting():
    provider = cast.organisation("provider")
    for _ in range(rules.SMALL_COUNT + 1):
        report(provider)
    before = datetime.now(UTC)
    job()
    figure = Figure.objects.get(definition="reports_received")
    assert (figure.unit, figure.period_from) == ("reports", date(2026, 10, 5))
    assert before <= figure.as_of <= datetime.now(UTC) + timedelta(seconds=1)
    assert published()[0].text == "5"


def test_a_small_count_is_published_withheld():
    report(cast.organisation("provider"))
    actions.refresh(by=HOUSE)
    assert (published()[0].text, published()[0].withheld) == ("1 to 4", True)


def test_counting_again_replaces_the_figure_and_leaves_a_row_each_time():
    for _ in range(2):
        actions.refresh(by=HOUSE)
    assert Figure.objects.count() == 3
    assert Leaf.objects.filter(action="statistics.refreshed").count() == 2


def test_the_stranger_cannot_make_the_house_count():
    with pytest.raises(NotYours):
        actions.refresh(by=cast.stranger().actor)
    assert Figure.objects.count() == 0


def test_the_database_refuses_a_count_without_a_beginning():
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(definition="x", value=3, unit="reports", as_of=NOW)
