from django.db import models
from django.db.models.functions import Now

from tutela.reports.models import Report


class Unplaced(models.Model):
    """A report that could not be gathered: it waits here and is tried again, and stops nobody behind it."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    # The kind alone: what an error says may hold what the report says.
    error = models.TextField()
