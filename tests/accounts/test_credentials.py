from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests import cast
from tutela.accounts import actions
from tutela.accounts.actions import credentials
from tutela.accounts.models import Credential, Organisation
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import HOUSE, MACHINE_ROLES, ROLES_OF, TABLE, Act, NotYours, Role, RoleNotOpen
from tutela.audit.models import Leaf

pytestmark = pytest.mark.django_db


def test_a_credential_opens_for_its_organisation_and_its_secret_is_not_kept():
    provider = cast.organisation("provider")
    given = cast.credential(provider)
    who = actions.who_presents("bearer", given.credential.username, given.secret)
    assert who is not None
    assert who.organisation_id == provider.pk
    assert who.roles == {Role.PROVIDER_ENGINEER}
    stored = Credential.objects.get(pk=given.credential.pk)
    assert given.secret.encode() not in bytes(stored.secret_sha256)
    assert given.secret not in "".join(bytes(leaf.content).decode() for leaf in Leaf.objects.all())


@pytest.mark.parametrize("wrong", ["kind", "username", "secret"])
def test_anything_wrong_gets_nothing(wrong):
    given = cast.credential(cast.organisation("provider"))
    said = {"kind": "bearer", "username": given.credential.username, "secret": given.secret}
    said[wrong] = "basic" if wrong == "kind" else said[wrong] + "x"
    assert actions.who_presents(**said) is None


def test_rotation_lets_the_old_secret_in_until_the_overlap_ends():
    provider = cast.organisation("provider")
    old = cast.credential(provider)
    new = actions.rotate_credential(old.credential.pk, by=HOUSE, overlap=timedelta(days=2))
    for given in (old, new):
        assert actions.who_presents("bearer", given.credential.username, given.secret)
    with time_machine.travel(old.credential.created_at + timedelta(days=3)):
        assert actions.who_presents("bearer", old.credential.username, old.secret) is None
        assert actions.who_presents("bearer", new.credential.username, new.secret)


def test_a_rotated_credential_is_not_rotated_again():
    old = cast.credential(cast.organisation("provider"))
    actions.rotate_credential(old.credential.pk, by=HOUSE, overlap=timedelta(days=2))
    with pytest.raises(NotInThisState, match="rotate the one that replaced it"):
        actions.rotate_credential(old.credential.pk, by=HOUSE)
    assert Credential.objects.count() == 2


@pytest.mark.parametrize("ended", ["revoked", "expired", "rotated and expired"])
def test_a_credential_that_ended_never_comes_back(ended):
    old = cast.credential(cast.organisation("provider"))
    pk, after = old.credential.pk, old.credential.created_at + timedelta(days=3)
    if ended == "revoked":
        actions.revoke_credential(pk, by=HOUSE)
    elif ended == "expired":
        Credential.objects.filter(pk=pk).update(expires_at=after - timedelta(days=1))
    else:
        actions.rotate_credential(pk, by=HOUSE, overlap=timedelta(days=2))
    held = Credential.objects.count()
    with time_machine.travel(after):
        with pytest.raises(NotInThisState):
            actions.rotate_credential(pk, by=HOUSE)
        assert actions.who_presents("bearer", old.credential.username, old.secret) is None
    assert Credential.objects.count() == held


def test_a_revoked_secret_is_shut_at_once():
    given = cast.credential(cast.organisation("provider"))
    actions.revoke_credential(given.credential.pk, by=HOUSE)
    assert actions.who_presents("bearer", given.credential.username, given.secret) is None


def test_the_stranger_rotates_and_revokes_nothing_of_others():
    given = cast.credential(cast.organisation("provider"))
    stranger = cast.stranger()
    for act in (actions.rotate_credential, actions.revoke_credential):
        with pytest.raises(NotYours):
            act(given.credential.pk, by=stranger.actor)
    assert actions.who_presents("bearer", given.credential.username, given.secret)


def giver(kind: str, role: Role) -> cast.Member:
    return cast.person("Femke", role, cast.organisation(kind))


@pytest.mark.parametrize(("kind", "role"), [(kind, role) for kind in ROLES_OF for role in sorted(ROLES_OF[kind])])
def test_a_person_gives_and_renews_only_what_the_table_lets_her(kind, role):
    """0 secrets obtained outside the table, by 17 pairs of kind and role, for each role of the kind."""
    who, obtained = giver(kind, role), set()
    home = who.person.organisation
    for wanted in ROLES_OF[kind]:
        old = cast.credential(home, role=wanted).credential
        for obtain in (
            lambda wanted=wanted: actions.give_credential(
                organisation=home, kind="bearer", roles=[wanted], by=who.actor
            ),
            lambda old=old: actions.rotate_credential(old.pk, by=who.actor),
        ):
            try:
                obtained |= {Role(role) for role in obtain().credential.roles}
            except (NotYours, RoleNotOpen):
                continue
    allowed = MACHINE_ROLES.get(role, frozenset()) if Act.CREDENTIAL_MANAGE in TABLE[role] else frozenset()
    assert obtained == allowed & ROLES_OF[kind]


def test_an_administrator_obtains_no_secret_that_opens_dossiers():
    admin = giver("national_authority", Role.ADMINISTRATOR)
    theirs = cast.credential(admin.person.organisation, role=Role.AUTHORITY_OFFICER)
    with pytest.raises(RoleNotOpen):
        actions.rotate_credential(theirs.credential.pk, by=admin.actor)
    assert Credential.objects.count() == 1
    assert actions.who_presents("bearer", theirs.credential.username, theirs.secret)


def test_the_table_is_emptied_of_its_check_and_the_administrator_reads_dossiers(monkeypatch):
    """The saboteur: without the one check the harm is there, so it is this check that holds."""
    monkeypatch.setattr(credentials, "check_machine_roles", lambda by, roles: None)
    admin = giver("national_authority", Role.ADMINISTRATOR)
    theirs = cast.credential(admin.person.organisation, role=Role.AUTHORITY_OFFICER)
    got = actions.rotate_credential(theirs.credential.pk, by=admin.actor)
    reader = actions.who_presents("bearer", got.credential.username, got.secret)
    assert Act.REFERRAL_READ in TABLE[next(iter(reader.roles))]


def test_a_machine_is_given_no_empty_role():
    admin = giver("policy_body", Role.ADMINISTRATOR)
    with pytest.raises(RoleNotOpen):
        actions.give_credential(organisation=admin.person.organisation, kind="bearer", roles=[], by=admin.actor)


def test_one_authority_has_one_organisation():
    cast.organisation("national_authority", authority="authority:fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Another", kind="national_authority", authority="authority:fr")
