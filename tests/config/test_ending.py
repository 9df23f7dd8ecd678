"""A house that is told to end stops what it started: no server outlives the terminal from which it was started."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

WAITING = """
import signal, sys, time
from pathlib import Path
from tutela.config.serving import end_in_order
if "ignore" in sys.argv:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
end_in_order(7)
try:
    print("ready", flush=True)
    time.sleep(60)
finally:
    Path(sys.argv[1]).write_text("stopped")
"""


def waiting(note: Path, *more: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", WAITING, str(note), *more], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_or_left_by_its_terminal_it_stops_what_it_started(tmp_path, told):
    process = waiting(tmp_path / "note")
    process.send_signal(told)
    assert process.wait(30) == 7
    assert (tmp_path / "note").read_text() == "stopped"


def test_under_nohup_it_outlives_its_terminal(tmp_path):
    process = waiting(tmp_path / "note", "ignore")
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.terminate()
    assert process.wait(30) == 7
