"""From a match to a report: what is known is said, what is missing is named, nothing is made up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.provider.drawn_leads import FOUND_AT, OF_ONE, OURS, VIEWED, lead
from tutela.exchange.completeness import asked_of, completeness
from tutela.exchange.words import Kind
from tutela.provider import reporting
from tutela.provider.known import OF_A_PERSON, Answers, BadAnswers, Known, choices, one_answer
from tutela.provider.reporting import ANSWERED_BY, Said, check_said_of_each, lacks, only_looks_alike, write_report

ALL = OURS | OF_ONE


def said(known: dict[str, object], *leads) -> list[Said]:
    return [Said(each, Known.model_validate(known)) for each in leads or [lead()]]


def needed(found) -> set[str]:
    return {name for lack in found if lack.needed for name in lack.names}


def wished(found) -> set[str]:
    return {name for lack in found if not lack.needed for name in lack.names}


def test_what_makes_a_report_complete_can_be_answered_by_name():
    asked = {one.name for kind in (Kind.KNOWN_MATERIAL, Kind.NEW_MATERIAL) for one in asked_of(kind)}
    assert asked == set(ANSWERED_BY)
    assert {name for names in ANSWERED_BY.values() for name in names} <= set(Known.model_fields)


def test_a_report_of_which_all_is_known_is_complete():
    report = write_report(said(ALL | VIEWED), reference="story-1")
    assert completeness(report).points == 100
    assert lacks(said(ALL | VIEWED)) == []
    assert (report.kind, report.service, report.reference) == (Kind.KNOWN_MATERIAL, "hosting", "story-1")


def test_hashes_and_how_it_was_found_are_facts_of_the_item():
    [item] = write_report(said(ALL), reference="story-1").items
    assert [digest.algorithm for digest in item.digests] == ["MD5", "SHA1", "SHA256", "PDQ"]
    facts = {each.name: each.value for each in item.properties}
    assert facts["match.1.kind"] == "sha256" and facts["match.2.kind"] == "pdq"
    assert (facts["match.1.list"], facts["match.1.reference"]) == ("drawn", "drawing-1")
    assert facts["match.2.threshold_bits"] == "31"
    assert item.name == "same-1.png" and item.classification is None


def test_nothing_is_said_that_nobody_knows():
    report = write_report(said({"service": "hosting", "happened_at": "unknown"}), reference="story-1")
    assert (report.parties, report.places, report.reporter, report.additional) == ([], [], None, [])
    [item] = report.items
    assert item.uploaded_at is None and item.viewed_by_provider is None and item.original is None
    assert report.incident.at == FOUND_AT
    assert "not known" in report.incident.at_description


def test_of_a_bare_lead_all_is_asked_for_by_name():
    found = lacks(said({}))
    assert needed(found) == {"happened_at", "service"}
    assert {"account", "email", "network_address", "network_port", "where", "reporter_email", "kept_by"} <= wished(
        found
    )
    assert all(lack.without for lack in found)


@given(st.sets(st.sampled_from(sorted(ALL))))
def test_what_was_answered_or_said_to_be_unknown_is_not_asked_again(names):
    known = {name: ALL[name] if name in names else None for name in ALL}
    found = lacks(said(known | dict.fromkeys((*VIEWED, "screen_name", "phone"))))
    assert wished(found) == set()
    assert needed(found) == {"happened_at", "service"} - names


def test_what_only_looks_alike_makes_no_report_before_a_person_has_looked():
    alike = lead(alike=True)
    assert only_looks_alike(alike) and not only_looks_alike(lead())
    assert needed(lacks(said(ALL, alike))) == set(VIEWED)
    for missing in VIEWED:
        half = {name: value for name, value in VIEWED.items() if name != missing}
        assert needed(lacks(said(ALL | half, alike))) == {missing}
        with pytest.raises(BadAnswers, match=missing):
            write_report(said(ALL | half, alike), reference="story-1")
    [item] = write_report(said(ALL | VIEWED, alike), reference="story-1").items
    assert item.viewed_by_provider is True
    assert {each.name: each.value for each in item.properties}["viewed_by"] == "reviewer-7"


def test_the_saboteur_who_forgets_the_look_is_seen(monkeypatch):
    monkeypatch.setattr(reporting, "only_looks_alike", lambda lead: False)
    with pytest.raises(AssertionError):
        test_what_only_looks_alike_makes_no_report_before_a_person_has_looked()


@pytest.mark.parametrize("kind", ["photodna", "tmk", "pdq"])
def test_equal_looks_are_no_equal_file(kind):
    """A perceptual hash without distance is equal for many pictures."""
    only = lead().model_copy(update={"matches": (lead().matches[1].model_copy(update={"kind": kind}),)})
    assert only_looks_alike(only)


def test_one_look_does_not_count_for_many():
    answers = Answers.model_validate({"all": VIEWED})
    check_said_of_each([lead(1, alike=True), lead(2)], answers, together=False)
    with pytest.raises(BadAnswers, match=r"2 leads at once(.|\n)*alike-1.png(.|\n)*alike-2.png"):
        check_said_of_each([lead(1, alike=True), lead(2, alike=True)], answers, together=True)


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_one_account_is_not_accused_in_many_reports_by_a_slip(name):
    value = OF_ONE.get(name) or {"screen_name": "name-1", "phone": "+33199000000"}[name]
    answers = Answers.model_validate({"all": {name: value}})
    check_said_of_each([lead(1), lead(2)], answers, together=True)
    check_said_of_each([lead(1)], answers, together=False)
    with pytest.raises(BadAnswers, match="--together"):
        check_said_of_each([lead(1), lead(2)], answers, together=False)


def test_several_leads_of_one_incident_are_one_report_dated_by_the_first():
    early, late = OF_ONE["happened_at"], "2026-11-19T10:00:00Z"
    both = [Said(lead(1), Known.model_validate(ALL | {"happened_at": late})), *said(ALL, lead(2))]
    report = write_report(both, reference="story-1")
    assert len(report.items) == 2
    assert report.incident.at == datetime.fromisoformat(early)


def test_what_differs_between_leads_makes_no_one_report():
    both = [*said(ALL, lead(1)), *said(ALL | {"account": "account-2"}, lead(2))]
    with pytest.raises(BadAnswers, match="account differs"):
        write_report(both, reference="story-1")


def test_what_a_person_saw_makes_it_new():
    report = write_report(said(ALL | VIEWED | {"viewed_as": "new_material"}), reference="story-1")
    assert report.kind == Kind.NEW_MATERIAL


def test_a_place_that_is_no_address_needs_its_kind():
    assert needed(lacks(said(ALL | {"where": "room-3"}))) == {"where_kind"}
    [place] = write_report(said(ALL | {"where": "room-3", "where_kind": "chat"}), reference="a").places
    assert (place.kind, place.name, place.urls) == ("chat", "room-3", [])


def test_a_video_carries_its_frames():
    frames = tuple(f"{n},100,{'0' * 64},{n}.000" for n in range(450))
    [item] = write_report(said(ALL, lead(frames=frames)), reference="story-1").items
    lines = [line for each in item.properties if each.name.startswith("vpdq.") for line in each.value.split("\n")]
    assert tuple(lines) == frames


def test_a_look_in_the_future_was_none():
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    with pytest.raises(BadAnswers, match="future"):
        one_answer("viewed_at", later)


def test_later_answers_win_and_null_is_an_answer():
    first = Answers.model_validate({"all": {"account": "a", "screen_name": "b"}, "leads": {"x": {"phone": "1"}}})
    both = first.but(Answers.model_validate({"all": {"account": None}, "leads": {"x": {"country": "FR"}}}))
    assert (both.all.account, both.all.screen_name, both.all.is_said("account")) == (None, "b", True)
    assert (both.leads["x"].phone, both.leads["x"].country) == ("1", "FR")


def test_an_answer_never_repeats_what_was_typed():
    typed = "text-of-somebody"
    for name in ("network_address", "service", "network_port", "country", "happened_at", "kept_until", "viewed_as"):
        with pytest.raises(BadAnswers) as refused:
            one_answer(name, typed)
        assert typed not in str(refused.value)


def test_closed_words_are_offered():
    assert choices("service") == ("interpersonal", "hosting", "other")
    assert choices("viewed_as") == ("known_material", "new_material", "nothing")
    assert choices("account") == ()
