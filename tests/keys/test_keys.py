import pytest
from django.db import IntegrityError, connection, transaction

from tutela.accounts.policy import HOUSE
from tutela.audit.models import Leaf
from tutela.keys import actions as keys
from tutela.keys.models import Key
from tutela.seals.boxes import BoxRefused

pytestmark = pytest.mark.django_db


def again(key: Key) -> Key:
    """The key as another process finds it."""
    return Key.objects.get(pk=key.pk)


def test_what_one_process_sealed_another_opens():
    key = keys.create("report")
    box = keys.seal(key, b"text-1", about="report:1")
    assert keys.unseal(again(key), box, about="report:1") == b"text-1"


def test_a_destroyed_key_opens_nothing_and_the_destruction_is_recorded():
    key = keys.create("report")
    box = keys.seal(key, b"text-1", about="report:1")
    keys.destroy(key.pk, by=HOUSE, reason="retention")
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(again(key), box, about="report:1")
    assert Leaf.objects.filter(action="key.destroyed").count() == 1
    keys.destroy(key.pk, by=HOUSE, reason="retention")
    assert Leaf.objects.filter(action="key.destroyed").count() == 1


def test_a_wrapped_key_put_into_another_row_does_not_open():
    mine, other = keys.create("report"), keys.create("report")
    Key.objects.filter(pk=mine.pk).update(wrapped=other.wrapped)
    with pytest.raises(BoxRefused):
        keys.seal(again(mine), b"text-1", about="report:1")


def test_the_stored_row_does_not_hold_the_secret():
    key = keys.create("report")
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM keys_key WHERE id = %s", [key.pk])
        assert keys._secret(key) not in bytes(cursor.fetchone()[0])


def test_a_key_is_kept_or_destroyed_never_both():
    key = keys.create("report")
    with pytest.raises(IntegrityError, match="key_is_kept_or_destroyed"), transaction.atomic():
        Key.objects.filter(pk=key.pk).update(wrapped=None)


def test_a_commitment_is_steady_for_one_key_and_differs_between_keys():
    mine, other = keys.create("report"), keys.create("report")
    assert keys.commitment(mine, "report:1") == keys.commitment(again(mine), "report:1")
    assert keys.commitment(mine, "report:1") != keys.commitment(other, "report:1")
    assert keys.commitment(mine, "report:1") != keys.commitment(mine, "report:2")


def test_one_identifier_has_one_token_however_it_is_spelled():
    assert keys.blind("email", "User@Mail.Example ") == keys.blind("email", "user@mail.example")
    assert keys.blind("email", "a") != keys.blind("phone", "a")
    assert b"user" not in keys.blind("email", "user")
