"""Who is told of a case, and why nobody else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.accounts.moves import NotInThisState
from tutela.law import competence
from tutela.law.authorities import EUROPOL, MEMBER_STATES, authority
from tutela.law.competence import Choice
from tutela.law.instruments import provision
from tutela.referrals import rules
from tutela.referrals.models import Referral
from tutela.referrals.rules import SOURCES, authorities_for
from tutela.reports.places import CountryHint

ON = date(2026, 11, 23)
WITHOUT_A_STATE = {"establishment", "legal_representative", "outside_the_union", "no_state"}
hints = st.lists(
    st.builds(
        CountryHint,
        country=st.sampled_from([*MEMBER_STATES, "US", "CH", "UK", "EU", "XX"]),
        role=st.sampled_from(["suspect", "recipient", "victim"]),
        source=st.sampled_from(SOURCES),
    ),
    max_size=12,
)
seats = st.sampled_from(["", "IE", "DE", "US", "AT"])


def chosen(*found: CountryHint, establishment: str = "IE", representative: str = "", on: date = ON) -> list[Choice]:
    return authorities_for(found, establishment=establishment, representative=representative, on=on)


def countries(choices: list[Choice]) -> list[str]:
    return [choice.country for choice in choices]


def test_the_states_of_victim_and_suspect_are_both_told() -> None:
    found = chosen(CountryHint("FR", "victim", "address"), CountryHint("DE", "suspect", "network_address"))
    assert countries(found) == ["DE", "FR"]
    assert found[0].reason == "suspect: DE by a network address"
    assert found[1].ground == "dsa-2022-2065:art-18-1"


def test_the_code_is_that_of_the_strongest_source_that_named_the_state() -> None:
    weak, strong = CountryHint("FR", "victim", "network_address"), CountryHint("FR", "suspect", "phone")
    (found,) = chosen(weak, strong)
    assert found.source == "phone"


def test_the_same_state_for_both_is_told_once_with_both_reasons() -> None:
    (found,) = chosen(CountryHint("FR", "victim", "address"), CountryHint("FR", "suspect", "phone"))
    assert found.authority == "authority:fr"
    assert found.reason == "victim: FR by a postal address; suspect: FR by a telephone prefix"


@pytest.mark.parametrize("place", range(len(SOURCES) - 1))
def test_the_stronger_source_decides_and_the_weaker_is_only_told(place: int) -> None:
    stronger, weaker = SOURCES[place], SOURCES[place + 1]
    (found,) = chosen(CountryHint("FR", "suspect", weaker), CountryHint("DE", "suspect", stronger))
    assert found.country == "DE"
    assert "says FR" in found.reason
    assert "weaker" in found.reason


def test_two_states_by_sources_of_one_strength_are_both_told() -> None:
    assert countries(chosen(CountryHint("FR", "victim", "phone"), CountryHint("IT", "victim", "phone"))) == ["FR", "IT"]


def test_only_states_outside_the_union_goes_through_europol_and_says_which() -> None:
    (found,) = chosen(CountryHint("US", "suspect", "phone"), CountryHint("CH", "victim", "address"))
    assert (found.authority, found.ground) == ("authority:europol", "reg-2016-794:art-26b")
    assert "US" in found.reason
    assert "CH" in found.reason


def test_a_state_of_the_union_beside_one_outside_is_told_alone() -> None:
    assert countries(chosen(CountryHint("US", "suspect", "phone"), CountryHint("EL", "victim", "address"))) == ["EL"]


def test_no_state_named_goes_to_the_police_of_the_providers_seat() -> None:
    (found,) = chosen(establishment="DE")
    assert (found.country, found.ground) == ("DE", "dsa-2022-2065:art-18-2")
    assert "establishment" in found.reason


def test_no_state_named_and_a_seat_outside_goes_to_the_state_of_the_representative() -> None:
    (found,) = chosen(establishment="US", representative="DE")
    assert found.country == "DE"
    assert "legal representative" in found.reason


def test_where_that_states_authority_is_on_no_public_record_europol_is_told_as_well() -> None:
    unnamed = next(each for each in map(authority, MEMBER_STATES) if each and not each.is_named)
    assert countries(chosen(establishment=unnamed.country)) == [unnamed.country, "EU"]


def test_nothing_named_at_all_goes_to_europol() -> None:
    assert countries(chosen(establishment="", representative="")) == ["EU"]


def test_before_the_act_applied_no_ground_is_claimed_and_the_child_is_not_forgotten() -> None:
    (found,) = chosen(CountryHint("FR", "victim", "address"), on=date(2024, 2, 16))
    assert (found.country, found.ground) == ("FR", "")
    (found,) = chosen(CountryHint("FR", "victim", "address"), on=date(2024, 2, 17))
    assert found.ground


@given(hints, seats, seats)
def test_never_everything_to_everyone(found: list[CountryHint], establishment: str, representative: str) -> None:
    """Somebody is told, each once, and nobody whom no hint names: 27 states and Europol could be."""
    choices = authorities_for(found, establishment=establishment, representative=representative, on=ON)
    named = {hint.country for hint in found} & set(MEMBER_STATES)
    assert choices
    assert len({choice.authority for choice in choices}) == len(choices)
    assert all(choice.reason for choice in choices)
    # What stands in clear names a kind of source, never a role or a state.
    assert {choice.source for choice in choices} <= {*SOURCES, *WITHOUT_A_STATE}
    if named and {choice.country for choice in choices} != {EUROPOL.country}:
        assert {choice.country for choice in choices} <= named
    else:
        assert len(choices) <= 2
    assert not any("centre" in choice.authority for choice in choices)


@given(hints)
def test_the_order_in_which_a_report_names_states_changes_no_recipient(found: list[CountryHint]) -> None:
    turned = authorities_for(found[::-1], establishment="IE", representative="", on=ON)
    assert countries(authorities_for(found, establishment="IE", representative="", on=ON)) == countries(turned)


@pytest.mark.parametrize("cited", [competence.CONCERNED, competence.UNKNOWN_STATE, competence.THROUGH_EUROPOL])
def test_what_is_cited_exists(cited: str) -> None:
    assert provision(cited).id == cited


def test_every_state_of_the_database_has_its_row() -> None:
    assert set(rules.MOVES) == set(Referral.State.values)


@pytest.mark.parametrize("state", sorted(rules.MOVES))
@pytest.mark.parametrize("move", ["hand over", "keep for outside", "give outside", "acknowledge", "answer"])
def test_what_is_not_in_the_table_is_refused_with_a_sentence(state: str, move: str) -> None:
    if move in rules.MOVES[state]:
        assert rules.check_move(state, move) in Referral.State.values
        return
    with pytest.raises(NotInThisState, match=f"not open to '{move}'"):
        rules.check_move(state, move)
