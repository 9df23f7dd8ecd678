"""An address opens one account, and no administrator learns whether another organisation knows it."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from tests import cast
from tutela.accounts import actions
from tutela.accounts.actions import people
from tutela.accounts.models import Organisation, Person
from tutela.accounts.policy import HOUSE, Role

pytestmark = pytest.mark.django_db
WORD, OTHER_WORD = "a long word 1!", "a longer word 2!"
EVA = "eva@staff.example"


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


@pytest.fixture
def adam():
    return cast.person("Adam", Role.ADMINISTRATOR, cast.organisation("provider"))


@pytest.fixture
def eva():
    return added(cast.organisation("provider"), HOUSE, WORD)


def added(at: Organisation, by: object, word: str | None, email: str = EVA) -> Person:
    return actions.add_person(
        name="Eva", email=email, organisation=at, roles=[Role.PROVIDER_ENGINEER], by=by, password=word
    )


def who_comes_in(word: str) -> str | None:
    client = Client()
    client.post("/accounts/login/", {"login": EVA, "password": word})
    return client.session.get("_auth_user_id")


def test_an_address_that_works_elsewhere_is_added_alike_and_opens_nothing(adam, eva):
    second = added(adam.person.organisation, adam.actor, OTHER_WORD, EVA.upper())
    assert (second.email, second.state) == (EVA, "active")
    assert who_comes_in(OTHER_WORD) is None
    assert who_comes_in(WORD) == str(eva.pk)


def test_a_new_password_does_not_open_it_either_while_the_address_works_elsewhere(adam, eva):
    second = added(adam.person.organisation, adam.actor, OTHER_WORD)
    actions.give_new_password(second.pk, password=OTHER_WORD, by=adam.actor)
    assert who_comes_in(OTHER_WORD) is None
    actions.end_person(eva.pk, by=HOUSE)
    actions.give_new_password(second.pk, password=OTHER_WORD, by=adam.actor)
    assert who_comes_in(OTHER_WORD) == str(second.pk)


def test_who_left_can_be_added_again(adam):
    home = adam.person.organisation
    actions.end_person(added(home, adam.actor, WORD).pk, by=adam.actor)
    again = added(home, adam.actor, OTHER_WORD)
    assert (who_comes_in(WORD), who_comes_in(OTHER_WORD)) == (None, str(again.pk))


def test_the_house_is_told_that_an_address_is_taken(eva):
    with pytest.raises(IntegrityError, match="one_person_per_address"), transaction.atomic():
        added(cast.organisation("provider"), HOUSE, OTHER_WORD)


def test_one_list_holds_an_address_once_in_any_spelling(adam):
    added(adam.person.organisation, adam.actor, WORD)
    with pytest.raises(IntegrityError, match="one_person_per_list"), transaction.atomic():
        added(adam.person.organisation, adam.actor, WORD, EVA.upper())


def test_two_accounts_are_given_the_same_address_by_hand(adam, eva):
    """The saboteur in the rows: the second account gets a password that works."""
    second = added(adam.person.organisation, adam.actor, OTHER_WORD)
    with pytest.raises(IntegrityError, match="one_person_per_address"), transaction.atomic():
        Person.objects.filter(pk=second.pk).update(password=eva.password)


def test_the_answer_differs_when_the_second_account_is_not_kept(adam, eva, monkeypatch):
    """The saboteur in the code: told like the house, an administrator would learn it."""
    monkeypatch.setattr(people, "HOUSE", adam.actor)
    actor = people.HOUSE
    with pytest.raises(IntegrityError), transaction.atomic():
        added(adam.person.organisation, actor, OTHER_WORD)
