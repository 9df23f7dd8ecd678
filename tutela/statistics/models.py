from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q

from tutela.statistics import rules


class Figure(models.Model):
    """One count over one period, taken at `as_of`. Pages read this table, never the registers behind it."""

    definition = models.TextField(unique=True, help_text="id in rules.DEFINITIONS")
    value = models.PositiveBigIntegerField()
    unit = models.TextField()
    period_from = models.DateField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="figure_begins_when_something_was_counted",
                condition=Q(period_from__isnull=False) | Q(value=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.definition} as of {self.as_of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure as the public may see it; `text` is None until the first count was taken, `value` where withheld too."""

    definition: rules.Definition
    value: int | None = None
    text: str | None = None
    withheld: bool = False
    period_from: date | None = None
    as_of: datetime | None = None


def published() -> Sequence[Published]:
    """Every defined figure, also those not yet counted, in the order of their definitions."""
    taken = {figure.definition: figure for figure in Figure.objects.all()}
    return [_publish(definition, taken.get(definition.id)) for definition in rules.DEFINITIONS.values()]


def _publish(definition: rules.Definition, figure: Figure | None) -> Published:
    if figure is None:
        return Published(definition=definition)
    is_small = rules.is_small(figure.value)
    return Published(
        definition=definition,
        value=None if is_small else figure.value,
        text=rules.shown(figure.value),
        withheld=is_small,
        period_from=figure.period_from,
        as_of=figure.as_of,
    )
