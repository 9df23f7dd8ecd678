"""What a provider can prove under the twenty conditions. Private to that provider."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation, Person
from tutela.compliance.readiness import Advice, Detects


class Technology(models.Model):
    """One version of a detector, with what reg-2021-1232:art-3-1-c and -d ask before it is used."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.TextField()
    version = models.TextField()
    detects = ArrayField(models.TextField(choices=[(each, each) for each in Detects]))
    in_use_from = models.DateField()
    in_use_to = models.DateField(null=True)
    used_in_union_since = models.DateField(help_text="by anybody; from 2021-08-02 on it is new technology")
    assessment = models.TextField(blank=True, help_text="reference of the data protection impact assessment")
    assessed_on = models.DateField(null=True)
    consultation = models.TextField(blank=True, help_text="reference of the prior consultation")
    consulted_on = models.DateField(null=True)
    advice = models.TextField(choices=[(each, each) for each in Advice], default=Advice.AWAITED)
    advice_reference = models.TextField(blank=True)
    followed_up = models.TextField(blank=True, help_text="how the written advice was answered")
    followed_up_on = models.DateField(null=True)
    recorded_by = models.TextField(help_text="whose act, as the audit writes it")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name", "version"], name="one_entry_per_version"),
            models.CheckConstraint(
                name="technology_use_ends_after_it_began",
                condition=Q(in_use_to=None) | Q(in_use_to__gte=F("in_use_from")),
            ),
            models.CheckConstraint(
                name="technology_assessment_is_whole",
                condition=Q(assessment="", assessed_on=None) | (Q(assessment__gt="") & Q(assessed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="technology_consultation_is_whole",
                condition=Q(consultation="", consulted_on=None)
                | (Q(consultation__gt="") & Q(consulted_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="technology_follow_up_is_whole",
                condition=Q(followed_up="", followed_up_on=None)
                | (Q(followed_up__gt="") & Q(followed_up_on__isnull=False) & Q(advice=Advice.GIVEN)),
            ),
            models.CheckConstraint(
                name="technology_advice_is_known", condition=Q(advice__in=[str(each) for each in Advice])
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Measurement(models.Model):
    """Numbers, never a rate: a rate is computed from them and shown with them."""

    technology = models.ForeignKey(Technology, models.PROTECT, related_name="measurements")
    first = models.DateField()
    last = models.DateField()
    flagged = models.BigIntegerField(help_text="items the technology flagged by itself")
    reviewed = models.BigIntegerField(help_text="of those, read by a person")
    not_confirmed = models.BigIntegerField(help_text="of those, not what they were flagged for")
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["technology", "first", "last"], name="one_measurement_per_period"),
            models.CheckConstraint(name="measurement_period", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="measurement_counts_nest",
                condition=Q(not_confirmed__gte=0) & Q(reviewed__gte=F("not_confirmed")) & Q(flagged__gte=F("reviewed")),
            ),
        )


class Evidence(models.Model):
    """What shows that one condition is met: a document elsewhere, known by its address or its hash."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    condition = models.CharField(max_length=3, help_text="C01 to C20")
    what = models.TextField()
    on = models.DateField()
    valid_until = models.DateField(null=True)
    responsible = models.ForeignKey(Person, models.PROTECT, related_name="+")
    link = models.TextField(blank=True)
    sha256 = models.BinaryField(null=True)
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(null=True)
    withdrawn_reason = models.TextField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="evidence_condition", condition=Q(condition__regex=r"^C(0[1-9]|1\d|20)$")),
            models.CheckConstraint(
                name="evidence_can_be_found", condition=Q(link__startswith="https://") | Q(sha256__isnull=False)
            ),
            models.CheckConstraint(name="evidence_says_what", condition=Q(what__gt="")),
            models.CheckConstraint(
                name="evidence_withdrawal_is_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason=None)
                | (
                    Q(withdrawn_at__isnull=False)
                    & Q(withdrawn_by__isnull=False)
                    & Q(withdrawn_reason__isnull=False)
                    & Q(withdrawn_reason__gt="")
                ),
            ),
        )
        indexes = (models.Index(fields=["organisation", "condition"], name="evidence_by_condition"),)
