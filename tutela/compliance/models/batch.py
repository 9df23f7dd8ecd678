"""Imports and their rows. No row is ever changed: a corrected file makes a new batch in the old one's place."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.law.procedures import Kind as ProcedureKind
from tutela.law.procedures import Step


class Batches(models.QuerySet["Batch"]):
    def in_force(self) -> "Batches":
        return self.filter(replaced_at=None)


class Batch(models.Model):
    """One file that was taken over whole. At most one of each kind is in force."""

    class Kind(models.TextChoices):
        NIM = "nim", "national implementing measures"
        REGISTER = "register", "infringement decisions"

    kind = models.TextField(choices=Kind)
    source = models.TextField(help_text="where the file was got, as whoever imported it says")
    name = models.TextField(help_text="the file's name")
    sha256 = models.BinaryField(help_text="of the file as it came")
    rows = models.PositiveIntegerField()
    notes = models.JSONField(default=list, help_text="row, column, value, rule: what was read otherwise than written")
    imported_by = models.TextField(help_text="whose act, as the audit writes it")
    imported_at = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    objects = Batches.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind"], condition=Q(replaced_at=None), name="one_batch_of_a_kind_in_force"
            ),
            models.CheckConstraint(name="batch_holds_rows", condition=Q(rows__gt=0)),
        )

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Measure(models.Model):
    """A national measure that a state notified; `predates` and `republication` are read from the list."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="measures")
    celex = models.TextField()
    state = models.CharField(max_length=2)
    titles = ArrayField(models.TextField(), default=list)
    act_type = models.TextField(blank=True)
    notified_on = models.DateField(null=True)
    journal = models.TextField(blank=True)
    journal_on = models.DateField(null=True)
    national_reference = models.TextField(blank=True)
    link = models.TextField(blank=True)
    eli = models.TextField(blank=True)
    predates = models.BooleanField(default=False, help_text="older than the Directive")
    republication = models.BooleanField(default=False, help_text="a consolidated text published again")
    row = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "celex"], name="one_measure_per_celex_and_batch"),)
        indexes = (models.Index(fields=["batch", "state"], name="measure_by_state"),)


class Decision(models.Model):
    """One decision of the Commission in an infringement case, as the register's export had it."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="decisions")
    case_number = models.TextField()
    state = models.CharField(max_length=2)
    kind = models.TextField(choices=[(each, each) for each in ProcedureKind])
    step = models.TextField(choices=[(each, each) for each in Step])
    on = models.DateField()
    title = models.TextField()
    department = models.TextField(blank=True)
    press_release = models.TextField(blank=True)
    memo = models.TextField(blank=True)
    active = models.BooleanField(help_text="the register's word, on the day of the export")
    row = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "case_number", "step", "on"], name="one_decision_per_batch"),
        )
        indexes = (models.Index(fields=["batch", "state"], name="decision_by_state"),)
