"""The queue under `kill -9`: nothing lost, nothing doubled, at any moment, with n."""

import json
import multiprocessing
import random
import signal
import time
from dataclasses import replace

import pytest

from tests import cast
from tests.provider import foreign_service
from tests.provider.killed_sender import Life, live, send
from tests.provider.written import REPORTER, item
from tutela.provider.client import to_bytes
from tutela.provider.queue import Queue
from tutela.provider.records import BadRecords
from tutela.provider.wire import Credential
from tutela.reports.models import Report

CREDENTIAL = Credential("ba-1", "text-of-a-secret")
KILLS = 25


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.provider.killed_sender"])
    warm = context.Process(target=int)
    warm.start()
    warm.join()
    return context


def lived(processes, life, *, kill_after=None):
    """Whether it came to its end."""
    process = processes.Process(target=live, args=(life,))
    process.start()
    if kill_after is not None:
        process.join(kill_after)
        process.kill()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode == 0


def raw(**more):
    return to_bytes(cast.report(reference=None, reporter=REPORTER, items=[item(1), item(2)], **more))


def accepted(directory):
    """The numbers under which all are accepted, each with its receipt and without its words."""
    queue = Queue(directory).all()
    assert {one.state for one in queue} == {"accepted"}
    assert all(one.body is None and one.receipt for one in queue)
    return [one.number for one in queue]


def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(house, processes, tmp_path):
    """n = 25 kills by the clock. Each life has one more report to send, so that there is always something to cut."""
    said = [raw()]
    life = Life(house.server, house.bearer, "tutela", tmp_path / "queue", said)
    assert lived(processes, life)
    said.append(raw())
    begun = time.monotonic()
    assert lived(processes, life)
    seconds = time.monotonic() - begun
    drawn, killed = random.Random(7), 0
    while killed < KILLS:
        said.append(raw())
        killed += not lived(processes, life, kill_after=seconds * drawn.uniform(0.1, 0.9))
    send(life)
    assert len(accepted(life.directory)) == len(said)
    assert sorted(accepted(life.directory)) == list(Report.objects.order_by("number").values_list("number", flat=True))
    assert all(json.loads(one.receipt)["body"]["report"] == one.number for one in Queue(life.directory).all())


def each_step(processes, life_of, stride):
    """Lives of which the first ends at its first step, the next `stride` later, until one comes to its own end."""
    step, whole = 1, False
    while not whole:
        life = life_of(step)
        whole = lived(processes, life)
        send(life)
        yield life
        step += stride


STRIDES = [pytest.param(6, id="every sixth step"), pytest.param(1, id="every step", marks=pytest.mark.soak)]


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("to", ["tutela", "our door"])
def test_killed_at_a_step_one_report_arrives_once(house, processes, tmp_path, to, stride):
    """A step is a statement of SQLite, a request that leaves, an answer that comes."""
    server, credential = (house.server, house.bearer) if to == "tutela" else (house.server + "/ispws", house.basic)
    lives = 0
    for life in each_step(
        processes, lambda step: Life(server, credential, to, tmp_path / str(step), [raw()], step), stride
    ):
        lives += 1
        assert accepted(life.directory) == [Report.objects.order_by("number").last().number]
    assert Report.objects.filter(state="finished").count() == Report.objects.count() == lives
    assert all(report.items.count() == 2 for report in Report.objects.all())
    assert lives * stride >= 20


@pytest.mark.parametrize("stride", STRIDES)
def test_killed_at_a_step_a_service_that_links_nothing_is_told_once(processes, tmp_path, stride):
    """Every /submit there is another report: what was opened and cut is retracted, or never finished."""
    said = []

    def life_of(step):
        said.append(f"text-{step + 10_000}")
        return Life(foreign.server, CREDENTIAL, "ncmec", tmp_path / str(step), [raw(additional=said[-1:])], step)

    with foreign_service.standing() as foreign:
        for life in each_step(processes, life_of, stride):
            assert accepted(life.directory)[0] in foreign.finished
    assert foreign.texts() == sorted(said)
    assert len(said) * stride >= 20


def test_what_expired_at_the_other_service_is_told_anew(tmp_path):
    with foreign_service.standing() as foreign:
        life = Life(foreign.server, CREDENTIAL, "ncmec", tmp_path, [raw()])
        queue = Queue(tmp_path)
        waiting = queue.put(life.raws[0], to="ncmec", server=foreign.server)
        queue.opened(waiting.id, 400)
        queue.registered(waiting.id)
        send(life)
    assert accepted(tmp_path) == list(foreign.finished) == [500]


def test_a_second_sender_at_the_same_time_sends_nothing(tmp_path):
    first, second = Queue(tmp_path), Queue(tmp_path)
    with first.sending(), pytest.raises(BadRecords, match="Another process"), second.sending():
        pass
    with second.sending():
        pass


def test_the_saboteur_who_sends_before_writing_down_is_seen(house, tmp_path):
    """A queue that forgets at once what it was given loses the report, and the check above says so."""
    life = Life(house.server, house.bearer, "tutela", tmp_path / "queue", [raw()])
    queue = Queue(life.directory)
    queue.drop(queue.put(life.raws[0], to="tutela", server=house.server).id)
    send(replace(life, raws=[]))
    with pytest.raises(AssertionError):
        assert len(accepted(life.directory)) == 1
