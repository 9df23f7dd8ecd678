"""A day, or a month or a year where the day is not known; and which day it is in the law's calendar."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def today() -> date:
    """Today by the clock of the Union's institutions, in Brussels: the one day of the law, its rooms and its pages."""
    return day_of(datetime.now(UTC))


def day_of(moment: datetime) -> date:
    """The day of an aware moment in Brussels, which in the last hour or two of a UTC day is the next one."""
    return moment.astimezone(brussels()).date()


def brussels() -> ZoneInfo:
    # Not a constant: what only reads records must not fail on a machine without a database of time zones.
    return ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True, order=True)
class When:
    """From its first to its last possible day; the same day where it is known."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return self.first.isoformat()[: 7 if self.first.month == self.last.month else 4]


def parse_when(written: date | str) -> When:
    """A TOML day, or the text "2025-11" or "2019". Raises ValueError for anything else."""
    if isinstance(written, date):
        return When(written, written)
    if not re.fullmatch(r"\d{4}(-\d{2})?", written):
        raise ValueError('write a day as 2025-11-26, a month as "2025-11", a year as "2025"')
    year, _, month = written.partition("-")
    if not month:
        return When(date(int(year), 1, 1), date(int(year), 12, 31))
    first = date(int(year), int(month), 1)
    return When(first, first.replace(day=monthrange(first.year, first.month)[1]))
