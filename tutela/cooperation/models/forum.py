"""The EU Internet Forum: its meetings and what was decided there."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.cooperation.models.undertaking import Undertaking, undertaking_constraints


class Meeting(models.Model):
    held_on = models.DateField()
    title = models.TextField()
    source_url = models.TextField()
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-held_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["held_on", "title"], name="one_meeting_per_day_and_title"),
            models.CheckConstraint(name="meeting_names_its_source", condition=Q(source_url__startswith="http")),
        )

    def __str__(self) -> str:
        return f"{self.held_on} {self.title}"


class Decision(Undertaking):
    """`owner` is the body that was named to carry it out, in the meeting's own words."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    owner = models.TextField()

    class Meta:
        ordering = ("id",)
        constraints = (
            *undertaking_constraints(),
            models.CheckConstraint(name="decision_has_an_owner", condition=~Q(owner="")),
        )
