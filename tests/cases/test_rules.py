"""What is open in which state, and what a decision may stand on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.accounts.moves import NotInThisState
from tutela.cases import rules
from tutela.cases.diagram import page
from tutela.cases.models import Case
from tutela.reports.actions.matching import KNOWN, NEAR_KNOWN
from tutela.reports.signals import SIGNALS

MOVES = sorted({move for moves in rules.MOVES.values() for move in moves})
ALL_SIGNALS = [*SIGNALS, KNOWN, NEAR_KNOWN]


def test_the_page_for_people_is_the_table() -> None:
    printed = (Path(__file__).parents[2] / "docs" / "cases.md").read_text()
    assert printed == page(), "docs/cases.md is out of date: run 'python -m tutela.cases.diagram > docs/cases.md'"


def test_every_state_of_the_database_has_its_row_and_every_move_ends_in_one() -> None:
    assert set(rules.MOVES) == set(Case.State.values)
    assert {to for moves in rules.MOVES.values() for to in moves.values()} <= set(Case.State.values)


@pytest.mark.parametrize("state", sorted(rules.MOVES))
@pytest.mark.parametrize("move", MOVES)
def test_what_is_not_in_the_table_is_refused_with_a_sentence(state: str, move: str) -> None:
    if move in rules.MOVES[state]:
        assert rules.check_move(state, move) == rules.MOVES[state][move]
        return
    with pytest.raises(NotInThisState, match="this case"):
        rules.check_move(state, move)


def test_two_readings_stand_between_a_report_and_anyone_outside() -> None:
    """Every way from waiting to confirmed or dismissed is assess, then confirm: 2 ways in all."""
    ways = [
        (first, second)
        for first, state in rules.MOVES[rules.WAITING].items()
        for second, end in rules.MOVES[state].items()
        if end in (rules.CONFIRMED, rules.DISMISSED)
    ]
    assert ways == [("assess", "confirm a referral"), ("assess", "confirm a dismissal")]
    assert not {rules.CONFIRMED, rules.DISMISSED} & set(rules.MOVES[rules.WAITING].values())


def test_a_resemblance_alone_never_refers() -> None:
    with pytest.raises(rules.NotDecidable, match="a lead, not a ground to refer"):
        rules.check_grounds("refer", ["near_known_item"], ALL_SIGNALS)
    rules.check_grounds("refer", ["near_known_item", "viewed_by_provider"], ALL_SIGNALS)


@given(st.sampled_from(["refer", "dismiss"]), st.lists(st.sampled_from(sorted(rules.GROUNDS)), unique=True))
def test_a_decision_stands_on_its_own_grounds_or_is_refused(decision: str, grounds: list[str]) -> None:
    fits = grounds and all(rules.GROUNDS[name].decision == decision for name in grounds)
    if fits and set(grounds) != {"near_known_item"}:
        rules.check_grounds(decision, grounds, ALL_SIGNALS)
    else:
        with pytest.raises(rules.NotDecidable):
            rules.check_grounds(decision, grounds, ALL_SIGNALS)


@pytest.mark.parametrize("name", sorted(name for name, ground in rules.GROUNDS.items() if ground.signals))
def test_a_ground_that_no_report_states_is_refused_by_name(name: str) -> None:
    with pytest.raises(rules.NotDecidable, match=f"{name}: no report in this case states that"):
        rules.check_grounds(rules.GROUNDS[name].decision, [name], [])


@pytest.mark.parametrize("name", sorted(rules.GROUNDS))
def test_every_signal_a_ground_asks_for_exists(name: str) -> None:
    assert rules.GROUNDS[name].signals <= set(ALL_SIGNALS)


def test_a_ground_nobody_knows_and_a_decision_nobody_knows_are_refused() -> None:
    with pytest.raises(rules.NotDecidable, match="hearsay: no ground to refer"):
        rules.check_grounds("refer", ["hearsay"], ALL_SIGNALS)
    with pytest.raises(rules.NotDecidable, match="'refer' or 'dismiss'"):
        rules.check_grounds("forget", ["not_material"], ALL_SIGNALS)


def test_the_second_reader_is_another_person() -> None:
    rules.check_second_reader(1, 2)
    with pytest.raises(rules.NotDecidable, match="another person"):
        rules.check_second_reader(1, 1)
