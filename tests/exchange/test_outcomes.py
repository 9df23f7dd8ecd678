"""The hotlines' codes keep their numbers, and claim no more of an outcome than they say."""

import pytest

from tutela.exchange.outcomes import ACTIONS_OF_VERSION_2, RELATIONS, Action, Reason, check_action
from tutela.exchange.words import OutcomeCode


def test_every_action_has_a_relation_and_none_claims_an_investigation():
    assert set(RELATIONS) == set(Action)
    claimed = {relation.outcome for relation in RELATIONS.values()}
    assert not claimed & {OutcomeCode.INVESTIGATION_OPENED, OutcomeCode.CHILD_PROTECTED, OutcomeCode.WRONG_DELETE}


def test_the_numbers_are_those_of_the_interface():
    assert [reason.value for reason in Reason] == list(range(1, 22))
    assert sorted(Action) == [0, 1, 2, 3, 4, 6]
    assert not set(ACTIONS_OF_VERSION_2) & set(Action)


def test_unavailable_needs_its_reason():
    check_action(Action.REMOVED, None)
    check_action(Action.UNAVAILABLE, Reason.LINK_EXPIRED)
    with pytest.raises(ValueError, match="needs a reason"):
        check_action(Action.UNAVAILABLE, None)
