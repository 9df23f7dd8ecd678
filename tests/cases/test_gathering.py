"""Which reports come under one decision, and which only know of each other."""

import pytest

from tests import cast
from tests.cases.stories import case_of, complete, decide, gather, item, new_case, party, send, sender, told_by
from tests.indicators.stories import active
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, NotYours
from tutela.audit.models import Leaf
from tutela.cases import actions as cases
from tutela.cases.models import Case, CaseLink, CaseReport
from tutela.exchange.messages import Digest, Incident, Item
from tutela.exchange.words import IncidentType
from tutela.indicators import actions as indicators
from tutela.indicators.rules import Fingerprint
from tutela.reports import actions as reports
from tutela.reports.models import Identifier, Match

pytestmark = pytest.mark.usefixtures("desk")


def test_the_same_account_of_the_same_provider_makes_one_case() -> None:
    by = sender()
    first, second = send(by, parties=[party(account="acc-1")]), send(by, parties=[party(account="ACC-1 ")])
    gather()
    assert case_of(first) == case_of(second)
    assert (told_by(first), told_by(second)) == ([], ["account"])


def test_the_same_account_number_at_two_providers_is_two_people() -> None:
    first, second = (send(sender(), parties=[party(account="acc-1")]) for _ in range(2))
    gather()
    assert case_of(first) != case_of(second)
    assert CaseLink.objects.count() == 0


def test_a_phone_links_the_victim_of_one_report_with_the_recipient_of_another_provider() -> None:
    first = send(sender(), parties=[party("victim", phone="+33 6 39 98 12 34")])
    second = send(sender(), parties=[party("recipient", phone="+33639981234")])
    gather()
    assert case_of(first) == case_of(second)
    assert told_by(second) == ["phone"]


def test_a_file_that_strangers_hold_only_links_their_cases() -> None:
    """n = 12 reports, 12 cases, 11 links around the oldest."""
    found = [send(sender(), parties=[party(account=f"acc-{n}")], items=[item("b")]) for n in range(12)]
    gather()
    held = [case_of(report) for report in found]
    assert len({case.pk for case in held}) == 12
    links = list(CaseLink.objects.values_list("case_a", "case_b", "why"))
    assert sorted(links) == [(held[0].pk, other.pk, ["same_item"]) for other in held[1:]]


@pytest.mark.parametrize(("kind", "links"), [("sha1", [["same_indicator"]]), ("pdq", [])])
def test_an_exact_match_links_two_cases_and_a_resemblance_links_nobody(kind: str, links: list[list[str]]) -> None:
    fingerprint = Fingerprint("sha1", bytes(range(20)))
    indicator = active(fingerprint, cast.ana().actor, cast.boris().actor)
    found = [send(sender(), items=[item(name)]) for name in "ab"]
    reports.match_waiting()
    for report in found:
        Match.objects.create(
            item=report.items.get(), indicator=indicator, kind=kind, distance_bits=0, threshold_bits=31
        )
    cases.link_waiting()
    assert case_of(found[0]) != case_of(found[1])
    assert list(CaseLink.objects.values_list("why", flat=True)) == links


def test_an_indicator_that_was_withdrawn_meanwhile_links_nobody() -> None:
    indicator = active(Fingerprint("sha1", bytes(range(20))), cast.ana().actor, cast.boris().actor)
    found = [send(sender(), items=[item(name)]) for name in "ab"]
    reports.match_waiting()
    for report in found:
        Match.objects.create(
            item=report.items.get(), indicator=indicator, kind="sha1", distance_bits=0, threshold_bits=0
        )
    indicators.give_opinion(indicator, verdict="negative", reason="text-1", by=cast.boris().actor)
    cases.link_waiting()
    assert CaseLink.objects.count() == 0


def test_a_network_address_or_a_group_joins_nobody() -> None:
    captures = [{"address": "192.0.2.7"}]
    by = sender()
    first, second = (send(by, parties=[party(captures=captures, group_id="group-1")]) for _ in range(2))
    gather()
    assert Identifier.objects.filter(report=first, strong=False).count() == 2
    assert case_of(first) != case_of(second)
    assert CaseLink.objects.count() == 0


