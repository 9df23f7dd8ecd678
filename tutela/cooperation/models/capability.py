"""What a state says of itself. It is the state's own and stays there, unless the state publishes it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.accounts.policy import HOUSE, Act, Actor, Relation, relations
from tutela.cooperation.rules import CAPABILITIES, PHASES, Area


def owned(by: Actor) -> Q:
    """What belongs to the actor's own organisation; nothing where the table opens nothing."""
    if by is HOUSE:
        return Q(pk__isnull=False)  # an empty Q would vanish in an "or"
    if by.organisation_id is None or Relation.OWN not in relations(by, Act.COOPERATION_READ):
        return Q(pk__in=())
    return Q(recorded_by=by.organisation_id)


class PoliceCapabilities(models.QuerySet["PoliceCapability"]):
    def open_to(self, by: Actor) -> "PoliceCapabilities":
        return self.filter(owned(by))


class PoliceCapability(models.Model):
    """Never published: what a police force cannot do is of use to those it looks for."""

    state = models.CharField(max_length=2)
    area = models.TextField(choices=[(each, each) for each in Area])
    what = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    amount_eur = models.PositiveBigIntegerField(null=True)
    evidence_url = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = PoliceCapabilities.as_manager()

    class Meta:
        ordering = ("state", "area", "id")
        constraints = (
            models.CheckConstraint(
                name="police_capability_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(
                name="police_capability_says_what",
                condition=~Q(what="") & Q(area__in=[str(each) for each in Area]),
            ),
            models.CheckConstraint(
                name="police_capability_amount_is_of_funding",
                condition=Q(amount_eur__isnull=True) | Q(area=Area.FUNDING),
            ),
        )

    def __str__(self) -> str:
        return self.what


class Assessments(models.QuerySet["Assessment"]):
    def published(self) -> "Assessments":
        return self.filter(published_at__isnull=False)

    def open_to(self, by: Actor) -> "Assessments":
        return self.filter(owned(by) | Q(published_at__isnull=False))


class Assessment(models.Model):
    """A state's own assessment on a day. It is not compared with another's: no rank is computed anywhere."""

    state = models.CharField(max_length=2)
    as_of = models.DateField()
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    published_by = models.TextField(null=True, help_text="whose act, as the audit writes it")

    objects = Assessments.as_manager()

    class Meta:
        ordering = ("state", "-as_of", "-id")
        constraints = (
            models.UniqueConstraint(fields=["recorded_by", "as_of"], name="one_assessment_per_body_and_day"),
            models.CheckConstraint(
                name="assessment_published_at_and_by",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.as_of}"


class Assessed(models.Model):
    """One capability in one of the four phases, with the reason a reader can follow."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="assessed")
    number = models.PositiveSmallIntegerField()
    phase = models.PositiveSmallIntegerField()
    why = models.TextField()
    evidence_url = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["assessment", "number"], name="capability_assessed_once"),
            models.CheckConstraint(
                name="assessed_one_of_21_in_one_of_4",
                condition=Q(number__gte=CAPABILITIES[0], number__lte=CAPABILITIES[-1])
                & Q(phase__gte=PHASES[0], phase__lte=PHASES[-1]),
            ),
            models.CheckConstraint(name="assessed_says_why", condition=~Q(why="")),
        )

    def __str__(self) -> str:
        return f"{self.assessment}: {self.number} in phase {self.phase}"
