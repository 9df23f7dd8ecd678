"""The lists as they were given away: what stands on them, each change, the snapshots, and the newest signed head."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.indicators.models.indicator import Indicator
from tutela.indicators.rules import Category


class PublishedList(models.Model):
    """One list for each category. Its row is the lock under which it is published."""

    name = models.TextField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64)
    entries = models.PositiveIntegerField(default=0)
    # The oldest transaction that was still running when the list was last compared with what counts.
    settled = models.BigIntegerField(default=0)
    head = models.BinaryField(null=True, help_text="the signed statement, as it is sent")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="published_list_is_a_category", condition=Q(name__in=[str(category) for category in Category])
            ),
        )


class Listing(models.Model):
    """An indicator that stands on a list: what the next change is compared with."""

    list = models.ForeignKey(PublishedList, models.PROTECT, related_name="listings")
    indicator = models.OneToOneField(Indicator, models.PROTECT, related_name="+", primary_key=True)


class ListChange(models.Model):
    """The bytes of one change. A change is never another: a fork would be seen by whoever holds the chain."""

    list = models.ForeignKey(PublishedList, models.PROTECT, related_name="changes")
    sequence = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "sequence"], name="one_change_per_sequence"),)


class SnapshotPart(models.Model):
    """The bytes of one file of a snapshot; `chain` and `entries` are those of its sequence."""

    list = models.ForeignKey(PublishedList, models.PROTECT, related_name="parts")
    sequence = models.BigIntegerField()
    number = models.PositiveIntegerField()
    chain = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "sequence", "number"], name="one_part_per_number"),)
