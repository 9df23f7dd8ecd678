from itertools import product

import pytest

from tutela.accounts.policy import HOUSE, TABLE, Act, Actor, NotYours, Relation, Role, check_may, may


def actor(role: Role, organisation: int = 1) -> Actor:
    return Actor(kind="person", id="x", organisation_id=organisation, roles=frozenset({role}), label=role)


@pytest.mark.parametrize(("role", "act"), list(product(Role, Act)))
def test_the_table_decides_and_nothing_else(role, act):
    allowed = TABLE[role].get(act, frozenset())
    somebody = actor(role)
    assert may(somebody, act, owner=1) == bool({Relation.OWN, Relation.ANY} & allowed)
    assert may(somebody, act, owner=2, addressed=[1]) == bool({Relation.ADDRESSED, Relation.ANY} & allowed)
    assert may(somebody, act, owner=2, addressed=[2]) == (Relation.ANY in allowed)
    assert may(somebody, act) == (Relation.ANY in allowed)


def test_every_role_stands_in_the_table():
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("act", Act)
def test_the_stranger_without_a_role_gets_nothing(act):
    nobody = Actor(kind="person", id="x", organisation_id=1)
    assert not may(nobody, act, owner=1, addressed=[1])
    with pytest.raises(NotYours):
        check_may(nobody, act, owner=1, addressed=[1])


@pytest.mark.parametrize("act", Act)
def test_somebody_without_an_organisation_owns_nothing(act):
    homeless = Actor(kind="credential", id="x", organisation_id=None, roles=frozenset({Role.PROVIDER_ENGINEER}))
    assert not may(homeless, act, owner=None, addressed=[])


def test_no_role_both_assesses_and_destroys():
    """Whoever decides about a report cannot make it unreadable."""
    assert not [role for role in Role if {Act.CASE_ASSESS, Act.KEY_DESTROY} <= TABLE[role].keys()]


def test_the_house_passes_only_as_itself():
    check_may(HOUSE, Act.KEY_DESTROY)
    lookalike = Actor(kind="house", id="jobs", organisation_id=None, label="the house")
    with pytest.raises(NotYours):
        check_may(lookalike, Act.KEY_DESTROY)
