from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Person
from tutela.cases.models.case import Case


class Reading(models.Model):
    """What one reader held, for ever: a disagreement sends the case back and is not forgotten."""

    class Place(models.TextChoices):
        FIRST = "first"
        SECOND = "second"

    case = models.ForeignKey(Case, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.TextField(choices=Place)
    # A second reader who disagrees names grounds for the other decision, or none.
    agrees = models.BooleanField(null=True)
    decision = models.TextField(choices=Case.Decision)
    grounds = ArrayField(models.TextField(), default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="only_a_second_reader_agrees",
                condition=Q(place="first", agrees=None) | Q(place="second", agrees__isnull=False),
            ),
        )
