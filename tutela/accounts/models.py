"""Organisations, the people in them, and the credentials of their machines."""

import uuid
from datetime import UTC, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from tutela.accounts.policy import HOUSE, LET_IN_BY_TWO, READERS, Actor, Role
from tutela.audit.rules import actor_text

_READERS = sorted(role.value for role in READERS)
_LET_IN_BY_TWO = sorted(role.value for role in LET_IN_BY_TWO)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        PROVIDER = "provider"
        HOTLINE = "hotline"
        CENTRE = "centre"
        AUTHORITY = "national_authority"
        POLICY = "policy_body"
        PREVENTION = "prevention_body"
        PARTNER = "partner"

    name = models.TextField(unique=True)
    kind = models.TextField(choices=Kind)
    country = models.CharField(max_length=2, blank=True, help_text="EU code of the Member State (EL, not GR)")
    # A provider without an establishment in the Union names a legal representative (eu-dsa, Article 13).
    representative_country = models.CharField(max_length=2, blank=True)
    authority = models.TextField(blank=True, help_text="id of the competent authority in the law's data")
    invented = models.BooleanField(default=False, help_text="belongs to a demonstration")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["authority"], condition=~Q(authority=""), name="one_organisation_per_authority"
            ),
        )

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, email: str) -> "Person":
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).get(email__iexact=email)

    def in_list(self, organisation_id: int | None) -> models.QuerySet["Person"]:
        """Whom an organisation knows as its own, and nobody else's."""
        return self.filter(organisation=organisation_id).order_by("name", "pk")


class Person(AbstractBaseUser):
    class State(models.TextChoices):
        ACTIVE = "active"
        WAITING = "waits for a second person"
        ENDED = "ended"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    name = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    roles = ArrayField(models.TextField(choices=[(role, role) for role in Role]), default=list)
    is_active = models.BooleanField(default=True)
    # Both as the audit writes an actor: who last let her in, and the second person who agreed.
    opened_by = models.TextField()
    activated_by = models.TextField(blank=True)
    activated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    sessions_from = models.DateTimeField(default=now, help_text="no session that is older opens anything")
    created_at = models.DateTimeField(db_default=Now())

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ()

    class Meta:
        constraints = (
            # An address opens one account in the house. Another organisation that adds it is not told: its account has
            # no password that works, and does not count here (Django begins such a password with "!").
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_address",
                condition=~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
            ),
            models.UniqueConstraint(
                Lower("email"), "organisation", name="one_person_per_list", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="person_administers_or_reads",
                condition=~Q(roles__contains=[Role.ADMINISTRATOR.value], roles__overlap=_READERS),
            ),
            models.CheckConstraint(
                name="person_activation_whole",
                condition=Q(activated_by="", activated_at__isnull=True)
                | (~Q(activated_by="") & Q(activated_at__isnull=False)),
            ),
            models.CheckConstraint(name="person_activated_by_another", condition=~Q(activated_by=F("opened_by"))),
            models.CheckConstraint(name="person_ended_is_out", condition=Q(ended_at__isnull=True) | Q(is_active=False)),
            models.CheckConstraint(
                name="person_let_in_by_two",
                condition=Q(is_active=False)
                | Q(opened_by=actor_text(HOUSE))
                | Q(activated_at__isnull=False)
                | ~Q(roles__overlap=_LET_IN_BY_TWO),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        if self.ended_at is not None:
            return self.State.ENDED
        return self.State.ACTIVE if self.is_active else self.State.WAITING

    def get_session_auth_hash(self) -> str:
        """Django compares it at every request, on every page: a later `sessions_from` ends all sessions at once."""
        kept = f"{self.password} {self.sessions_from.isoformat()}"
        return salted_hmac("tutela.accounts.sessions", kept, algorithm="sha256").hexdigest()

    def actor(self) -> Actor:
        """Nobody outside sees a name: the record and the exports carry the public id."""
        return Actor(
            kind="person",
            id=str(self.public_id),
            organisation_id=self.organisation_id,
            organisation_kind=self.organisation.kind,
            country=self.organisation.country,
            roles=frozenset(Role(role) for role in self.roles),
            label=self.name,
        )


class Credential(models.Model):
    """A machine's way in. The secret is random and long, so a fast hash keeps it; it is shown once."""

    class Kind(models.TextChoices):
        BASIC = "basic"
        BEARER = "bearer"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="credentials")
    kind = models.TextField(choices=Kind)
    username = models.TextField(unique=True)
    secret_sha256 = models.BinaryField()
    roles = ArrayField(models.TextField(choices=[(role, role) for role in Role]), default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="credential_expires_after_it_was_made",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
            ),
        )

    def is_open(self) -> bool:
        """Whether its secret lets anybody in at this moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > datetime.now(UTC))

    def actor(self) -> Actor:
        return Actor(
            kind="credential",
            id=self.username,
            organisation_id=self.organisation_id,
            organisation_kind=self.organisation.kind,
            country=self.organisation.country,
            roles=frozenset(Role(role) for role in self.roles),
            label=self.organisation.name,
        )
