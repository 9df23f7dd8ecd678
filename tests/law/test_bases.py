"""What applies on which day: the derogation, its gap, and what no date can stop."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.law.bases import Basis, Purpose, Service, bases, basis_on, read_basis
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))
GOOD = """
id = "basis:test"
name = "A test"
provision = "dir-2011-93:art-1"
services = ["hosting"]
purposes = ["detection"]
first = 2024-01-01
last = 2024-12-31
sentence = "It applies."
source_url = "https://act.example/"
checked_on = 2026-11-23
certainty = "verified"
"""


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        ("2021-08-01", False),
        ("2021-08-02", True),
        ("2022-01-10", True),
        ("2026-04-03", True),
        ("2026-04-04", False),
        ("2026-05-01", False),
        ("2026-07-30", False),
        ("2026-07-31", True),
        ("2026-08-15", True),
        ("2028-04-03", True),
        ("2028-04-04", False),
    ],
)
def test_the_derogation_binds_to_the_day(day: str, allowed: bool) -> None:
    assert basis_on(date.fromisoformat(day), "interpersonal", "detection").allowed is allowed


def test_the_refusal_in_the_gap_says_what_ended_and_what_begins() -> None:
    answer = basis_on(date(2026, 5, 1), "interpersonal", "detection")
    assert answer.basis_id is None
    assert (answer.interval.first, answer.interval.last) == (date(2026, 4, 4), date(2026, 7, 30))
    assert "2021/1232 applied until 2026-04-03" in answer.sentence
    assert "2026/1881 applies from 2026-07-31" in answer.sentence
    assert "received all the same" in answer.sentence
    assert answer.certainty is Certainty.SECONDARY


def test_an_act_known_from_secondary_sources_only_is_marked() -> None:
    assert basis_on(date(2026, 8, 15), "interpersonal", "detection").certainty is Certainty.SECONDARY
    assert basis_on(date(2022, 1, 10), "interpersonal", "detection").certainty is Certainty.VERIFIED


def test_hosting_answers_from_its_own_records_in_the_gap_too() -> None:
    answer = basis_on(date(2026, 5, 1), "hosting", "detection")
    assert answer.allowed
    assert answer.basis_id == "basis:dsa-own-initiative"
    assert basis_on(date(2026, 5, 1), "hosting", "reporting").basis_id == "basis:dsa-suspicion"
    assert basis_on(date(2026, 5, 1), "hosting", "notice").basis_id == "basis:dsa-notice"
    assert not basis_on(date(2024, 2, 16), "hosting", "reporting").allowed


@pytest.mark.parametrize("service", ["access", "search", "number-based"])
def test_a_service_without_a_record_is_refused_and_the_answer_is_not_called_verified(service: str) -> None:
    answer = basis_on(date(2022, 1, 10), service, "detection")
    assert not answer.allowed
    assert answer.certainty is Certainty.MEMORY
    assert "no legal basis is recorded" in answer.sentence


@given(on=DAYS, service=st.sampled_from(Service), encrypted=st.booleans(), audio=st.booleans())
def test_a_report_is_received_on_any_day_from_any_service(
    on: date, service: Service, encrypted: bool, audio: bool
) -> None:
    assert basis_on(on, service, "receive", end_to_end_encrypted=encrypted, audio=audio).allowed


@given(on=DAYS, service=st.sampled_from(Service), purpose=st.sampled_from(Purpose))
def test_encrypted_and_audio_communications_are_out_of_scope_on_any_day(
    on: date, service: Service, purpose: Purpose
) -> None:
    if purpose is Purpose.RECEIVE:
        return
    assert not basis_on(on, service, purpose, end_to_end_encrypted=True).allowed
    spoken = basis_on(on, service, purpose, audio=True)
    assert not spoken.allowed
    assert spoken.provision == "reg-2021-1232:art-1-2"


@given(on=DAYS, service=st.sampled_from(Service), purpose=st.sampled_from(Purpose))
def test_the_answer_holds_on_every_day_of_the_interval_it_names(on: date, service: Service, purpose: Purpose) -> None:
    answer = basis_on(on, service, purpose)
    assert answer.interval.holds(on)
    for edge, step in ((answer.interval.first, -1), (answer.interval.last, 1)):
        if edge is not None:
            assert basis_on(edge, service, purpose).allowed is answer.allowed
            assert _differs(answer, basis_on(edge + timedelta(days=step), service, purpose))


def _differs(one: Basis, other: Basis) -> bool:
    return (one.allowed, one.basis_id) != (other.allowed, other.basis_id)


@pytest.mark.parametrize(("service", "purpose"), [("carrier pigeon", "detection"), ("hosting", "curiosity")])
def test_an_unknown_word_is_refused_with_the_words_we_know(service: str, purpose: str) -> None:
    with pytest.raises(ValueError, match="is one of"):
        basis_on(date(2026, 5, 1), service, purpose)


def test_only_number_independent_interpersonal_services_need_the_derogation() -> None:
    for each in bases():
        if each.id.startswith("basis:reg-"):
            assert each.services == {Service.INTERPERSONAL}


def test_a_basis_that_ends_before_it_begins_is_refused() -> None:
    assert read_basis(parse("t.toml", GOOD)).interval.holds(date(2024, 6, 1))
    with pytest.raises(BadRecord, match="before 'first'"):
        read_basis(parse("t.toml", GOOD.replace("2024-12-31", "2023-12-31")))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (GOOD.replace('"hosting"', '"hostng"'), "services' is one of"),
        (GOOD.replace('"verified"', '"certain"'), "certainty' is one of"),
        (GOOD.replace("https://act.example/", ""), "web address"),
        (GOOD.replace("sentence", "sentense"), "'sentence' is missing"),
        (GOOD + 'colour = "red"\n', "unknown key colour"),
        (GOOD.replace("first = 2024-01-01", "first = 2024-01-01T00:00:00Z"), "must be a date"),
        (GOOD.replace("first = 2024-01-01", "first = 2024-13-01"), "not TOML"),
    ],
)
def test_a_wrong_record_is_named_with_its_key(broken: str, says: str) -> None:
    with pytest.raises(BadRecord, match=says):
        read_basis(parse("t.toml", broken))
