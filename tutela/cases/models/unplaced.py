"""What could not be put into a case, and the cases that could not be weighed again."""

from django.db import models
from django.db.models.functions import Now

from tutela.cases.models.case import Case
from tutela.reports.models import Report


class Unplaced(models.Model):
    """A report that could not be gathered: it waits here and is tried again, and stops nobody behind it."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    # The kind alone: what an error says may hold what the report says.
    error = models.TextField()


class Unweighed(models.Model):
    """A case that could not be weighed again: it waits here and is tried again, and stops nobody behind it."""

    class Why(models.TextChoices):
        CHANGED = "changed", "an indicator it rests on fell, or counts again"
        RECOGNISED = "recognised", "an indicator that was confirmed later knows an item of it"

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    why = models.TextField(choices=Why)
    since = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    error = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "why"], name="one_unweighed_per_case_and_why"),)
