from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.exchange.words import IncidentType, Kind, Service
from tutela.keys.models import Key
from tutela.reports.rules import MOVES


class Report(models.Model):
    """One report. Rooms sort and filter by its columns; what it says about people is sealed under its own key."""

    class State(models.TextChoices):
        OPEN = "open"
        FINISHED = "finished"
        RETRACTED = "retracted"
        EXPIRED = "expired"

    class Channel(models.TextChoices):
        API = "api"
        ISPWS = "ispws"

    number = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    channel = models.TextField(choices=Channel)
    state = models.TextField(choices=State)
    reference = models.TextField(null=True)
    body_sha256 = models.BinaryField()
    kind = models.TextField(choices=[(kind, kind) for kind in Kind])
    service = models.TextField(choices=[(service, service) for service in Service])
    incident_type = models.TextField(choices=[(type_, type_) for type_ in IncidentType])
    incident_at = models.DateTimeField()
    countries = ArrayField(models.CharField(max_length=2), default=list)
    signals = ArrayField(models.TextField(), default=list)
    flags = ArrayField(models.TextField(), default=list)
    completeness = models.PositiveSmallIntegerField(null=True)
    key = models.ForeignKey(Key, models.PROTECT, related_name="+")
    sealed_message = models.BinaryField(null=True)
    received_at = models.DateTimeField(db_default=Now())
    modified_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # The sender's own number names one report for ever (a retry after years is still a retry).
            models.UniqueConstraint(fields=["organisation", "reference"], name="one_report_per_reference"),
            # Byte-identical resends are linked; a withdrawn or expired report may be sent anew.
            models.UniqueConstraint(
                fields=["organisation", "body_sha256"],
                condition=Q(state__in=["open", "finished"]),
                name="one_live_report_per_body",
            ),
            models.CheckConstraint(
                name="finished_when_finished",
                condition=Q(state="finished", finished_at__isnull=False) | ~Q(state="finished") & Q(finished_at=None),
            ),
            models.CheckConstraint(
                name="sealed_until_erased",
                condition=Q(sealed_message__isnull=False, erased_at=None)
                | Q(sealed_message=None, erased_at__isnull=False),
            ),
            models.CheckConstraint(name="report_state_is_known", condition=Q(state__in=list(MOVES))),
            models.CheckConstraint(name="report_kind_is_known", condition=Q(kind__in=list(Kind))),
            models.CheckConstraint(name="report_channel_is_known", condition=Q(channel__in=["api", "ispws"])),
        )
        indexes = (
            models.Index(
                fields=["number"], name="report_waits_for_matching", condition=Q(state="finished", matched_at=None)
            ),
            models.Index(fields=["modified_at"], name="report_open_since", condition=Q(state="open")),
            models.Index(fields=["organisation", "-number"], name="report_of_organisation"),
            models.Index(fields=["finished_at"], name="report_by_finish"),
        )

    def __str__(self) -> str:
        return f"report {self.number}"


class Message(models.Model):
    """What came over the wire, byte for byte, sealed; its hash proves it later."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="messages")
    kind = models.TextField()
    sha256 = models.BinaryField()
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now())


class Receipt(models.Model):
    """The signed answer to one message, kept so that the same message again is answered with the same bytes."""

    body_sha256 = models.BinaryField(default=b"")
    report = models.ForeignKey(Report, models.CASCADE, related_name="receipts")
    statement = models.BinaryField()
    issued_at = models.DateTimeField(db_default=Now())


class Resend(models.Model):
    """A byte-identical message that came again: linked, never counted twice."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="resends")
    received_at = models.DateTimeField(db_default=Now())
