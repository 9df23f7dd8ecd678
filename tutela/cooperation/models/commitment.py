"""What a company promised, and the proof it gives; only accepted proof keeps a promise."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.cooperation.models.undertaking import Undertaking, undertaking_constraints
from tutela.cooperation.rules import OF_A_COMMITMENT


class Commitment(Undertaking):
    """Of a provider that has an organisation here, or of a company that is only named."""

    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    company = models.TextField(blank=True)
    made_on = models.DateField()
    source_url = models.TextField()

    class Meta:
        ordering = ("id",)
        constraints = (
            *undertaking_constraints(),
            models.CheckConstraint(
                name="commitment_of_a_provider_or_a_named_company",
                condition=Q(provider__isnull=False, company="") | (Q(provider__isnull=True) & ~Q(company="")),
            ),
            models.CheckConstraint(name="commitment_names_its_source", condition=Q(source_url__startswith="http")),
        )

    @property
    def of(self) -> str:
        return self.company or self.provider.name

    def said(self, today: date) -> str:
        """Kept, kept after its day, open, late or withdrawn."""
        return OF_A_COMMITMENT[self.standing(today)]


class Proof(models.Model):
    """What is offered as evidence. Whoever promised offers it; the Union's policy body accepts it."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="proofs")
    what = models.TextField()
    url = models.TextField()
    on = models.DateField(help_text="the day on which what it proves was done")
    offered_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(db_default=Now())
    accepted_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="proof_accepted_at_and_by",
                condition=Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proof_not_accepted_by_who_offered_it",
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=models.F("offered_by")),
            ),
            models.CheckConstraint(name="proof_says_what_and_where", condition=~Q(what="") & Q(url__startswith="http")),
        )

    def __str__(self) -> str:
        return self.what
