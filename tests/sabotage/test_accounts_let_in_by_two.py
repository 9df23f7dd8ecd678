"""Somebody breaks the rule that a reader is let in by two, in the code and in the rows; the database says no."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.console.scenes import added_by
from tutela.accounts import actions
from tutela.accounts.actions import people
from tutela.accounts.models import Person
from tutela.accounts.policy import Role
from tutela.audit.rules import actor_text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def femke() -> cast.Member:
    return cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("hotline"))


def refused(person: Person, constraint: str, **changes: object) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**changes)


def test_the_code_lets_a_reader_in_alone(femke, monkeypatch):
    monkeypatch.setattr(people, "opens_alone", lambda by, roles: True)
    with pytest.raises(IntegrityError, match="person_let_in_by_two"), transaction.atomic():
        added_by(femke)
    assert not Person.objects.filter(name="Kim").exists()


def test_the_codes_own_comparison_is_taken_out(femke, monkeypatch):
    reader = added_by(femke)
    monkeypatch.setattr(people, "check_another", lambda opened_by, by: None)
    with pytest.raises(IntegrityError, match="person_activated_by_another"), transaction.atomic():
        actions.activate_person(reader.pk, by=femke.actor)
    reader.refresh_from_db()
    assert not reader.is_active


def test_the_rows_are_changed_by_hand(femke):
    reader, opener = added_by(femke), actor_text(femke.actor)
    refused(reader, "person_let_in_by_two", is_active=True)
    refused(reader, "person_activated_by_another", activated_by=opener, activated_at=NOW)
    refused(reader, "person_activation_whole", activated_by="person:x")
    refused(reader, "person_activation_whole", activated_at=NOW)
    refused(femke.person, "person_ended_is_out", ended_at=NOW)
    refused(femke.person, "person_administers_or_reads", roles=[Role.ADMINISTRATOR, Role.ANALYST])


def test_the_audit_fails_and_nobody_was_let_in(femke, monkeypatch):
    def broken(*args: object, **more: object) -> None:
        raise OSError("the record cannot be written")

    reader = added_by(femke)
    jonas = cast.person("Jonas", Role.ADMINISTRATOR, femke.person.organisation)
    monkeypatch.setattr(people.audit, "record", broken)
    with pytest.raises(OSError), transaction.atomic():
        actions.activate_person(reader.pk, by=jonas.actor)
    reader.refresh_from_db()
    assert (reader.is_active, reader.activated_by) == (False, "")
