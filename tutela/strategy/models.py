"""Priority actions, what works where, the statistics somebody looked for, and the gaps as they were last computed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.accounts.policy import HOUSE, Act, Actor, Relation, relations
from tutela.cooperation.models import Undertaking, undertaking_constraints
from tutela.law.sources import Certainty, Source
from tutela.strategy import gaps
from tutela.strategy.gaps import Gap, Kind, Look
from tutela.strategy.practices import Practice, shipped
from tutela.strategy.rules import INITIATIVES


class PriorityAction(Undertaking):
    """Who does what by when against a gap. Public: that it is late, too."""

    initiative = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2, help_text="EU code of the state, or EU")
    owner = models.TextField()
    gap = models.TextField(blank=True, help_text="key of the gap it is to close")
    decided_on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = (
            *undertaking_constraints(),
            models.CheckConstraint(
                name="priority_action_of_one_of_eight",
                condition=Q(initiative__gte=INITIATIVES[0], initiative__lte=INITIATIVES[-1]),
            ),
            models.CheckConstraint(
                name="priority_action_has_owner_and_day",
                condition=~Q(owner="") & Q(due__isnull=False, due__gte=F("decided_on")),
            ),
        )


class BestPractices(models.QuerySet["BestPractice"]):
    def open_to(self, by: Actor | None) -> "BestPractices":
        """The public (None) reads what is verified; whoever noted it reads it before."""
        if by is HOUSE:
            return self
        verified = Q(certainty=Certainty.VERIFIED)
        if by is None or by.organisation_id is None or Relation.OWN not in relations(by, Act.STRATEGY_RECORD):
            return self.filter(verified)
        return self.filter(verified | Q(recorded_by=by.organisation_id))


class BestPractice(models.Model):
    name = models.TextField()
    what = models.TextField()
    state = models.CharField(max_length=2, help_text="where it works")
    about = models.TextField(help_text="the provision or the capability it answers")
    gap_kind = models.TextField(blank=True, choices=[(each, each) for each in Kind])
    source_url = models.TextField()
    checked_on = models.DateField()
    certainty = models.TextField(choices=[(each, each) for each in Certainty])
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = BestPractices.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["recorded_by", "name", "state", "about"], name="one_practice_per_answer"),
            models.CheckConstraint(
                name="best_practice_says_what_where_and_how_sure",
                condition=~Q(name="")
                & ~Q(what="")
                & Q(about__contains=":")
                & Q(source_url__startswith="http")
                & Q(certainty__in=[str(each) for each in Certainty]),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def practice(self) -> Practice:
        return Practice(
            id=f"practice:{self.pk}",
            name=self.name,
            what=self.what,
            state=self.state,
            about=self.about,
            kind=Kind(self.gap_kind) if self.gap_kind else None,
            source=Source(source_url=self.source_url, checked_on=self.checked_on, certainty=Certainty(self.certainty)),
        )


class Delivery(models.Model):
    """A statistic that a state owes: looked for on a day, and found or not."""

    state = models.CharField(max_length=2)
    provision = models.TextField()
    year = models.PositiveSmallIntegerField()
    looked_on = models.DateField()
    delivered_on = models.DateField(null=True)
    source_url = models.TextField(help_text="where it was found, or where it was looked for")
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["state", "provision", "year"], name="one_delivery_per_year"),
            models.CheckConstraint(
                name="delivered_before_it_was_found",
                condition=Q(delivered_on__isnull=True) | Q(delivered_on__lte=F("looked_on")),
            ),
            models.CheckConstraint(name="delivery_names_its_source", condition=Q(source_url__startswith="http")),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.provision} {self.year}"

    def record(self) -> gaps.Delivery:
        return gaps.Delivery(
            record=f"delivery:{self.pk}",
            state=self.state,
            provision=self.provision,
            year=self.year,
            looked_on=self.looked_on,
            delivered_on=self.delivered_on,
        )


class Reckoning(models.Model):
    """The public's gaps as they were once computed. Its rows never change; `as_of` moves while nothing else does."""

    computed_at = models.DateTimeField()
    as_of = models.DateTimeField(help_text="the last time at which the same was found")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(name="reckoning_holds_forwards", condition=Q(as_of__gte=F("computed_at"))),
        )

    def __str__(self) -> str:
        return f"gaps as of {self.as_of}"


class KeptGap(models.Model):
    reckoning = models.ForeignKey(Reckoning, models.CASCADE, related_name="gaps")
    kind = models.TextField()
    state = models.CharField(max_length=2)
    initiative = models.PositiveSmallIntegerField()
    about = models.TextField(blank=True)
    sentence = models.TextField()
    records = ArrayField(models.TextField())

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="gap_names_the_records_that_cause_it", condition=~Q(sentence="") & ~Q(records=[])
            ),
        )

    def __str__(self) -> str:
        return self.sentence

    def gap(self) -> Gap:
        return Gap(
            kind=Kind(self.kind),
            state=self.state,
            initiative=self.initiative,
            about=self.about,
            sentence=self.sentence,
            records=tuple(self.records),
        )


class KeptLook(models.Model):
    """Where a kind of gap was looked for in a state; `n` is null where it was not measured."""

    reckoning = models.ForeignKey(Reckoning, models.CASCADE, related_name="looks")
    kind = models.TextField()
    state = models.CharField(max_length=2)
    n = models.PositiveIntegerField(null=True)
    gaps = models.PositiveIntegerField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="not_measured_is_not_nought",
                condition=Q(n__isnull=True, gaps__isnull=True) & ~Q(why="")
                | Q(n__isnull=False, gaps__isnull=False, why=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.kind}"

    def look(self) -> Look:
        return Look(kind=Kind(self.kind), state=self.state, n=self.n, gaps=self.gaps, why=self.why)


def practices(by: Actor | None = None) -> tuple[Practice, ...]:
    """Those that ship, then those that were added, as far as the reader may see them."""
    return (*shipped(), *(each.practice() for each in BestPractice.objects.open_to(by)))
