from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation, Person
from tutela.exchange.words import Verdict
from tutela.indicators.rules import Category, Kind, Outcome, Precision, State, Tier, outcome, precision

WITHDRAWN = Q(state=State.WITHDRAWN)


# A CHECK whose answer is NULL passes, so whatever must be known is asked for by name.
def _known(*names: str) -> Q:
    return Q(**{f"{name}__isnull": False for name in names})


def _unknown(*names: str) -> Q:
    return Q(**{f"{name}__isnull": True for name in names})


def _together(*names: str) -> Q:
    """Facts that are only true together: all of them are known, or none is."""
    return _known(*names) | _unknown(*names)


class Indicators(models.QuerySet["Indicator"]):
    def that_count(self) -> "Indicators":
        """What may match at this moment: active, and nobody says it is wrong. Nothing else ever counts."""
        said = self.model._meta.get_field("opinions").related_model.objects.filter(indicator=OuterRef("pk"))
        return self.filter(~Exists(said.filter(verdict=Verdict.NEGATIVE)), state=State.ACTIVE).annotate(
            is_positive=Exists(said.filter(verdict=Verdict.POSITIVE))
        )


class Indicator(models.Model):
    """A fingerprint or an address, with its passport: who identified it, for which authority, on which legal basis.

    reg-2021-1232:art-3-1-h asks for who identified it, when and how it was made, for as long as it is used.
    """

    kind = models.TextField(choices=[(kind, kind) for kind in Kind])
    value = models.BinaryField()
    quality = models.PositiveSmallIntegerField(null=True, help_text="PDQ's own quality, 0 to 100")
    state = models.TextField(choices=[(state, state) for state in State], default=State.PROPOSED)
    tier = models.CharField(max_length=1, choices=[(tier, tier) for tier in Tier], default=Tier.A)
    category = models.TextField(choices=[(category, category) for category in Category])
    identified_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    identified_on = models.DateField()
    authority = models.TextField(help_text="id of the competent authority in the law's data")
    legal_basis = models.TextField(help_text="id of the provision in the law's data")
    made_by = models.TextField(help_text="how the fingerprint was made")
    created = models.DateTimeField(db_default=Now())

    first_reader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(db_default=Now())
    second_reader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    second_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    holds = ArrayField(models.TextField(), default=list, help_text="why the gates held it back, one sentence each")
    release_first_reader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    release_first_at = models.DateTimeField(null=True)
    release_second_reader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    release_second_at = models.DateTimeField(null=True)

    withdrawn_by = models.TextField(null=True, help_text="whose act, as the audit writes it")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(null=True)

    objects = Indicators.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "value"], condition=~WITHDRAWN, name="one_living_indicator_per_value"
            ),
            models.CheckConstraint(
                name="indicator_two_different_readers",
                condition=Q(second_reader__isnull=True) | ~Q(second_reader=F("first_reader")),
            ),
            models.CheckConstraint(
                name="indicator_second_reading_is_whole",
                condition=_together("second_reader", "second_organisation", "second_at"),
            ),
            models.CheckConstraint(
                name="indicator_active_was_read_twice",
                condition=~Q(state=State.ACTIVE) | Q(second_reader__isnull=False),
            ),
            models.CheckConstraint(
                name="indicator_tier_b_was_read_twice", condition=Q(tier=Tier.A) | Q(second_reader__isnull=False)
            ),
            models.CheckConstraint(
                name="indicator_tier_c_has_two_organisations",
                condition=~Q(tier=Tier.C) | ~Q(second_organisation=F("identified_by")),
            ),
            models.CheckConstraint(
                name="indicator_release_first_is_whole", condition=_together("release_first_reader", "release_first_at")
            ),
            models.CheckConstraint(
                name="indicator_release_second_is_whole",
                condition=_together("release_second_reader", "release_second_at"),
            ),
            models.CheckConstraint(
                name="indicator_two_different_releasers",
                condition=Q(release_second_reader__isnull=True)
                | (Q(release_first_reader__isnull=False) & ~Q(release_second_reader=F("release_first_reader"))),
            ),
            models.CheckConstraint(
                name="indicator_held_is_released_by_two",
                condition=~Q(state__in=[State.PROPOSED, State.ACTIVE])
                | Q(holds=[])
                | Q(release_second_reader__isnull=False),
            ),
            models.CheckConstraint(
                name="indicator_withdrawal_is_whole",
                condition=(
                    (
                        WITHDRAWN
                        & _known("withdrawn_by", "withdrawn_at", "withdrawn_reason")
                        & Q(withdrawn_reason__gt="")
                    )
                    | (~WITHDRAWN & _unknown("withdrawn_by", "withdrawn_at", "withdrawn_reason"))
                ),
            ),
            models.CheckConstraint(
                name="indicator_category_is_closed", condition=Q(category__in=[str(category) for category in Category])
            ),
            models.CheckConstraint(
                name="indicator_passport_is_whole",
                condition=Q(authority__gt="") & Q(legal_basis__gt="") & Q(made_by__gt=""),
            ),
            models.CheckConstraint(name="indicator_kind_is_known", condition=Q(kind__in=[str(kind) for kind in Kind])),
            models.CheckConstraint(
                name="indicator_pdq_has_quality",
                condition=~Q(kind=Kind.PDQ) | (_known("quality") & Q(quality__gte=50, quality__lte=100)),
            ),
        )
        indexes = (models.Index(fields=["state", "id"], name="indicator_by_state"),)

    def __str__(self) -> str:
        return f"indicator {self.pk}"

    def outcome(self) -> Outcome:
        return outcome(self.opinions.values_list("verdict", flat=True))

    def precision(self) -> Precision:
        return precision(self.answers.values_list("code", flat=True))
