from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.indicators.models import Change, Indicator
from tutela.referrals.models.referral import Referral


class Correction(models.Model):
    """What we told was wrong, and everyone we told must know and say so: dir-2016-680:art-7-3."""

    class Why(models.TextChoices):
        WRONG_DELETE = "wrong_delete"
        INDICATOR_WITHDRAWN = "indicator_withdrawn"
        INDICATOR_DOUBTED = "indicator_doubted"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="corrections")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    why = models.TextField(choices=Why)
    fall = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+", help_text="when it ceased to count")
    told_at = models.DateTimeField(db_default=Now())
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["referral", "why"], condition=Q(indicator=None), name="one_correction_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["referral", "fall"], condition=Q(fall__isnull=False), name="one_correction_per_fall"
            ),
            # One that nobody has acknowledged still asks for what a second one would.
            models.UniqueConstraint(
                fields=["referral", "why", "indicator"],
                condition=Q(indicator__isnull=False, acknowledged_at=None),
                name="one_open_correction_per_indicator",
            ),
            models.CheckConstraint(
                name="correction_names_its_indicator",
                condition=Q(why="wrong_delete", indicator=None, fall=None)
                | ~Q(why="wrong_delete") & Q(indicator__isnull=False, fall__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_acknowledged_at_and_by",
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by=""),
            ),
        )


class Uncorrected(models.Model):
    """An indicator that fell and whose readers could not be told: it waits here, and stops nobody behind it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    why = models.TextField(choices=Correction.Why)
    fall = models.ForeignKey(Change, models.PROTECT, related_name="+", help_text="the latest one")
    since = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    # The kind alone: what an error says may hold what a dossier says.
    error = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "why"], name="one_uncorrected_per_fall"),)
