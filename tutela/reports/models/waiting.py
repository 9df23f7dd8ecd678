"""What waits to be matched, beside the reports that came in a moment ago."""

from django.db import models
from django.db.models.functions import Now

from tutela.indicators.models import Indicator
from tutela.reports.models.report import Report


class Unmatched(models.Model):
    """A report that could not be matched: it waits here and is tried again, and stops nobody behind it."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField()
    # The kind alone: what an error says may hold what the report says.
    error = models.TextField()


class Sought(models.Model):
    """An indicator that began to count, and is yet to be looked for among the items that came before it."""

    indicator = models.OneToOneField(Indicator, models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now())
    # Taken for a look at this moment; whoever took it and died is followed by another after a while.
    tried_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
