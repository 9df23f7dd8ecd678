import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import cast
from tutela.accounts.moves import NotInThisState
from tutela.accounts.policy import NotYours
from tutela.exchange import messages
from tutela.reports import actions
from tutela.reports.actions import NoSuchFile, Purpose
from tutela.reports.fingerprints import Fingerprints
from tutela.reports.models import Item, Report
from tutela.reports.rules import MOVES

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return cast.credential(cast.organisation("provider"), "basic").credential.actor()


def opened(by) -> int:
    message = cast.report(reference=None)
    return actions.open_report(message, cast.raw(message), by=by, channel="ispws").report.number


def a_file(text: str = "file-1") -> Fingerprints:
    data = text.encode()
    values = {"md5": hashlib.md5(data).digest(), "sha256": hashlib.sha256(data).digest()}
    return Fingerprints(values | {"sha1": hashlib.sha1(data).digest()}, hashed_here=True, size=len(data))


def details(text: str = "file-1", **more) -> messages.Item:
    digest = {"algorithm": "MD5", "value": hashlib.md5(text.encode()).hexdigest()}
    return messages.Item.model_validate({"name": f"{text}.jpg", "digests": [digest], **more})


def test_a_report_in_pieces_is_the_same_report_as_a_whole(provider):
    number = opened(provider)
    item = actions.add_file(number, a_file(), by=provider)
    actions.add_details(number, item.file_id, details(viewed_by_provider=True), b"<details/>", by=provider)
    received, file_ids = actions.finish(number, by=provider)
    assert file_ids == [item.file_id]
    assert received.report.state == "finished"
    message = actions.open_message(number, by=cast.ana().actor, purpose=Purpose.ASSESSMENT)
    assert [(one.reference, one.name) for one in message.items] == [(item.file_id, "file-1.jpg")]
    [kept] = Item.objects.filter(report=number)
    assert (kept.hashed_here, kept.viewed_by_provider, kept.size) == (True, True, 6)


def test_the_same_file_sent_again_is_the_same_file(provider):
    number = opened(provider)
    assert actions.add_file(number, a_file(), by=provider) == actions.add_file(number, a_file(), by=provider)
    assert Item.objects.filter(report=number).count() == 1


def test_details_without_a_file_id_register_an_item_by_its_hashes_once(provider):
    number = opened(provider)
    first = actions.add_details(number, None, details(), b"<details/>", by=provider)
    again = actions.add_details(number, None, details(), b"<details/>", by=provider)
    assert first == again
    assert not first.hashed_here


def test_a_senders_hash_that_differs_from_ours_is_flagged_and_ours_stays(provider):
    number = opened(provider)
    item = actions.add_file(number, a_file("file-1"), by=provider)
    actions.add_details(number, item.file_id, details("file-2"), b"<details/>", by=provider)
    report = actions.finish(number, by=provider)[0].report
    assert "hashes_differ" in report.flags
    assert bytes(Item.objects.get(pk=item.pk).md5) == hashlib.md5(b"file-1").digest()


def test_a_file_of_another_report_is_not_here(provider):
    item = actions.add_file(opened(provider), a_file(), by=provider)
    with pytest.raises(NoSuchFile):
        actions.add_details(opened(provider), item.file_id, details(), b"<details/>", by=provider)


@pytest.mark.parametrize("end", ["finish", "retract"])
def test_after_its_end_nothing_is_added_finished_or_taken_back(provider, end):
    number = opened(provider)
    getattr(actions, end)(number, by=provider)
    for move in (
        lambda: actions.add_file(number, a_file(), by=provider),
        lambda: actions.add_details(number, None, details(), b"<details/>", by=provider),
        lambda: actions.finish(number, by=provider),
        lambda: actions.retract(number, by=provider),
    ):
        with pytest.raises(NotInThisState):
            move()


def test_the_stranger_moves_nothing_and_learns_nothing(provider):
    number = opened(provider)
    stranger = cast.credential(cast.organisation("provider"), "basic").credential.actor()
    for wrong in (number, 1):
        for move in (
            lambda n=wrong: actions.add_file(n, a_file(), by=stranger),
            lambda n=wrong: actions.finish(n, by=stranger),
            lambda n=wrong: actions.retract(n, by=stranger),
        ):
            with pytest.raises(NotYours):
                move()
    assert Report.objects.get(pk=number).state == "open"


def test_an_unfinished_report_expires_as_its_sender_knows_it(provider):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        quiet, busy = opened(provider), opened(provider)
    with time_machine.travel(start + timedelta(hours=23, minutes=30), tick=False):
        actions.add_file(busy, a_file(), by=provider)
        assert actions.expire_unfinished() == 0
    with time_machine.travel(start + timedelta(hours=24), tick=False):
        assert actions.expire_unfinished() == 1
    assert Report.objects.get(pk=quiet).state == "expired"
    assert Report.objects.get(pk=busy).state == "open"
    with time_machine.travel(start + timedelta(hours=24, minutes=31), tick=False):
        assert actions.expire_unfinished() == 1


def test_quiet_young_reports_do_not_keep_an_old_one_from_expiring(provider):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        old = opened(provider)
    with time_machine.travel(start + timedelta(hours=10), tick=False):
        for _ in range(3):
            opened(provider)
    with time_machine.travel(start + timedelta(hours=22), tick=False):
        actions.add_file(old, a_file(), by=provider)
    with time_machine.travel(start + timedelta(hours=25), tick=False):
        assert actions.expire_unfinished(limit=2) == 1
    assert Report.objects.get(pk=old).state == "expired"


def test_a_retracted_report_may_be_sent_anew(provider):
    message = cast.report(reference=None)
    first = actions.open_report(message, cast.raw(message), by=provider, channel="ispws")
    assert actions.open_report(message, cast.raw(message), by=provider, channel="ispws").report == first.report
    actions.retract(first.report.number, by=provider)
    again = actions.open_report(message, cast.raw(message), by=provider, channel="ispws")
    assert (again.linked, again.report != first.report) == (False, True)


def test_every_state_of_the_life_is_reachable_and_the_end_is_the_end():
    reached, ends = {"open"}, {state for state, moves in MOVES.items() if not moves}
    for _ in MOVES:
        reached |= {after for state in reached for after in MOVES[state].values()}
    assert reached == set(MOVES)
    assert ends == {"retracted", "expired"}
