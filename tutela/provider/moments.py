"""Moments as people write them: with their zone, and past."""

from datetime import UTC, datetime
from typing import Annotated, Any

import click
from pydantic import AfterValidator, AwareDatetime, TypeAdapter, ValidationError


def in_the_past(moment: datetime) -> datetime:
    if moment > datetime.now(UTC):
        raise ValueError("is in the future")
    return moment


Past = Annotated[AwareDatetime, AfterValidator(in_the_past)]
_PAST: TypeAdapter[datetime] = TypeAdapter(Past)


class PastMoment(click.ParamType):
    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return _PAST.validate_python(value)
        except ValidationError as error:
            why = "it is in the future" if "future" in str(error) else "write it as 2026-11-22T08:30:00Z, with its zone"
            return self.fail(why, param, ctx)


PAST = PastMoment()
