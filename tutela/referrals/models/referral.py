from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.accounts.policy import Act, Actor, NotYours, Relation, relations
from tutela.cases.models import Case
from tutela.exchange.words import OutcomeCode
from tutela.keys.models import Key
from tutela.referrals import rules


class ReferralQuestions(models.QuerySet["Referral"]):
    def open_to(self, by: Actor) -> "ReferralQuestions":
        """All for those who hand over; for an authority what was handed to it (until then it names no organisation)."""
        needed = relations(by, Act.REFERRAL_READ)
        if Relation.ANY in needed:
            return self
        if Relation.ADDRESSED in needed and by.organisation_id is not None:
            return self.filter(organisation_id=by.organisation_id)
        raise NotYours("no referral is open to you")

    def overdue(self, *, now: datetime, days: int = rules.ACKNOWLEDGED_WITHIN_DAYS) -> "ReferralQuestions":
        """Handed over and not acknowledged for longer than this."""
        return self.filter(state=rules.HANDED_OVER, handed_over_at__lte=now - rules.days_long(days)).order_by(
            "handed_over_at"
        )


class Referral(models.Model):
    """One case for one authority, with the reason why it and no other."""

    class State(models.TextChoices):
        PREPARED = rules.PREPARED
        OUTSIDE = rules.OUTSIDE
        HANDED_OVER = rules.HANDED_OVER
        ACKNOWLEDGED = rules.ACKNOWLEDGED
        ANSWERED = rules.ANSWERED

    number = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    authority = models.TextField(help_text="id in the law's data")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    recipient_country = models.CharField(max_length=2)
    reason = models.TextField(help_text="code of what named the state; the sentence stands in the sealed dossier")
    ground = models.TextField(help_text="id of the provision")
    state = models.TextField(choices=State, default=State.PREPARED)
    prepared_at = models.DateTimeField(db_default=Now())
    # Who acted is written as the audit writes it: a machine's credential has no row among the people.
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)
    outcome = models.TextField(choices=[(code, code) for code in OutcomeCode], blank=True)
    reminded_at = models.DateTimeField(null=True)
    dossier_sha256 = models.BinaryField(null=True)

    objects = ReferralQuestions.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "authority"], name="one_referral_per_authority"),
            *(
                models.CheckConstraint(
                    name=f"referral_{fact}_at_and_by",
                    condition=Q(**{f"{fact}_at": None, f"{fact}_by": ""})
                    | Q(**{f"{fact}_at__isnull": False}) & ~Q(**{f"{fact}_by": ""}),
                )
                for fact in ("handed_over", "acknowledged", "answered")
            ),
            models.CheckConstraint(
                name="referral_answer_has_a_code",
                condition=Q(answered_at=None, outcome="") | Q(answered_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="referral_given_with_a_dossier",
                condition=Q(state=rules.PREPARED, dossier_sha256=None)
                | ~Q(state=rules.PREPARED) & Q(dossier_sha256__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_to_somebody_here",
                condition=Q(organisation=None, state__in=rules.NOT_YET_GIVEN)
                | Q(organisation__isnull=False) & ~Q(state__in=rules.NOT_YET_GIVEN),
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state", "-number"], name="referral_of_authority"),
            models.Index(fields=["handed_over_at"], name="referral_awaited", condition=Q(state=rules.HANDED_OVER)),
        )

    def __str__(self) -> str:
        return f"referral {self.number}"

    @property
    def subject(self) -> str:
        return f"referral:{self.number}"

    @property
    def addressed(self) -> tuple[int, ...]:
        return (self.organisation_id,) if self.organisation_id is not None else ()


class Dossier(models.Model):
    """The signed bundle, sealed under a key of its own. What the authority answered in words is sealed beside it."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="dossier")
    key = models.ForeignKey(Key, models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    sealed_answer = models.BinaryField(null=True)
    sha256 = models.BinaryField()
    size = models.PositiveIntegerField()
    # By number, so that whoever was told of one can be told when it is withdrawn; the bundle itself is sealed.
    indicators = ArrayField(models.BigIntegerField(), default=list)
    made_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="dossier_sealed_until_erased",
                condition=Q(sealed__isnull=False, erased_at=None)
                | Q(sealed=None, sealed_answer=None, erased_at__isnull=False),
            ),
        )
        indexes = (GinIndex(fields=["indicators"], name="dossier_by_indicator"),)
