"""What the stories of holding and erasing begin with."""

from datetime import UTC, datetime, timedelta

from tests import cast
from tests.cast import Member
from tutela.accounts.policy import Role
from tutela.reports.models import Report


def dora() -> Member:
    """The data-protection officer."""
    return cast.person("Dora", Role.DATA_PROTECTION_OFFICER, cast.organisation("hotline"))


def aged(report: Report, days: int) -> Report:
    """As if it had been received so many days ago."""
    then = datetime.now(UTC) - timedelta(days=days)
    Report.objects.filter(pk=report.pk).update(received_at=then, modified_at=then)
    report.refresh_from_db()
    return report
