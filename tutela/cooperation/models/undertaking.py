from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.cooperation.rules import (
    Standing,
    State,
    check_address,
    check_move,
    check_past,
    check_text,
    days_late,
    standing,
)


def undertaking_constraints() -> Sequence[models.BaseConstraint]:
    """Done says when and where it can be seen; dropped says why; what is open says neither."""
    done = Q(state=State.DONE, done_on__isnull=False, evidence_url__startswith="http", reason="")
    dropped = Q(state=State.DROPPED, done_on__isnull=True, evidence_url="") & ~Q(reason="")
    still_open = Q(state=State.OPEN, done_on__isnull=True, evidence_url="", reason="")
    return (
        models.CheckConstraint(name="%(class)s_closed_with_its_reason", condition=done | dropped | still_open),
        models.CheckConstraint(name="%(class)s_says_what", condition=~Q(what="")),
    )


class Undertakings(models.QuerySet["Undertaking"]):
    def late(self, on: date) -> "Undertakings":
        """Open and past their day, the oldest day first."""
        return self.filter(state=State.OPEN, due__lt=on).order_by("due", "pk")


class Undertaking(models.Model):
    """Something somebody will do by a day. Whether it is late is computed, never stored."""

    what = models.TextField()
    due = models.DateField(null=True)
    state = models.TextField(choices=[(each, each) for each in State], default=State.OPEN)
    done_on = models.DateField(null=True)
    evidence_url = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="why it was dropped")
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Undertakings.as_manager()

    class Meta:
        abstract = True
        constraints = undertaking_constraints()

    def __str__(self) -> str:
        return self.what

    def standing(self, today: date) -> Standing:
        return standing(self.state, due=self.due, done_on=self.done_on, today=today)

    def days_late(self, today: date) -> int:
        return days_late(self.state, due=self.due, today=today)

    def finish(self, *, on: date, evidence_url: str, today: date) -> None:
        """Without evidence that anyone can look up nothing is done."""
        self.state = check_move(self.state, "finish")
        self.done_on = check_past(on, name="day on which it was done", today=today)
        self.evidence_url = check_address(evidence_url, name="evidence")

    def drop(self, *, reason: str) -> None:
        self.state = check_move(self.state, "drop")
        self.reason = check_text(reason, name="reason")

    def reopen(self) -> None:
        """What it was closed with stays in the audit."""
        self.state = check_move(self.state, "reopen")
        self.done_on, self.evidence_url, self.reason = None, "", ""
