"""A provider's own records: whole after any crash, for their owner's eyes, and erased when they say so."""

import sqlite3
import threading

import pytest

from tests import cast
from tests.provider.commands import plainly, tutela
from tutela.provider.client import to_bytes
from tutela.provider.queue import Queue
from tutela.provider.records import BadRecords, Records

HERE = "http://127.0.0.1:1"


def raw(text="text-1"):
    return to_bytes(cast.report(additional=[text]))


def on_the_disk(directory):
    return b"".join(file.read_bytes() for file in directory.iterdir())


def test_what_was_accepted_is_no_longer_on_the_disk(records):
    queue = Queue(records)
    kept = [queue.put(raw(f"words of somebody {number}"), to="tutela", server=HERE) for number in range(20)]
    assert on_the_disk(records).count(b"words of somebody") >= 20
    for each in kept:
        queue.accepted(each.id, each.id, b"{}")
    queue.close()
    assert b"words of somebody" not in on_the_disk(records)


def test_what_was_dropped_is_no_longer_on_the_disk(records):
    queue = Queue(records)
    queue.drop(queue.put(raw("words of somebody"), to="tutela", server=HERE).id)
    queue.close()
    assert b"words of somebody" not in on_the_disk(records)


def test_what_was_accepted_stays_accepted_and_what_was_refused_waits_anew(records):
    queue, said = Queue(records), raw()
    first = queue.put(said, to="ncmec", server=HERE)
    assert queue.put(said, to="ncmec", server=HERE) == first
    queue.refused(first.id, "why")
    assert queue.put(said, to="ncmec", server=HERE).state == "waiting"
    queue.accepted(first.id, 7, b"{}")
    assert (queue.put(said, to="ncmec", server=HERE).state, len(queue.all())) == ("accepted", 1)
    assert queue.put(said, to="tutela", server=HERE).id != first.id


def test_many_may_open_new_records_at_once(records):
    start, failed = threading.Barrier(12), []

    def write(number):
        start.wait()
        try:
            queue = Queue(records)
            queue.put(raw(f"text-{number}"), to="tutela", server=HERE)
            queue.close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and len(Queue(records).all()) == 12


def test_a_full_disk_is_said_and_nothing_half_written(records):
    queue = Queue(records)
    queue.put(raw(), to="tutela", server=HERE)
    [[pages]] = queue._records.rows("PRAGMA page_count")
    queue._records.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BadRecords, match="full"):
        queue.put(raw("text-2" * 3000), to="tutela", server=HERE)
    assert len(queue.all()) == 1


def test_records_of_a_later_version_are_left_alone(records):
    Queue(records).close()
    sqlite3.connect(records / "reports.sqlite3").execute("PRAGMA user_version = 9").connection.close()
    with pytest.raises(BadRecords, match="another version"):
        Queue(records)
    assert "another version" in plainly(tutela("queue", "show"), 1).stderr


def test_a_row_that_says_two_things_is_refused_by_the_file_itself(records):
    queue = Queue(records)
    one = queue.put(raw(), to="tutela", server=HERE)
    for wrong in ("state = 'accepted'", "body = NULL", "receipt = x'00'", "step = 'opened'", "state = 'lost'"):
        with pytest.raises(sqlite3.IntegrityError):
            queue._records.db.execute(f"UPDATE outgoing SET {wrong}")
    assert queue.get(one.id) == one


def test_a_failed_change_leaves_nothing(tmp_path):
    records = Records(tmp_path / "a", schema=("CREATE TABLE a (b INTEGER)",), version=1)
    with pytest.raises(ZeroDivisionError), records.changing() as db:
        db.execute("INSERT INTO a VALUES (1)")
        _ = 1 / 0
    assert records.rows("SELECT * FROM a") == []
