"""The public's gaps as a job last computed them, with the time at which they still held."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from tutela.law.dates import day_of
from tutela.strategy.gaps import Found, Gap, Look
from tutela.strategy.models import Reckoning


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    as_of: datetime
    found: Found

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(each.key for each in self.found.gaps)

    def is_same(self, found: Found) -> bool:
        return (self.found.gaps, self.found.looks) == (found.gaps, found.looks)

    def narrowed(self, *, states: Collection[str] = (), initiative: int | None = None) -> "Kept":
        """Only these states (none: all of them), only this one of the eight."""
        found = self.found if initiative is None else self.found.of_initiative(initiative)
        if states:
            found = Found(
                on=found.on,
                gaps=tuple(each for each in found.gaps if each.state in states),
                looks=tuple(each for each in found.looks if each.state in states),
            )
        return replace(self, found=found)


def newest() -> Kept | None:
    """None until the job has run for the first time. One query, unless something changed."""
    reckoning = Reckoning.objects.first()
    return of(reckoning) if reckoning else None


def of(reckoning: Reckoning) -> Kept:
    gaps, looks = _rows(reckoning.pk, reckoning.computed_at)
    return Kept(as_of=reckoning.as_of, found=Found(on=day_of(reckoning.as_of), gaps=gaps, looks=looks))


def columns(row: Gap | Look) -> dict[str, Any]:
    found = {each.name: getattr(row, each.name) for each in fields(row)}
    return found | {"records": list(row.records)} if isinstance(row, Gap) else found


# A reckoning's rows never change. Its time belongs to its name here: two databases may count alike.
@lru_cache(maxsize=2)
def _rows(pk: int, _computed_at: datetime) -> tuple[tuple[Gap, ...], tuple[Look, ...]]:
    reckoning = Reckoning(pk=pk)
    return tuple(each.gap() for each in reckoning.gaps.all()), tuple(each.look() for each in reckoning.looks.all())
