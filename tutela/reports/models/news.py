from django.db import models
from django.db.models.functions import Now

from tutela.audit.models import CurrentTransaction
from tutela.reports.models.report import Report


class News(models.Model):
    """What happened to a report, for the rooms above to follow with a commit-safe cursor."""

    class What(models.TextChoices):
        MATCHED = "matched"
        COMPLETED = "completed"
        RETRACTED = "retracted"
        # An indicator that was confirmed later knows an item of it.
        RECOGNISED = "recognised"

    txid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    what = models.TextField(choices=What)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["txid", "id"], name="news_in_order"),)
