from django.db import models
from django.db.models.functions import Now

from tutela.exchange.words import OutcomeCode
from tutela.reports.models.report import Report


class ReportOutcome(models.Model):
    """What an authority answered, written down here by the room of referrals so that the sender can read it back."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="outcomes")
    authority = models.TextField()
    code = models.TextField(choices=[(code, code) for code in OutcomeCode])
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "authority"], name="one_outcome_per_authority"),)
