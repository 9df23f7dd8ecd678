import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tutela.demo.ledger import Ledger, add_up

DIES = """
import os, sys
from pathlib import Path
from tutela.demo.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.sending("a", "00")
ledger.accepted("a", 7)
ledger.sending("b", "01")
os.kill(os.getpid(), 9)
"""


def test_what_was_written_survives_the_writer(tmp_path):
    ran = subprocess.run([sys.executable, "-c", DIES, str(tmp_path / "ledger")], check=False)
    assert ran.returncode == -9
    sums = add_up(tmp_path / "ledger")
    assert (sums["a"].numbers, sums["b"].numbers) == ({7}, set())


def test_each_line_is_on_the_disk_before_the_call_returns(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(descriptor) or real(descriptor))
    ledger = Ledger(tmp_path / "ledger")
    ledger.sending("a", "00")
    ledger.accepted("a", 7)
    assert len(synced) == 2


def test_lines_of_many_senders_are_never_mixed(tmp_path):
    ledger = Ledger(tmp_path / "ledger")

    def send(number: int) -> None:
        ledger.sending(f"r-{number}", f"{number:064x}")
        ledger.accepted(f"r-{number}", number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(200)))
    sums = add_up(tmp_path / "ledger")
    assert {name: (one.numbers, one.sha256) for name, one in sums.items()} == {
        f"r-{number}": ({number}, f"{number:064x}") for number in range(200)
    }


def test_a_report_that_got_two_numbers_is_seen(tmp_path):
    ledger = Ledger(tmp_path / "ledger")
    for number in (7, 8, 8):
        ledger.sending("a", "00")
        ledger.accepted("a", number)
    assert add_up(tmp_path / "ledger")["a"].numbers == {7, 8}