def test_a_later_report_joins_the_case_that_still_waits() -> None:
    by = sender()
    first = send(by, parties=[party(account="acc-1")])
    gather()
    second = send(by, parties=[party(account="acc-1")])
    gather()
    assert case_of(first) == case_of(second)
    assert case_of(first).members.count() == 2


def test_a_report_that_knows_two_cases_brings_them_together_in_the_older() -> None:
    by = sender()
    first = send(by, parties=[party(account="acc-1")], items=[item("c")])
    second = send(by, parties=[party(email="two@mail.example")], items=[item("c")])
    gather()
    younger = case_of(second)
    assert younger != case_of(first)
    third = send(by, parties=[party(account="acc-1"), party("recipient", email="TWO@mail.example")])
    gather()
    assert case_of(first) == case_of(second) == case_of(third)
    assert told_by(third) == ["account", "email"]
    younger.refresh_from_db()
    assert (younger.state, younger.merged_into) == ("merged", case_of(first))
    assert Leaf.objects.filter(action="case.merged", subject=younger.subject).count() == 1
    assert CaseLink.objects.count() == 0, "a link between the two would now point at itself"


def test_the_same_three_reports_make_one_case_in_one_batch_too() -> None:
    by = sender()
    said = [[party(account="acc-1")], [party(email="two@mail.example")]]
    found = [send(by, parties=parties) for parties in (*said, said[0] + said[1])]
    gather()
    assert len({case_of(report).pk for report in found}) == 1
    assert Case.objects.filter(state="merged").count() == 1


def test_links_of_a_merged_case_point_at_the_one_it_went_into() -> None:
    by = sender()
    first = send(by, parties=[party(account="acc-1")])
    gather()
    other = send(sender(), items=[item("d")])
    second = send(by, parties=[party(account="acc-2")], items=[item("d")])
    gather()
    send(by, parties=[party(account="acc-1"), party("victim", account="acc-2")])
    gather()
    assert case_of(second) == case_of(first)
    assert list(CaseLink.objects.values_list("case_a", "case_b")) == [(case_of(first).pk, case_of(other).pk)]


def test_a_decided_case_never_changes_a_new_one_is_linked_to_it() -> None:
    by = sender()
    first = send(by, parties=[party(account="acc-1")])
    gather()
    decided = decide(case_of(first))
    second, third = (send(by, parties=[party(account="acc-1")]) for _ in range(2))
    gather()
    assert case_of(second) == case_of(third) != decided
    assert decided.members.count() == 1
    link = CaseLink.objects.get()
    assert (link.case_a, link.case_b, link.why) == (decided, case_of(second), ["account"])


def test_a_case_that_grows_after_the_first_reading_is_read_anew() -> None:
    by, ana = sender(), cast.ana()
    first = send(by, parties=[party(account="acc-1")])
    gather()
    cases.assess(case_of(first).number, decision="refer", grounds=["material_described"], by=ana.actor)
    send(by, parties=[party(account="acc-1")])
    gather()
    case = case_of(first)
    assert (case.state, case.first_reader, case.first_decision) == ("waiting", None, "")
    assert case.readings.count() == 1
    assert Leaf.objects.filter(action="case.reopened", subject=case.subject).count() == 1


def test_a_report_that_is_completed_after_the_first_reading_is_read_anew() -> None:
    by = sender()
    report = send(by, parties=[party(account="acc-1")])
    gather()
    cases.assess(case_of(report).number, decision="refer", grounds=["material_described"], by=cast.ana().actor)
    complete(report, by, parties=[party(account="acc-1", country="DE")])
    gather()
    case = case_of(report)
    assert (case.state, case.first_reader, case.first_decision) == ("waiting", None, "")
    assert b'"because":"a report was completed"' in bytes(Leaf.objects.get(action="case.reopened").content)
    with pytest.raises(NotInThisState, match="waits for its first reader"):
        cases.confirm(case.number, agree=True, grounds=["material_described"], by=cast.boris().actor)


