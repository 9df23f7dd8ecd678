from django.db import models
from django.db.models.functions import Now

from tutela.reports.models.report import Report


class Step(models.Model):
    """What became of a report in the rooms above, told downwards by their actions, so that its sender can follow it."""

    class What(models.TextChoices):
        DECIDED = "decided"
        REFERRED = "referred"
        ACKNOWLEDGED = "acknowledged"
        ANSWERED = "answered"
        CLOSED = "closed"

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    what = models.TextField(choices=What)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "what"], name="one_step_of_a_kind"),)
