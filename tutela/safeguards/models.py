"""Holds: what stays although its time is over, for whom and until when."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tutela.accounts.models import Person
from tutela.reports.models import Report


class Hold(models.Model):
    """An authority needs this report as evidence until a day that is set: restriction instead of erasure."""

    class Reason(models.TextChoices):
        EVIDENCE = "evidence"
        ACCURACY_CONTESTED = "accuracy_contested"
        LEGAL_CLAIM = "legal_claim"

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    authority = models.TextField(help_text="id in the law's data")
    reason = models.TextField(choices=Reason)
    until = models.DateField()
    held_at = models.DateTimeField(db_default=Now())
    held_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hold_released_at_and_by",
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
            models.CheckConstraint(name="hold_ends_after_it_began", condition=Q(until__gt=F("held_at__date"))),
        )
        indexes = (models.Index(fields=["report"], name="hold_of_report", condition=Q(released_at=None)),)
