"""What bodies say about an indicator: how they class it, whether they stand by it, what came of its matches."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.exchange.words import OutcomeCode, Verdict
from tutela.indicators.models.indicator import Indicator


class Classification(models.Model):
    """A label of somebody's scheme, never converted silently into another's."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="classifications")
    scheme = models.TextField()
    version = models.TextField()
    code = models.TextField()
    by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["indicator", "scheme", "version", "by"], name="one_class_per_scheme"),
        )


class Opinion(models.Model):
    """One organisation's present verdict; earlier ones stand in the indicator's history."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    verdict = models.TextField(choices=[(verdict, verdict) for verdict in Verdict])
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["indicator", "organisation"], name="one_opinion_per_organisation"),
            models.CheckConstraint(
                name="opinion_is_of_a_known_kind", condition=Q(verdict__in=[str(verdict) for verdict in Verdict])
            ),
        )


class Answer(models.Model):
    """What an authority answered about a hand-over that rested on this indicator; precision is counted from these."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="answers")
    about = models.TextField(help_text='what was answered, as in "referral:41"')
    code = models.TextField(choices=[(code, code) for code in OutcomeCode])
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "about"], name="one_answer_per_hand_over"),)
