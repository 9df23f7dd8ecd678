from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tutela.accounts.models import Person
from tutela.accounts.policy import Act, Actor, check_may
from tutela.cases import rules
from tutela.reports.models import Message, Report


class CaseQuestions(models.QuerySet["Case"]):
    def open_to(self, by: Actor) -> "CaseQuestions":
        check_may(by, Act.CASE_READ)
        return self

    def recognised(self, *, by: Actor) -> "CaseQuestions":
        """Decided cases of which an item became known since, and that nobody has looked at again; the oldest first."""
        return self.open_to(by).filter(recognised_at__isnull=False).order_by("recognised_at", "number")

    def queue(
        self, *, by: Actor, state: str = rules.WAITING, country: str | None = None, kind: str | None = None
    ) -> "CaseQuestions":
        """Danger first, then by urgency, the older before the younger."""
        found = self.open_to(by).filter(state=state)
        if country:
            found = found.filter(countries__contains=[country])
        if kind:
            found = found.filter(kinds__contains=[kind])
        return found.order_by("-hard", "-urgency", "first_received_at", "number")


class Case(models.Model):
    """Reports under one decision. The columns hold codes and counts; nothing here says anything about a person."""

    class State(models.TextChoices):
        WAITING = rules.WAITING
        ASSESSED = rules.ASSESSED
        CONFIRMED = rules.CONFIRMED
        DISMISSED = rules.DISMISSED
        REFERRED = rules.REFERRED
        ANSWERED = rules.ANSWERED
        CLOSED = rules.CLOSED
        MERGED = rules.MERGED

    class Decision(models.TextChoices):
        REFER = rules.REFER
        DISMISS = rules.DISMISS

    number = models.BigAutoField(primary_key=True)
    state = models.TextField(choices=State, default=State.WAITING)
    urgency = models.PositiveSmallIntegerField(default=0)
    hard = models.BooleanField(default=False)
    hard_reasons = ArrayField(models.TextField(), default=list)
    urgency_reasons = models.JSONField(default=list)
    # Of its most complete report: who knows most is where a reader begins. Never part of the urgency.
    completeness = models.PositiveSmallIntegerField(default=0)
    signals = ArrayField(models.TextField(), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    kinds = ArrayField(models.TextField(), default=list)
    first_received_at = models.DateTimeField()
    opened_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    # Since this case was decided an item of it became known. That changes nothing: it stands until somebody looked.
    recognised_at = models.DateTimeField(null=True)
    disputed = models.BooleanField(default=False, help_text="a second reader once disagreed")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    first_reader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    first_decision = models.TextField(choices=Decision, blank=True)
    second_reader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    decision = models.TextField(choices=Decision, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuestions.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="case_first_reading_whole",
                condition=Q(first_reader=None, first_at=None, first_decision="")
                | Q(first_reader__isnull=False, first_at__isnull=False) & ~Q(first_decision=""),
            ),
            models.CheckConstraint(
                name="case_second_reading_whole",
                condition=Q(second_reader=None, second_at=None, decision="")
                | Q(second_reader__isnull=False, second_at__isnull=False, decision=F("first_decision")),
            ),
            models.CheckConstraint(
                name="case_two_different_readers",
                condition=Q(second_reader=None) | Q(first_reader__isnull=False) & ~Q(second_reader=F("first_reader")),
            ),
            models.CheckConstraint(
                name="case_decided_by_two",
                condition=Q(state__in=[rules.WAITING, rules.ASSESSED, rules.MERGED], second_reader=None)
                | Q(state=rules.DISMISSED, decision=rules.DISMISS)
                | Q(
                    state__in=[rules.CONFIRMED, rules.REFERRED, rules.ANSWERED, rules.CLOSED],
                    decision=rules.REFER,
                ),
            ),
            models.CheckConstraint(
                name="case_assessed_by_one", condition=~Q(state=rules.ASSESSED) | Q(first_reader__isnull=False)
            ),
            models.CheckConstraint(
                name="case_merged_into_another",
                condition=Q(state=rules.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("number"))
                | ~Q(state=rules.MERGED) & Q(merged_into=None),
            ),
            models.CheckConstraint(
                name="case_closed_when_closed",
                condition=Q(state=rules.CLOSED, closed_at__isnull=False) | ~Q(state=rules.CLOSED) & Q(closed_at=None),
            ),
        )
        indexes = (
            models.Index("state", F("hard").desc(), F("urgency").desc(), "first_received_at", name="case_queue"),
            models.Index(fields=["recognised_at"], name="case_recognised", condition=Q(recognised_at__isnull=False)),
            GinIndex(fields=["countries"], name="case_by_country"),
            GinIndex(fields=["kinds"], name="case_by_kind"),
        )

    def __str__(self) -> str:
        return f"case {self.number}"

    @property
    def subject(self) -> str:
        """How the audit names this case; the number says nothing about a person."""
        return f"case:{self.number}"

    def forget_readings(self) -> None:
        """The columns only; what the readers held stays among the readings."""
        self.first_reader = self.first_at = self.second_reader = self.second_at = None
        self.first_decision = self.decision = ""
        # Whoever reads it anew sees what became known.
        self.recognised_at = None

    def completed_since_first_read(self) -> bool:
        """Whether a report says something else now than what the first reader could read."""
        if self.first_at is None:
            return False
        reports = self.members.values("report_id")
        return Message.objects.filter(report__in=reports, kind="complete", received_at__gt=self.first_at).exists()

    def gathered(self) -> "models.QuerySet[Report]":
        return Report.objects.filter(pk__in=self.members.values("report_id")).select_related("key", "organisation")

    def linked(self) -> "models.QuerySet[CaseLink]":
        return CaseLink.objects.filter(Q(case_a=self) | Q(case_b=self)).order_by("case_a", "case_b")


class CaseReport(models.Model):
    """A report's place in a case. `why` names kinds of identifiers, never a value; empty for the one that opened it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    report = models.OneToOneField(Report, models.PROTECT, related_name="+")
    why = ArrayField(models.TextField(), default=list)
    at = models.DateTimeField(db_default=Now())


class CaseLink(models.Model):
    """Two cases that share something without coming under one decision, such as a file that many strangers hold."""

    case_a = models.ForeignKey(Case, models.PROTECT, related_name="+")
    case_b = models.ForeignKey(Case, models.PROTECT, related_name="+")
    why = ArrayField(models.TextField(), default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case_a", "case_b"], name="one_link_per_pair"),
            models.CheckConstraint(name="link_older_case_first", condition=Q(case_a__lt=F("case_b"))),
        )
        indexes = (models.Index(fields=["case_b"], name="link_by_younger_case"),)
