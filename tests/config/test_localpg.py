"""The embedded PostgreSQL's life: started once, found again, killed, and whole afterwards."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.postgres import ROOT
from tutela.config.localpg import LocalPostgres
from tutela.config.localpg_process import PidFile

IS_ROOT = os.geteuid() == 0


def answer(server: LocalPostgres, question: str) -> str:
    with psycopg.connect(server.url()) as connection:
        return connection.execute(question).fetchone()[0]


def test_starting_again_finds_the_same_server(home: Path, postgres_at) -> None:
    first = postgres_at(home)
    pid = first.pid
    assert pid is not None
    first.start()
    assert postgres_at(home).pid == pid
    first.stop()
    assert first.pid is None
    first.stop()


def test_two_processes_that_start_at_once_end_with_one_server(home: Path, postgres_at) -> None:
    code = (
        "import sys; from pathlib import Path; from tutela.config.localpg import LocalPostgres\n"
        "server = LocalPostgres(Path(sys.argv[1]), throwaway=True); server.start(); print(server.pid)"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", code, home], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    pids = {starter.communicate(timeout=60)[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert pids == {f"{postgres_at(home).pid}\n"}


def test_what_was_committed_survives_kill_nine_of_the_whole_tree(home: Path, postgres_at) -> None:
    server = postgres_at(home, throwaway=False)
    with psycopg.connect(server.url(user="tutela_owner")) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    for kill in range(3):
        connection = psycopg.connect(server.url(user="tutela_owner"))
        connection.execute("INSERT INTO kept VALUES (%s)", [kill])
        connection.commit()
        connection.execute("INSERT INTO kept VALUES (999)")
        server.kill()
        connection.close()
        assert server.pid is None
        server.start()
    assert answer(server, "SELECT array_agg(id ORDER BY id) FROM kept") == [0, 1, 2]


def test_a_pid_file_whose_pid_has_another_bearer_does_not_block_the_start(home: Path, postgres_at) -> None:
    server = postgres_at(home)
    server.kill()
    note = server.data / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        lines = note.read_text().splitlines()
        note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert server.pid is None
        server.start()
        assert server.pid not in {None, stranger.pid}
        assert stranger.poll() is None
        stranger.communicate(b"\n")


def test_a_zombie_is_not_taken_for_a_running_server(tmp_path: Path) -> None:
    """The pid stays in use until somebody waits for it; an init that never does must not block us."""
    zombie = subprocess.Popen(["/bin/true"])
    deadline = time.monotonic() + 5
    while Path(f"/proc/{zombie.pid}/cmdline").read_bytes() and time.monotonic() < deadline:
        time.sleep(0.01)
    (tmp_path / "postmaster.pid").write_text(f"{zombie.pid}\n/somewhere\n")
    note = PidFile(tmp_path / "postmaster.pid")
    assert note.running_pid() is None
    note.disown()
    assert note.lines() == [str(os.getpid()), "/somewhere"]
    zombie.wait()


@pytest.mark.parametrize("name", ["a home with spaces & 'quotes'", "/".join(["long-name-" * 20] * 7)])
def test_a_home_of_any_name_and_length_works(home: Path, postgres_at, name: str) -> None:
    server = postgres_at(home / name)
    assert answer(server, "SELECT current_database()") == "tutela"
    server.kill()
    server.start()
    assert answer(server, "SELECT 1") == 1


def test_only_the_server_account_reaches_the_socket_and_nothing_listens_on_the_network(own_postgres) -> None:
    with psycopg.connect(own_postgres.server_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        (directory,) = connection.execute("SHOW unix_socket_directories").fetchone()
    assert Path(directory).stat().st_mode & 0o077 == 0
    assert len(os.fsencode(directory)) < 90


def test_the_callers_own_pg_variables_change_nothing(home: Path, postgres_at, monkeypatch) -> None:
    for name, value in {"PGPORT": "6000", "PGDATA": "/nowhere", "PGDATABASE": "other", "LC_ALL": "xx_XX"}.items():
        monkeypatch.setenv(name, value)
    assert answer(postgres_at(home), "SELECT current_database()") == "tutela"


def test_a_failing_statement_leaves_no_personal_data_in_the_log(own_postgres) -> None:
    with psycopg.connect(own_postgres.url(user="tutela_owner")) as connection:
        connection.execute("CREATE TABLE people (name text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('text-3')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('text-3')")
    log = own_postgres.log.read_text()
    assert "violates unique constraint" in log
    assert "text-3" not in log


@pytest.mark.skipif(not IS_ROOT, reason="root hands the server to `nobody`; this run is an ordinary user's")
def test_root_never_runs_the_server_and_leaves_the_modes_above_alone(home: Path, postgres_at) -> None:
    inner = home / "inner"
    inner.mkdir(mode=0o705)
    server = postgres_at(inner / "home")
    assert Path(f"/proc/{server.pid}").stat().st_uid == 65534
    assert inner.stat().st_mode & 0o777 == 0o705


@pytest.mark.skipif(not IS_ROOT, reason="only root's home can be closed to the server's account")
def test_roots_closed_home_gets_a_place_of_its_own_and_keeps_it(home: Path, postgres_at, monkeypatch) -> None:
    monkeypatch.setattr("tutela.config.localpg.ROOTS_PLACE", home / "open")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    server = postgres_at(closed)
    assert server.place.parent == home / "open"
    pid = server.pid
    closed.chmod(0o755)
    assert postgres_at(closed).pid == pid
    assert LocalPostgres(home / "another").place == home / "another"
