"""The index in each process and the database: late at most with what is new, never with what was withdrawn."""

import threading

import pytest
from django.db import connection, transaction

from tests import cast
from tests.indicators.stories import active, passport, pdq
from tutela.indicators import actions, memory
from tutela.indicators.matching import Fingerprint, match
from tutela.indicators.models import Change, Indicator

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def ana():
    return cast.ana().actor


@pytest.fixture
def boris():
    return cast.boris().actor


def found(indicator):
    return len(match([[Fingerprint("pdq", bytes(indicator.value), 90)]])[0])


def elsewhere(act):
    """What another process would do: a connection and a transaction of its own."""
    failed = []

    def run():
        try:
            act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failed


def done_elsewhere(act):
    thread, failed = elsewhere(act)
    thread.join()
    assert failed == []


def test_what_another_process_confirms_is_found_and_what_it_withdraws_is_gone_at_once(ana, boris):
    first = active(pdq(), ana, boris)
    assert found(first) == 1
    second = actions.propose(pdq(), passport=passport(), by=ana)
    done_elsewhere(lambda: actions.confirm(second, by=boris))
    assert found(second) == 1
    done_elsewhere(lambda: actions.withdraw(first, reason="text-1", by=ana))
    assert (found(first), found(second)) == (0, 1)


def test_an_index_that_hears_of_no_change_still_never_answers_with_what_was_withdrawn(ana, boris, monkeypatch):
    indicator = active(pdq(), ana, boris)
    assert found(indicator) == 1
    monkeypatch.setattr(memory.Memory, "_catch_up", lambda self, index: None)
    actions.withdraw(indicator, reason="text-1", by=ana)
    held = memory.memory()._index.query(bytes(indicator.value))
    assert [id_ for id_, _ in held] == [indicator.pk]
    assert found(indicator) == 0


def test_a_confirmation_that_commits_late_is_not_skipped(ana, boris):
    """The slow transaction has the smaller number; the reader has passed it when it commits."""
    slow, quick = (actions.propose(pdq(), passport=passport(), by=ana) for _ in range(2))
    wrote, may_commit = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            actions.confirm(slow, by=boris)
            wrote.set()
            may_commit.wait(20)

    thread, failed = elsewhere(slowly)
    wrote.wait(20)
    actions.confirm(quick, by=boris)
    for _ in range(3):
        assert (found(slow), found(quick)) == (0, 1)
    may_commit.set()
    thread.join()
    assert failed == []
    numbers = dict(Change.objects.values_list("indicator_id", "txid"))
    assert numbers[slow.pk] < numbers[quick.pk]
    assert (found(slow), found(quick)) == (1, 1)


def test_a_withdrawal_that_was_undone_leaves_the_indicator_in_force(ana, boris):
    indicator = active(pdq(), ana, boris)
    assert found(indicator) == 1
    with transaction.atomic():
        actions.withdraw(indicator, reason="text-1", by=ana)
        assert found(indicator) == 0
        transaction.set_rollback(True)
    assert found(indicator) == 1
    with transaction.atomic():
        ghost = active(pdq(), ana, boris)
        assert found(ghost) == 1
        transaction.set_rollback(True)
    assert found(ghost) == 0


def test_a_process_that_starts_now_knows_what_is_active_and_lets_go_of_what_settled(ana, boris):
    kept, gone = active(pdq(), ana, boris), active(pdq(), ana, boris)
    memory._memories.clear()
    assert (found(kept), found(gone)) == (1, 1)
    actions.withdraw(gone, reason="text-1", by=ana)
    assert (found(kept), found(gone)) == (1, 0)
    index = memory.memory()._index
    assert [index.query(bytes(one.value)) == [] for one in (kept, gone)] == [False, True]
    memory._memories.clear()
    assert (found(kept), found(gone)) == (1, 0)


def test_many_threads_ask_while_one_adds(ana, boris):
    indicators = [active(pdq(), ana, boris)]
    failed, stop = [], threading.Event()

    def ask():
        try:
            while not stop.is_set():
                assert found(indicators[0]) == 1
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        indicators.append(active(pdq(), ana, boris))
        assert found(indicators[-1]) == 1
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Indicator.objects.that_count().count() == 16


def test_a_withdrawal_under_way_is_waited_for_by_whoever_would_add_the_value_again(ana, boris):
    """The new row waits on the unique value; the tombstone that the withdrawal leaves is seen after that wait."""
    fingerprint = pdq()
    indicator = active(fingerprint, ana, boris)
    refused = []

    def again():
        try:
            actions.propose(fingerprint, passport=passport(), by=boris)
        except Exception as error:
            refused.append(str(error))

    with transaction.atomic():
        actions.withdraw(indicator, reason="text-1", by=ana)
        thread, _ = elsewhere(again)
        thread.join(0.7)
        assert thread.is_alive()
    thread.join()
    assert refused == ["This value was withdrawn and may not be added again."]


def test_many_small_additions_are_merged_beside_whoever_asks(ana, boris, monkeypatch):
    monkeypatch.setattr("tutela.matching.index.MERGED_AT_ONCE", 1)
    monkeypatch.setattr("tutela.matching.index.MANY_SEGMENTS", 3)
    kept, known = memory.Memory(), []
    for _ in range(6):
        known.append(active(pdq(), ana, boris))
        found = kept.near([bytes(one.value) for one in known], 31)
        assert set(found.id.tolist()) == {one.pk for one in known}
    kept._merging.join()
    assert len(kept._index.segments) < 6
    assert set(kept.near([bytes(one.value) for one in known], 31).id.tolist()) == {one.pk for one in known}
