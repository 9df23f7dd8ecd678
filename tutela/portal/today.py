from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# The Union's institutions count days by Brussels' clock.
BRUSSELS = ZoneInfo("Europe/Brussels")


def today() -> date:
    return datetime.now(UTC).astimezone(BRUSSELS).date()
