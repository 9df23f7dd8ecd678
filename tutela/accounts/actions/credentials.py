"""Give, rotate and revoke credentials; say who presents one."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tutela.accounts.models import Credential, Organisation
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import Act, Actor, Role, check_machine_roles, check_may, check_roles
from tutela.audit import actions as audit

OVERLAP = timedelta(days=7)


@dataclass(frozen=True)
class Given:
    """A new credential with its secret, which nobody can show again."""

    credential: Credential
    secret: str


def give_credential(*, organisation: Organisation, kind: str, roles: list[Role], by: Actor) -> Given:
    check_may(by, Act.CREDENTIAL_MANAGE, owner=organisation.pk)
    check_roles(organisation.kind, [Role(role) for role in roles], machine=True)
    check_machine_roles(by, roles)
    with transaction.atomic():
        given = _new(organisation, kind, [Role(role) for role in roles])
        audit.record(
            "credential.given", by=by, subject=f"credential:{given.credential.username}", details={"kind": kind}
        )
    return given


def rotate_credential(credential_id: int, *, by: Actor, overlap: timedelta = OVERLAP) -> Given:
    """A new secret beside the old one, which ends after the overlap, so that no sender is ever shut out."""
    with transaction.atomic():
        old = Credential.objects.select_for_update().select_related("organisation").get(pk=credential_id)
        check_may(by, Act.CREDENTIAL_MANAGE, owner=old.organisation_id)
        check_machine_roles(by, old.roles)
        # A second rotation would move the day on which the old secret ends, and so wake a secret that has ended.
        if old.replaced_by_id is not None:
            raise NotInThisState("this credential was rotated already: rotate the one that replaced it")
        if not old.is_open():
            raise NotInThisState("this credential has ended: give a new one")
        given = _new(old.organisation, old.kind, [Role(role) for role in old.roles])
        old.replaced_by, old.expires_at = given.credential, datetime.now(UTC) + overlap
        old.save(update_fields=["replaced_by", "expires_at"])
        audit.record("credential.rotated", by=by, subject=f"credential:{old.username}")
    return given


def revoke_credential(credential_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        credential = Credential.objects.select_for_update().get(pk=credential_id)
        check_may(by, Act.CREDENTIAL_MANAGE, owner=credential.organisation_id)
        credential.revoked_at = datetime.now(UTC)
        credential.save(update_fields=["revoked_at"])
        audit.record("credential.revoked", by=by, subject=f"credential:{credential.username}")


# What an actor is made of; this question stands before every request of every machine.
SHOWN = (
    *("username", "secret_sha256", "roles", "expires_at", "revoked_at", "replaced_by"),
    *("organisation__kind", "organisation__country", "organisation__name"),
)


def who_presents(kind: str, username: str, secret: str) -> Actor | None:
    """The organisation behind a presented secret; None for every reason alike."""
    if "\x00" in username:
        # PostgreSQL has no such text, and says so by an error.
        return None
    found = Credential.objects.select_related("organisation").only(*SHOWN).filter(kind=kind, username=username)
    credential = next(iter(found[:1]), None)
    expected = bytes(credential.secret_sha256) if credential else bytes(32)
    fits = hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), expected)
    return credential.actor() if credential is not None and fits and credential.is_open() else None


def _new(organisation: Organisation, kind: str, roles: list[Role]) -> Given:
    secret = secrets.token_urlsafe(32)
    credential = Credential.objects.create(
        organisation=organisation,
        kind=kind,
        username=f"{kind[:2]}-{secrets.token_hex(6)}",
        secret_sha256=hashlib.sha256(secret.encode()).digest(),
        roles=roles,
    )
    return Given(credential, secret)
