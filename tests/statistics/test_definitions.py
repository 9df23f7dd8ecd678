import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutela.statistics import rules
from tutela.statistics.actions import COUNTED


def test_every_figure_says_what_is_counted_what_is_not_in_which_unit_and_from_where():
    for definition in rules.DEFINITIONS.values():
        for said in ("title", "unit", "sentence", "not_counted", "source"):
            assert getattr(definition, said), f"{definition.id} has no {said}"


def test_every_defined_figure_is_counted_and_nothing_undefined_is():
    assert set(COUNTED) == set(rules.DEFINITIONS)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, "1 to 4"), (4, "1 to 4"), (5, "5"), (2000, "2,000"), (1_000_000, "1,000,000")]
)
def test_a_small_count_is_withheld_and_nought_is_not(count, words):
    assert rules.shown(count) == words


@given(st.integers(1, rules.SMALL_COUNT), st.integers(1, rules.SMALL_COUNT))
def test_two_small_counts_cannot_be_told_apart(one, other):
    assert rules.shown(one) == rules.shown(other)


@given(st.integers(rules.SMALL_COUNT + 1, 10**12))
def test_any_other_count_is_printed_exactly(count):
    assert int(rules.shown(count).replace(",", "")) == count


def test_a_count_below_nought_is_refused():
    with pytest.raises(ValueError, match="nought or more"):
        rules.shown(-1)
