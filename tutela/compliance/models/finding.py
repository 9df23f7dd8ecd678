"""What a person found of a state: of one provision, or of how Article 25 is carried out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tutela.accounts.models import Organisation, Person
from tutela.compliance.rules import READ, Answer, Aspect, Verdict


class Said(models.Model):
    """A statement about a state, with who said it and where it can be checked. A newer one replaces it; both stay."""

    state = models.CharField(max_length=2)
    on = models.DateField(help_text="the day of which it is true")
    source_url = models.TextField()
    certainty = models.TextField(choices=[(each, each) for each in READ], help_text="how the source was read")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Finding(Said):
    provision = models.TextField(help_text="id in the law's data")
    verdict = models.TextField(choices=[(each, each) for each in Verdict])
    reason = models.TextField()
    measures = ArrayField(models.TextField(), default=list, help_text="CELEX numbers of the measures it rests on")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provision", "state"], condition=Q(replaced_at=None), name="one_finding_in_force_per_cell"
            ),
            models.CheckConstraint(
                name="finding_says_why_and_where", condition=Q(reason__gt="") & Q(source_url__startswith="http")
            ),
            models.CheckConstraint(
                name="finding_verdict_is_known", condition=Q(verdict__in=[str(each) for each in Verdict])
            ),
            models.CheckConstraint(name="finding_was_read", condition=Q(certainty__in=[str(each) for each in READ])),
        )

    def __str__(self) -> str:
        return f"finding {self.pk}"


class ArticleMeasure(Said):
    """One aspect of Article 25 in one state."""

    aspect = models.TextField(choices=[(each, each) for each in Aspect])
    answer = models.TextField(choices=[(each, each) for each in Answer])
    how = models.TextField(help_text="by what means, or why it is not known")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["aspect", "state"], condition=Q(replaced_at=None), name="one_article_measure_in_force"
            ),
            models.CheckConstraint(
                name="article_measure_says_how_and_where", condition=Q(how__gt="") & Q(source_url__startswith="http")
            ),
            models.CheckConstraint(
                name="article_measure_words_are_known",
                condition=Q(aspect__in=[str(each) for each in Aspect]) & Q(answer__in=[str(each) for each in Answer]),
            ),
            models.CheckConstraint(
                name="article_measure_was_read", condition=Q(certainty__in=[str(each) for each in READ])
            ),
        )
