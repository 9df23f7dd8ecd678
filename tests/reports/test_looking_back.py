"""Was this ever reported? What is confirmed later is looked for among what came in before."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests import cast
from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import item, send, sender
from tests.indicators.stories import active, bits, near, passport, pdq
from tests.indicators.stories import sha256 as file
from tutela.accounts.policy import HOUSE
from tutela.audit.models import Leaf
from tutela.exchange.messages import Digest, Item
from tutela.indicators import actions as indicators
from tutela.indicators import matching
from tutela.indicators.models import Indicator
from tutela.indicators.rules import Fingerprint
from tutela.matching.urls import url_key
from tutela.reports import actions
from tutela.reports.actions import looking_back
from tutela.reports.jobs import look_back
from tutela.reports.models import Match, News, Report, Sought


@pytest.fixture
def readers(desk):  # noqa: F811
    return cast.ana().actor, cast.boris().actor


def of(fingerprint: Fingerprint, quality: int | None = 90) -> Item:
    """An item with this value."""
    if fingerprint.kind == "url":
        return Item(url="https://files.example/a?b=1")
    said = Digest(algorithm=fingerprint.kind, value=bytes(fingerprint.value).hex())
    return Item(digests=[said], pdq_quality=quality if fingerprint.kind == "pdq" else None)


def arrived(*fingerprints: Fingerprint, quality: int | None = 90) -> Report:
    report = send(sender(), items=[of(each, quality) for each in fingerprints] or [item()])
    actions.match_waiting()
    return report


def news_of(report: Report) -> list[str]:
    return list(News.objects.filter(report=report).order_by("pk").values_list("what", flat=True))


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5", "url", "pdq"])
def test_an_item_that_came_before_its_indicator_is_matched_when_that_is_confirmed(readers, kind):
    size = {"sha1": 20, "md5": 16}.get(kind, 32)
    value = url_key("https://files.example/a?b=1") if kind == "url" else bits()[:size]
    fingerprint = Fingerprint(kind, value, 90 if kind == "pdq" else None)
    report, other = arrived(fingerprint), arrived(file())
    indicator = active(fingerprint, *readers)
    assert not Match.objects.exists()
    look_back()
    found = Match.objects.get()
    assert (found.item.report, found.indicator, found.kind) == (report, indicator, kind)
    report.refresh_from_db()
    assert report.signals[-1] == ("near_known_item" if kind == "pdq" else "known_item")
    assert (news_of(report), news_of(other)) == (["matched", "recognised"], ["matched"])
    assert Leaf.objects.filter(action="report.recognised").count() == 1
    leaf = bytes(Leaf.objects.get(action="reports.looked_back").content).decode()
    assert '"indicators":1' in leaf
    assert '"reports":1' in leaf
    assert value.hex() not in leaf


def test_looking_again_finds_nothing_twice(readers):
    fingerprint = pdq()
    report = arrived(fingerprint)
    indicator = active(fingerprint, *readers)
    look_back()
    Sought.objects.create(indicator=indicator)
    look_back()
    assert (Match.objects.count(), news_of(report)) == (1, ["matched", "recognised"])
    assert not Sought.objects.exists()


def test_what_came_in_while_it_was_doubted_is_found_when_the_doubt_is_taken_back(readers):
    ana, boris = readers
    fingerprint = file()
    indicator = active(fingerprint, ana, boris)
    look_back()
    indicators.give_opinion(indicator, verdict="negative", reason="text-1", by=boris)
    report = arrived(fingerprint)
    look_back()
    assert not Match.objects.exists()
    indicators.give_opinion(indicator, verdict="positive", reason="text-1", by=boris)
    look_back()
    assert Match.objects.get().item.report == report


def test_the_same_rules_hold_as_when_it_came_in(readers):
    """Of a near picture: too poor, too far, erased, retracted, withdrawn meanwhile. Nothing is found."""
    ana, boris = readers
    fingerprint = pdq()
    arrived(fingerprint, quality=49)
    arrived(Fingerprint("pdq", near(fingerprint.value, 32)))
    reports = [arrived(fingerprint) for _ in range(2)]
    actions.erase(reports[0].number, by=HOUSE, reason="test")
    Report.objects.filter(pk=reports[1].pk).update(state="retracted", finished_at=None)
    active(fingerprint, ana, boris)
    other = file()
    arrived(other)
    indicators.withdraw(active(other, ana, boris), reason="text-1", by=ana)
    look_back()
    assert not Match.objects.exists()
    assert not Sought.objects.exists()


def test_the_answers_are_those_of_matching_everything_anew(readers, monkeypatch):
    """60 items in pieces of 7, 20 indicators: the same pairs as if every report had come in afterwards."""
    monkeypatch.setattr(looking_back, "PICTURES_AT_ONCE", 7)
    ana, boris = readers
    known = [pdq() for _ in range(20)]
    for place in range(60):
        arrived(Fingerprint("pdq", near(known[place % 20].value, place % 45)))
    indicators.confirm_many(indicators.propose_many([(each, passport()) for each in known], by=ana), by=boris)
    look_back()
    found = set(Match.objects.values_list("item", "indicator", "distance_bits"))
    Match.objects.all().delete()
    Report.objects.update(matched_at=None)
    actions.match_waiting()
    assert set(Match.objects.values_list("item", "indicator", "distance_bits")) == found
    assert len(found) > 30


def test_a_report_that_waits_for_its_first_matching_is_left_to_it(readers):
    fingerprint = file()
    report = send(sender(), items=[of(fingerprint)])
    active(fingerprint, *readers)
    look_back()
    assert not Match.objects.exists()
    actions.match_waiting()
    assert (Match.objects.count(), news_of(report)) == (1, ["matched"])


def test_one_that_was_taken_and_not_finished_is_taken_again_after_a_while(readers):
    fingerprint = file()
    arrived(fingerprint)
    active(fingerprint, *readers)
    now = datetime.now(UTC)
    assert looking_back._take(looking_back._heard(1), now)
    assert actions.look_back(now=now + timedelta(minutes=4)) == 0
    assert actions.look_back(now=now + timedelta(minutes=6)) == 1
    assert Match.objects.count() == 1


def test_a_confirmation_that_commits_late_is_looked_for_too(fresh_database):
    """The slow transaction has the smaller number, and the reader has passed it: `max(id)` would skip it."""
    ana, boris = cast.ana().actor, cast.boris().actor
    wanted = [file(), file()]
    for each in wanted:
        arrived(each)
    slow, quick = (indicators.propose(each, passport=passport(), by=ana) for each in wanted)
    wrote, may_commit = threading.Event(), threading.Event()

    def slowly():
        try:
            with transaction.atomic():
                indicators.confirm(slow, by=boris)
                wrote.set()
                may_commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    wrote.wait(20)
    indicators.confirm(quick, by=boris)
    actions.look_back()
    may_commit.set()
    thread.join()
    _until_found(slow, quick)


def test_a_doubt_taken_back_during_the_look_is_not_lost(readers, monkeypatch):
    ana, boris = readers
    fingerprint = file()
    arrived(fingerprint)
    indicator = active(fingerprint, ana, boris)
    indicators.give_opinion(indicator, verdict="negative", reason="text-3", by=boris)
    look = looking_back._match_again

    def slowly(numbers, now):
        look(numbers, now)
        monkeypatch.setattr(looking_back, "_match_again", look)
        indicators.give_opinion(indicator, verdict="positive", reason="text-4", by=boris)
        # Another process looks at the same time: it hears of it, and leaves what is being looked for alone.
        actions.look_back(now=now + timedelta(minutes=1))

    monkeypatch.setattr(looking_back, "_match_again", slowly)
    now = datetime.now(UTC)
    actions.look_back(now=now)
    actions.look_back(now=now + timedelta(minutes=20))
    assert Match.objects.count() == 1
    assert not Sought.objects.exists()


def test_a_report_that_is_matched_for_the_first_time_meanwhile_is_waited_for(fresh_database, monkeypatch):
    """Its first matching asked what counts before the confirmation, and is written down after the look began."""
    ana, boris = cast.ana().actor, cast.boris().actor
    fingerprint = file()
    send(sender(), items=[of(fingerprint)])
    asked, may_end, find = threading.Event(), threading.Event(), matching.match

    def slowly(wanted):
        found = find(wanted)
        if not asked.is_set():
            asked.set()
            may_end.wait(20)
        return found

    monkeypatch.setattr(matching, "match", slowly)
    first = threading.Thread(target=_closing, args=(actions.match_waiting,))
    first.start()
    asked.wait(20)
    Sought.objects.create(indicator=active(fingerprint, ana, boris))
    look = threading.Thread(target=_closing, args=(actions.look_back,))
    look.start()
    look.join(1)
    may_end.set()
    first.join()
    look.join()
    assert Match.objects.count() == 1


def _closing(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def _until_found(*wanted: Indicator) -> None:
    # The cursor waits for every transaction of the server, those of other runs' databases too.
    for _ in range(600):
        actions.look_back()
        if Match.objects.filter(indicator__in=wanted).count() == len(wanted):
            return
        threading.Event().wait(0.05)
    raise TimeoutError("not found within half a minute")
