"""Three append-only tables. The database itself refuses to change a row (see the second migration)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.audit.models import CurrentTransaction
from tutela.indicators.models.indicator import Indicator
from tutela.indicators.rules import Kind


class Event(models.Model):
    """One line of an indicator's life, as people read it; the audit has the leaf that proves it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now())
    by = models.TextField(help_text="whose act, as the audit writes it")
    what = models.TextField()
    why = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)


class Change(models.Model):
    """What an index held in memory must catch up with, and what rests on an indicator's matches."""

    class What(models.TextChoices):
        ACTIVE = "active"
        WITHDRAWN = "withdrawn"
        # Somebody says it is wrong, so that it counts no longer; and nobody does any more.
        DOUBTED = "doubted"
        CLEARED = "cleared"

    txid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    what = models.TextField(choices=What)

    class Meta:
        indexes = (models.Index(fields=["txid", "id"], name="indicator_change_in_order"),)


class Tombstone(models.Model):
    """A value that was withdrawn: a wrong entry that comes back by another list would do its harm again."""

    kind = models.TextField(choices=[(kind, kind) for kind in Kind])
    value = models.BinaryField()
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "value"], name="one_tombstone_per_value"),
            models.CheckConstraint(name="tombstone_says_why", condition=~Q(reason="")),
        )
