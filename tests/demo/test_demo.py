"""The whole house in processes of its own: started, filled, killed, counted, removed."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

# Ctrl-C must count although a shell that runs the tests in the background would have it ignored.
AWAKE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from tutela.cli import main; main()"
TUTELA = [sys.executable, "-c", AWAKE, "demo"]
# Whatever the environment names is somebody's real house.
HOSTILE = {"DATABASE_URL": "postgresql://real@127.0.0.1:1/real", "TUTELA_ANCHORS": "/nowhere", "COLUMNS": "200"}
SECONDS = 400


@pytest.fixture
def home() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="tutela-demo-test-"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return os.environ | HOSTILE | {"TUTELA_HOME": str(home)}


def run(environment: dict[str, str], *said: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TUTELA, *said], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def figures_of(ran: subprocess.CompletedProcess[str], file: Path) -> dict[str, object]:
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "PROBLEM" not in ran.stdout
    assert "Traceback" not in ran.stderr
    figures = json.loads(file.read_text())
    assert figures["lost"] == figures["doubled"] == 0
    assert figures["audit_ok"] is True
    return figures


def test_a_short_demonstration_keeps_every_promise_and_leaves_nothing_behind(environment, home):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        ran = run(environment, "--once", "--reports", "40", "--port", str(port), "--json", str(home / "figures"))
    figures = figures_of(ran, home / "figures")
    assert f"Port {port} is in use; this demonstration takes {port + 1}." in ran.stdout
    assert figures["received"] == figures["stored"] == 40
    assert figures["resent"] == figures["duplicates_linked"]
    assert figures["matched_items"] == figures["known_items_sent"] + figures["near_duplicates_sent"] + 1
    assert figures["referrals"] >= figures["confirmed"] > 0
    assert figures["acknowledged"] == figures["handed_over"] > 0
    # One address for each role, said before the sending began.
    before, _, _ = ran.stdout.partition("sending:")
    assert len(re.findall(r"http://localhost:\d+/(?:demo/\?next=/console|follow)/\S+", before)) == 5
    assert sorted(path.name for path in home.iterdir()) == ["demo.lock", "figures"]


def test_killed_in_the_middle_of_the_sending_it_loses_nothing_it_acknowledged(environment, home):
    ran = run(environment, "--once", "--chaos", "--reports", "90", "--port", "0", "--json", str(home / "figures"))
    figures = figures_of(ran, home / "figures")
    assert figures["received"] == figures["stored"] == 90
    assert figures["crashes"] == ran.stdout.count("kill -9 to all of them") == 2
    assert 30 <= figures["acknowledged_before_last_crash"] < 90
    assert figures["retries_on_the_line"] > 0


def test_two_demonstrations_do_not_share_a_home(environment, home):
    with (home / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = run(environment, "--once", "--reports", "2", "--port", "0")
    assert ran.returncode == 1
    assert "already running here" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_in_a_terminal_it_stays_up_until_it_is_interrupted(environment, home):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*TUTELA, "--reports", "2", "--port", "0"],
        env=environment,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    said = _read_until(leader, "Ctrl-C ends it.")
    server = re.search(r"Look around: (http://localhost:\d+)/", said)
    assert server, said
    page = httpx.get(server[1].replace("localhost", "127.0.0.1") + "/demo/")
    assert (page.status_code, "Ana Example" in page.text) == (200, True)
    process.send_signal(signal.SIGINT)
    _read_until(leader, "Stopping.")
    assert process.wait(60) == 0
    os.close(leader)
    assert not (home / "demo").exists()
    with pytest.raises(httpx.TransportError):
        httpx.get(server[1])


def _read_until(terminal: int, words: str) -> str:
    said, deadline = "", time.monotonic() + SECONDS
    while words not in said:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, said
        said += os.read(terminal, 65_536).decode(errors="replace")
    return said
