from collections import Counter
from datetime import date

import pytest

from tutela.law.catalogue import check
from tutela.law.procedures import Kind, Step, procedures, read_state
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

HEAD = 'state = "RO"\nchecked_on = 2026-11-23\n'
PROCEDURE = '[[procedure]]\nid = "procedure:x"\ninstrument = "dir-2011-93"\nkind = "non_conformity"\n'
EVENT = """[[procedure.event]]
kind = "closing"
on = 2016-11-17
source_url = "https://register.example/"
certainty = "secondary"
"""


def events(**more: bool):
    return [(each, event) for each in procedures(**more) for event in each.events]


def test_58_events_are_shipped_and_the_one_that_is_a_guess_is_switched_off() -> None:
    assert len(events(include_unverified=True)) == 58
    assert len(events()) == 57
    guessed = {each.id for each in procedures(include_unverified=True)} - {each.id for each in procedures()}
    assert guessed == {"procedure:infr-2014-0017"}


def test_nothing_is_called_verified_that_was_read_in_the_press_or_derived() -> None:
    assert {event.source.certainty for _, event in events()} == {Certainty.SECONDARY}
    assert [event.id for _, event in events() if not event.source.note] == []


def test_the_letters_of_2019_went_to_23_states_and_never_to_denmark() -> None:
    first = {each.state for each, event in events() if event.step is Step.LETTER and event.on.year == 2019}
    assert len(first) == 23
    assert {"CY", "IE", "NL", "DK"} & first == set()
    assert Counter(event.on.isoformat() for _, event in events() if event.step is Step.ADDITIONAL_LETTER) == {
        "2022-07-15": 3,
        "2023-02-15": 12,
    }


def test_every_closing_is_of_the_first_round() -> None:
    closed = [each for each, event in events() if event.step is Step.CLOSING]
    assert {each.kind for each in closed} == {Kind.NON_COMMUNICATION}
    assert {each.state for each in closed} == {"EL", "ES", "IT", "MT", "PT", "RO"}


def test_a_case_number_stands_for_one_procedure() -> None:
    numbers = [each.case_number for each in procedures(include_unverified=True) if each.case_number]
    assert len(numbers) == len(set(numbers))
    assert [each.state for each in procedures() if not each.case_number] == ["IE"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD.replace("RO", "BG") + PROCEDURE + EVENT, "state must be 'RO'"),
        (HEAD + PROCEDURE, "at least one event"),
        (HEAD + PROCEDURE + EVENT + EVENT.replace("2016", "2015"), "order of their days"),
        (HEAD + PROCEDURE + EVENT.replace("closing", "rumour"), "'kind' is one of"),
        (HEAD + PROCEDURE + EVENT + 'who = "text-1"\n', "unknown key who"),
    ],
)
def test_a_broken_file_is_named_with_what_to_change(text: str, sentence: str) -> None:
    with pytest.raises(BadRecord, match=sentence):
        read_state("ro", parse("procedures/ro.toml", text))


def test_denmark_cannot_stand_in_a_procedure_about_the_directive() -> None:
    with pytest.raises(BadRecord, match="DK is not bound"):
        read_state("dk", parse("procedures/dk.toml", HEAD.replace("RO", "DK") + PROCEDURE + EVENT))


def test_the_catalogue_walks_them() -> None:
    report = check(date(2026, 11, 23))
    assert report.counts["procedure event"] == 58
    assert report.is_valid
