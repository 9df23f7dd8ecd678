"""A procedure is closed, open, or of unknown status; silence is never read as "open"."""

from datetime import date

from tutela.compliance.procedures import Event, Exported, Standing, by_state, merged, shipped
from tutela.law.procedures import Kind, Step

NOW = date(2026, 11, 23)


def event(step: Step, on: date) -> Event:
    return Event(step=step, on=on, record="decision:1", source_url="https://register.example/", certainty="as imported")


def exported(number: str, state: str, *events: Event, active: bool = True) -> Exported:
    return Exported(case_number=number, state=state, kind=Kind.NON_CONFORMITY, active=active, as_of=NOW, events=events)


def test_a_case_of_which_nothing_more_was_read_is_of_unknown_status() -> None:
    found = by_state(shipped())
    assert [each.standing for each in found["BG"]] == [Standing.UNKNOWN]
    assert found["BG"][0].sentence.endswith("on 2023-02-15; status unknown since")


def test_a_closing_closes() -> None:
    first, second = by_state(shipped())["RO"]
    assert (first.standing, first.is_closed) == (Standing.CLOSED, True)
    assert second.standing is Standing.UNKNOWN


def test_nothing_that_is_shipped_is_called_open() -> None:
    assert {each.standing for each in shipped()} == {Standing.CLOSED, Standing.UNKNOWN}


def test_states_without_a_known_case_have_none() -> None:
    assert {"CY", "NL", "DK"} & set(by_state(shipped())) == set()


def test_the_case_whose_number_is_not_known_says_so() -> None:
    (found,) = by_state(shipped())["IE"]
    assert found.sentence.startswith("a case whose number is not known")


def test_the_export_tells_whether_a_case_is_open_and_the_known_steps_stay() -> None:
    letter = event(Step.LETTER, date(2019, 7, 25))
    first, second = by_state(merged([exported("INFR(2019)2189", "RO", letter)]))["RO"]
    assert first.case_number == "INFR(2014)0192"
    assert (second.standing, second.as_of) == (Standing.OPEN, NOW)
    assert [(each.step, each.certainty) for each in second.events] == [
        (Step.LETTER, "as imported"),
        (Step.ADDITIONAL_LETTER, "secondary"),
    ]


def test_the_export_closes_a_case() -> None:
    closing = event(Step.CLOSING, date(2025, 1, 1))
    found = by_state(merged([exported("INFR(2019)2189", "RO", closing, active=False)]))["RO"][1]
    assert found.standing is Standing.CLOSED
    assert [each.step for each in found.events][-1] is Step.CLOSING


def test_a_number_that_the_register_gives_to_another_state_moves_nobodys_letters() -> None:
    found = by_state(merged([exported("INFR(2019)2189", "CY", event(Step.LETTER, date(2019, 7, 25)))]))
    assert [len(each.events) for each in found["CY"]] == [1]
    assert found["RO"] == by_state(shipped())["RO"]


def test_a_case_that_only_the_export_has_is_added() -> None:
    found = merged([exported("INFR(2025)9999", "NL", event(Step.LETTER, date(2025, 1, 1)))])
    assert len(found) == len(shipped()) + 1
