"""Readiness is computed from what can be proved on a day; there is nothing to tick."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.compliance.readiness import (
    Advice,
    Detects,
    Measured,
    Proof,
    Readiness,
    State,
    Technology,
    caveat,
    is_ready,
    last_report_due,
    readiness,
)
from tutela.law.instruments import conditions

ON, OLD = date(2026, 3, 1), date(2024, 12, 31)
NUMBERS = [each.condition for each in conditions()]
MEASURED = Measured(first=date(2025, 1, 1), last=date(2025, 12, 31), flagged=2000, reviewed=1000, not_confirmed=12)


def detector(**changes: object) -> Technology:
    told: dict[str, object] = {
        "id": 1,
        "name": "Matcher",
        "version": "1.0",
        "detects": frozenset({Detects.KNOWN}),
        "in_use_from": date(2024, 1, 1),
        "in_use_to": None,
        "used_in_union_since": date(2019, 1, 1),
        "assessed_on": date(2023, 6, 1),
        "consulted_on": date(2023, 9, 1),
        "advice": Advice.NONE,
        "followed_up_on": None,
        "measured": (MEASURED,),
    }
    return Technology(**(told | changes))  # type: ignore[arg-type]


def proofs(on: date = date(2026, 1, 20), without: str = "", until: date | None = None) -> list[Proof]:
    return [Proof(id=n, condition=each, on=on, valid_until=until) for n, each in enumerate(NUMBERS) if each != without]


def of(condition: str, given_proofs: list[Proof], *technologies: Technology, on: date = ON) -> Readiness:
    (found,) = [each for each in readiness(given_proofs, technologies, on) if each.condition.condition == condition]
    return found


def test_there_are_twenty_and_with_everything_proved_the_provider_is_ready() -> None:
    found = readiness(proofs(), [detector()], ON)
    assert [each.condition.condition for each in found] == NUMBERS
    assert len(found) == 20
    assert is_ready(found)
    assert all(each.reasons for each in found)


def test_with_nothing_proved_nothing_is_met_and_each_says_why() -> None:
    found = readiness([], [], ON)
    assert {each.state for each in found} == {State.MISSING}
    assert all("No technology in use is registered" in each.reasons[-1] for each in found)
    assert not is_ready(found)
    assert not is_ready([])


@pytest.mark.parametrize("condition", NUMBERS)
def test_without_its_proof_no_condition_that_applies_is_met(condition: str) -> None:
    everything = frozenset(Detects)
    used = detector(detects=everything, used_in_union_since=date(2024, 1, 1))
    assert is_ready(readiness(proofs(), [used], ON))
    if condition in {"C07", "C08"}:
        used = detector(detects=everything, consulted_on=None, advice=Advice.AWAITED)
    assert of(condition, proofs(without=condition), used).state is State.MISSING


def test_proof_counts_between_its_days_only() -> None:
    assert of("C01", proofs(on=ON), detector()).state is State.MET
    assert of("C01", proofs(on=ON + timedelta(days=1)), detector()).state is State.MISSING
    assert of("C01", proofs(until=ON), detector()).state is State.MET
    assert of("C01", proofs(until=ON - timedelta(days=1)), detector()).state is State.MISSING


@pytest.mark.parametrize(
    "changes",
    [
        {"assessed_on": None},
        {"consulted_on": None},
        {"assessed_on": date(2024, 1, 2)},
        {"consulted_on": date(2025, 1, 1)},
    ],
)
def test_an_assessment_after_the_use_began_is_no_prior_assessment(changes: dict[str, object]) -> None:
    found = of("C07", proofs(), detector(**changes))
    assert found.state is State.MISSING
    assert found.reasons[0].startswith("Matcher 1.0: no ")


def test_one_version_that_fails_is_enough() -> None:
    found = of("C07", proofs(), detector(), detector(id=2, version="2.0", assessed_on=None))
    assert (found.state, found.technologies) == (State.MISSING, (1, 2))
    assert len(found.reasons) == 1
    planned = detector(id=2, version="2.0", assessed_on=None, in_use_from=ON + timedelta(days=1))
    assert of("C07", proofs(), detector(), planned).state is State.MET
    retired = detector(id=2, version="0.9", assessed_on=None, in_use_to=date(2025, 1, 1))
    assert of("C07", proofs(), detector(), retired).state is State.MET


@pytest.mark.parametrize(
    ("advice", "followed_up_on", "state"),
    [
        (Advice.AWAITED, None, State.MISSING),
        (Advice.GIVEN, None, State.MISSING),
        (Advice.GIVEN, date(2026, 3, 2), State.MISSING),
        (Advice.GIVEN, date(2026, 3, 1), State.MET),
        (Advice.NONE, None, State.MET),
    ],
)
def test_advice_on_new_technology_is_followed_up(advice: Advice, followed_up_on: date | None, state: State) -> None:
    new = detector(used_in_union_since=date(2021, 8, 2), advice=advice, followed_up_on=followed_up_on)
    assert of("C08", [], new).state is state


def test_old_technology_for_known_material_needs_no_report_on_advice() -> None:
    old = detector(used_in_union_since=date(2021, 8, 1), advice=Advice.AWAITED)
    assert of("C08", [], old).state is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("detects", "applies"),
    [(Detects.KNOWN, set()), (Detects.NEW, {"C13"}), (Detects.SOLICITATION, {"C06", "C08", "C10", "C13"})],
)
def test_what_is_looked_for_decides_which_conditions_apply(detects: Detects, applies: set[str]) -> None:
    found = readiness(proofs(), [detector(detects=frozenset({detects}))], ON)
    outside = {each.condition.condition for each in found if each.state is State.NOT_APPLICABLE}
    assert {"C06", "C08", "C10", "C13"} - outside == applies


def test_an_error_rate_is_said_with_its_numbers_and_both_denominators() -> None:
    found = of("C09", proofs(), detector())
    assert found.state is State.MET
    assert "12 of 1000 read were not confirmed (1.20%); of 2000 flagged, 0.60%" in " ".join(found.reasons).replace(
        "), ", "); "
    )


@pytest.mark.parametrize(
    ("measured", "sentence"),
    [
        ((), "no error was measured"),
        (
            (Measured(first=date(2024, 1, 1), last=date(2024, 12, 31), flagged=9, reviewed=9, not_confirmed=0),),
            "no error",
        ),
        ((Measured(first=ON, last=ON, flagged=9, reviewed=0, not_confirmed=0),), "of 9 flagged none was read"),
    ],
)
def test_an_old_measurement_or_one_that_nobody_read_shows_nothing(
    measured: tuple[Measured, ...], sentence: str
) -> None:
    found = of("C09", proofs(), detector(measured=measured))
    assert found.state is State.MISSING
    assert sentence in found.reasons[0]


def test_nought_errors_are_a_rate_and_nought_readings_are_not() -> None:
    none_wrong = Measured(first=ON, last=ON, flagged=10, reviewed=10, not_confirmed=0)
    assert (none_wrong.share_of_reviewed, none_wrong.share_of_flagged) == (0.0, 0.0)
    nothing = Measured(first=ON, last=ON, flagged=0, reviewed=0, not_confirmed=0)
    assert (nothing.share_of_reviewed, nothing.share_of_flagged) == (None, None)
    assert nothing.sentence.endswith("no rate can be said")


def test_the_yearly_report_is_due_by_the_31st_of_january() -> None:
    assert last_report_due(date(2026, 1, 31)) == date(2025, 1, 31)
    assert last_report_due(date(2026, 2, 1)) == date(2026, 1, 31)
    late = proofs(on=date(2025, 1, 31))
    assert of("C17", late, detector(), on=date(2026, 1, 31)).state is State.MET
    assert of("C17", proofs(on=date(2025, 2, 1)), detector()).state is State.MET
    assert of("C17", late, detector()).reasons == ("No yearly report is on record for the one due on 2026-01-31.",)


def test_after_the_act_ended_the_answer_says_whose_conditions_these_are() -> None:
    assert caveat(date(2026, 4, 3)) == ""
    assert "applied until 2026-04-03" in caveat(date(2026, 4, 4))


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from(list(Detects)), min_size=1))
def test_more_proof_never_makes_a_provider_less_ready(proved: set[str], detects: set[Detects]) -> None:
    used = [detector(detects=frozenset(detects))]
    some = readiness([each for each in proofs() if each.condition in proved], used, ON)
    everything = readiness(proofs(), used, ON)
    for less, more in zip(some, everything, strict=True):
        assert more.state is less.state or less.state is State.MISSING
