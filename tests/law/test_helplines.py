"""A wrong number harms: what nobody has checked is not printed."""

import pytest

from tutela.law.authorities import MEMBER_STATES
from tutela.law.helplines import EMERGENCY, LineKind, helplines, read_lines
from tutela.law.records import BadRecord, parse
from tutela.law.sources import Certainty

ROW = """
country = "XX"
checked_on = 2026-11-23
[[line]]
kind = "child_helpline"
operator = "A helpline"
number = "116 111"
enabled = false
source_url = ""
certainty = "memory"
"""


def test_every_member_state_has_a_file_with_the_three_kinds_of_line() -> None:
    wanted = {LineKind.CHILD_HELPLINE, LineKind.MISSING_CHILDREN, LineKind.HOTLINE}
    for country in MEMBER_STATES:
        assert {each.kind for each in helplines(country, include_unverified=True)} == wanted


def test_no_row_from_memory_is_printed_unasked() -> None:
    everything = [each for country in MEMBER_STATES for each in helplines(country, include_unverified=True)]
    printed = [each for country in MEMBER_STATES for each in helplines(country)]
    assert 0 < len(printed) < len(everything)
    assert all(each.source.certainty is not Certainty.MEMORY for each in printed)
    assert all(each.source.source_url.startswith("http") for each in printed)


def test_a_printed_helpline_has_a_number_and_an_operator() -> None:
    for country in MEMBER_STATES:
        for each in helplines(country):
            assert each.operator
            assert each.number or each.kind is LineKind.HOTLINE


def test_the_emergency_number_is_112() -> None:
    assert (EMERGENCY.number, EMERGENCY.kind, EMERGENCY.country) == ("112", LineKind.EMERGENCY, "EU")
    assert EMERGENCY.source.certainty is Certainty.VERIFIED


def test_a_country_outside_the_union_gets_nothing() -> None:
    assert helplines("US") == ()
    assert helplines("US", include_unverified=True) == ()


def test_a_row_from_memory_cannot_be_switched_on_by_the_file() -> None:
    assert not read_lines("xx", parse("xx.toml", ROW))[0].enabled
    with pytest.raises(BadRecord, match="until a person has checked"):
        read_lines("xx", parse("xx.toml", ROW.replace("enabled = false", "enabled = true")))


def test_a_row_must_say_whether_it_is_switched_on() -> None:
    with pytest.raises(BadRecord, match="'enabled' is missing"):
        read_lines("xx", parse("xx.toml", ROW.replace("enabled = false\n", "")))


def test_a_file_under_another_countrys_name_is_refused() -> None:
    with pytest.raises(BadRecord, match="like the file"):
        read_lines("yy", parse("yy.toml", ROW))
