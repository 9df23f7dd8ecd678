from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.indicators.models import Indicator
from tutela.reports.models.report import Report


class Item(models.Model):
    """One file or address: fingerprints to match by; its name and circumstances stay in the sealed message."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    file_id = models.CharField(max_length=32)
    md5 = models.BinaryField(null=True)
    sha1 = models.BinaryField(null=True)
    sha256 = models.BinaryField(null=True)
    pdq = models.BinaryField(null=True)
    pdq_quality = models.PositiveSmallIntegerField(null=True)
    url_key = models.BinaryField(null=True)
    # Hashed here from a stream that was dropped, or only stated by the sender.
    hashed_here = models.BooleanField(default=False)
    size = models.PositiveBigIntegerField(null=True)
    labels = ArrayField(models.TextField(), default=list)
    classification = models.CharField(max_length=2, blank=True)
    viewed_by_provider = models.BooleanField(null=True)
    keep_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["report", "position"], name="one_item_per_position"),
            models.UniqueConstraint(fields=["report", "file_id"], name="one_item_per_file_id"),
        )
        indexes = (
            models.Index(fields=["sha256"], name="item_by_sha256", condition=Q(sha256__isnull=False)),
            models.Index(fields=["sha1"], name="item_by_sha1", condition=Q(sha1__isnull=False)),
            models.Index(fields=["md5"], name="item_by_md5", condition=Q(md5__isnull=False)),
            models.Index(fields=["url_key"], name="item_by_url", condition=Q(url_key__isnull=False)),
        )


class Match(models.Model):
    """Item and indicator, and how near: a lead, not a verdict."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="matches")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    kind = models.TextField()
    distance_bits = models.PositiveSmallIntegerField()
    threshold_bits = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "indicator"], name="one_match_per_item_and_indicator"),)


class Identifier(models.Model):
    """A keyed token of something that identifies: equal tokens link reports, no token tells whom it means."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="identifiers")
    role = models.TextField()
    kind = models.TextField()
    token = models.BinaryField()
    strong = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=["token"], name="identifier_by_token", condition=Q(strong=True)),)