def test_news_of_a_report_that_was_read_is_no_reason_to_read_another_case_anew() -> None:
    by = sender()
    read, other = send(by, parties=[party(account="acc-1")]), send(by, parties=[party(account="acc-2")])
    gather()
    cases.assess(case_of(read).number, decision="refer", grounds=["material_described"], by=cast.ana().actor)
    complete(other, by, parties=[party(account="acc-2", country="DE")])
    gather()
    assert case_of(read).state == "assessed"


def test_a_completed_report_is_scored_anew_in_its_own_case() -> None:
    by = sender()
    report = send(by, parties=[party(account="acc-1")])
    gather()
    before = case_of(report)
    incident = Incident(type=IncidentType.ENTICEMENT, at="2026-10-03T14:05:09Z", escalation="text-e")
    complete(report, by, parties=[party(account="acc-1")], incident=incident)
    gather()
    case = case_of(report)
    assert case == before
    assert (before.hard, case.hard, case.hard_reasons) == (False, True, ["escalation_stated"])
    assert case.urgency > before.urgency


def test_the_columns_are_the_sum_of_the_reports() -> None:
    by = sender()
    send(by, parties=[party(account="acc-1", country="FR")], kind="solicitation")
    last = send(by, parties=[party("victim", account="acc-1", country="DE", school_name="text-s")], items=[item()])
    gather()
    case = case_of(last)
    assert set(case.countries) == {"FR", "DE"}
    assert set(case.kinds) == {"solicitation", "new_material"}
    assert case.hard_reasons == ["school_named"]
    assert case.urgency == sum(reason["points"] for reason in case.urgency_reasons)
    assert case.completeness == max(report.completeness for report in case.gathered())


def test_what_was_erased_before_it_was_gathered_comes_into_no_case() -> None:
    report = send(sender(), parties=[party(account="acc-1")])
    reports.match_waiting()
    reports.erase(report.number, by=HOUSE, reason="test")
    cases.link_waiting()
    assert CaseReport.objects.count() == 0


def test_no_value_of_an_identifier_is_written_in_a_case_or_in_the_record() -> None:
    by = sender()
    for _ in range(2):
        send(by, parties=[party(email="somebody@mail.example")])
    gather()
    rows = [*CaseReport.objects.values_list("why", flat=True), *Case.objects.values_list("urgency_reasons", flat=True)]
    written = str(rows) + "".join(bytes(content).decode() for content in Leaf.objects.values_list("content", flat=True))
    assert "email" in written
    assert "somebody" not in written


def test_the_queue_puts_danger_first_then_urgency_then_age() -> None:
    quiet = new_case(items=[item("1")])
    urgent = new_case(kind="solicitation")
    danger = new_case(items=[Item(digests=[Digest(algorithm="sha256", value="2" * 64)], annotations=["live", "viral"])])
    older_quiet = quiet
    younger_quiet = new_case(items=[item("3")])
    assert list(Case.objects.queue(by=cast.ana().actor)) == [danger, urgent, older_quiet, younger_quiet]


def test_ana_filters_the_queue_by_country_kind_and_state() -> None:
    french = new_case(parties=[party(country="FR")])
    grooming = new_case(parties=[party(country="DE")], kind="solicitation")
    by = cast.ana().actor
    assert list(Case.objects.queue(by=by, country="FR")) == [french]
    assert list(Case.objects.queue(by=by, kind="solicitation")) == [grooming]
    assert list(Case.objects.queue(by=by, country="FR", kind="solicitation")) == []
    assert list(Case.objects.queue(by=by, state="assessed")) == []


def test_the_stranger_sees_no_queue() -> None:
    new_case()
    with pytest.raises(NotYours):
        Case.objects.queue(by=cast.stranger().actor)


def test_a_batch_takes_a_fixed_number_of_questions_beside_one_leaf_and_one_case_each(
    django_assert_max_num_queries: object,
) -> None:
    by = sender()
    for n in range(20):
        send(by, parties=[party(account=f"acc-{n}")], items=[item("e")])
    while reports.match_waiting():
        pass
    # 20 leaves, 20 new cases, and a fixed number of others for any number of reports.
    with django_assert_max_num_queries(20 + 20 + 30):
        cases.link_waiting()
