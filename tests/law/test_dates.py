"""Which day it is in the law's calendar."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tutela.law.dates import day_of, today

MOMENTS = [
    ("2026-11-25T22:59:59Z", date(2026, 11, 25)),
    ("2026-11-25T23:00:00Z", date(2026, 11, 26)),
    ("2026-07-30T21:59:59Z", date(2026, 7, 30)),
    ("2026-07-30T22:00:00Z", date(2026, 7, 31)),
]


@pytest.mark.parametrize(("moment", "day"), MOMENTS)
def test_a_day_begins_at_midnight_in_brussels_in_winter_and_in_summer(moment: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(moment).astimezone(UTC)) == day
    with time_machine.travel(moment, tick=False):
        assert today() == day
