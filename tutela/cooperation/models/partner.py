"""Partners that a policy body adds to those that ship as facts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation
from tutela.accounts.policy import HOUSE, Act, Actor, Relation, relations
from tutela.cooperation.partners import Exchange, Known, shipped
from tutela.cooperation.rules import PartnerKind
from tutela.law.sources import Certainty, Source


class Partners(models.QuerySet["Partner"]):
    def printed(self) -> "Partners":
        """What the public may read: verified, and nothing else."""
        return self.filter(certainty=Certainty.VERIFIED)

    def open_to(self, by: Actor) -> "Partners":
        """Everything verified, and whatever one's own organisation has noted."""
        if by is HOUSE:
            return self
        own = Q()
        if Relation.OWN in relations(by, Act.COOPERATION_READ):
            own = Q(recorded_by=by.organisation_id)
        return self.filter(Q(certainty=Certainty.VERIFIED) | own)


class Partner(models.Model):
    kind = models.TextField(choices=[(each, each) for each in PartnerKind])
    name = models.TextField()
    country = models.CharField(max_length=2, blank=True, help_text="EU code; empty for the whole world")
    url = models.TextField(blank=True)
    exchanged = models.TextField(help_text="what is exchanged")
    ground = models.TextField(help_text="id of the provision in the law's data")
    source_url = models.TextField()
    checked_on = models.DateField()
    certainty = models.TextField(choices=[(each, each) for each in Certainty])
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Partners.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["recorded_by", "kind", "name", "country", "exchanged"], name="one_partner_per_exchange"
            ),
            models.CheckConstraint(
                name="partner_says_what_on_which_ground",
                condition=~Q(exchanged="") & Q(ground__contains=":") & Q(source_url__startswith="http"),
            ),
            models.CheckConstraint(
                name="partner_words_are_known",
                condition=Q(kind__in=[str(each) for each in PartnerKind])
                & Q(certainty__in=[str(each) for each in Certainty]),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def known(self) -> Known:
        source = Source(source_url=self.source_url, checked_on=self.checked_on, certainty=Certainty(self.certainty))
        return Known(
            id=f"partner:{self.pk}",
            kind=PartnerKind(self.kind),
            name=self.name,
            country=self.country,
            url=self.url,
            exchanges=(Exchange(what=self.exchanged, ground=self.ground, source=source),),
            source=source,
        )


def printed_partners() -> tuple[Known, ...]:
    """For the public: the verified facts that ship, then the verified rows that were added."""
    return (*shipped(), *(each.known() for each in Partner.objects.printed()))
