from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.referrals.models.referral import Referral


class Correction(models.Model):
    """What we told was wrong, and everyone we told must know and say so: dir-2016-680:art-7-3."""

    class Why(models.TextChoices):
        WRONG_DELETE = "wrong_delete"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="corrections")
    why = models.TextField(choices=Why)
    told_at = models.DateTimeField(db_default=Now())
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["referral", "why"], name="one_correction_of_a_kind"),
            models.CheckConstraint(
                name="correction_acknowledged_at_and_by",
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by=""),
            ),
        )
