from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests import cast
from tutela.reports import actions
from tutela.reports.models import Report, Resend


def test_many_threads_with_one_report_make_one(fresh_database):
    provider = cast.credential(cast.organisation("provider")).credential.actor()
    message = cast.report()

    def once(_: int) -> tuple[int, bool]:
        try:
            received = actions.receive(message, cast.raw(message), by=provider, channel="api")
            return received.report.number, received.linked
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(once, range(24)))
    assert len({number for number, _ in answers}) == 1
    assert sum(not linked for _, linked in answers) == 1
    assert Report.objects.count() == 1
    assert Resend.objects.count() == 23
