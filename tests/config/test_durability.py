"""A database that may forget is refused; each weakened setting is seen, wherever it was weakened."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tutela.config import localpg
from tutela.config.durability import NotDurable, check_durable, refuse_unless_durable
from tutela.config.localpg import LocalPostgres

COMMITS = 50


@pytest.fixture(scope="module")
def durable_postgres() -> Iterator[LocalPostgres]:
    directory = Path(tempfile.mkdtemp(prefix="tutela-home-"))
    directory.chmod(0o755)
    with LocalPostgres(directory) as server:
        yield server
    shutil.rmtree(directory)


@pytest.fixture
def superuser(durable_postgres: LocalPostgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(durable_postgres.server_url, autocommit=True) as connection:
        yield connection


def test_the_embedded_server_is_durable_by_default(durable_postgres: LocalPostgres, capsys) -> None:
    assert check_durable(durable_postgres.url(), throwaway=False) == []
    refuse_unless_durable(durable_postgres.url(), throwaway=False)
    assert capsys.readouterr().err == ""


def test_each_setting_switched_off_on_the_server_is_refused_by_name(home: Path, monkeypatch) -> None:
    """The saboteur edits the server's own start."""
    monkeypatch.setattr(localpg, "DURABILITY", ())
    server = LocalPostgres(home)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        with pytest.MonkeyPatch.context() as saboteur:
            saboteur.setitem(localpg.SETTINGS, setting, "off")
            with server, pytest.raises(NotDurable, match=rf": {setting} is off \(set by: command line\)\. Change"):
                refuse_unless_durable(server.url(), throwaway=False)


def test_a_cluster_without_checksums_is_refused(home: Path) -> None:
    server = LocalPostgres(home)
    server.start()
    server.stop()
    ran = server._account.run(server._programs / "pg_checksums", "--disable", "-D", server.data)
    assert ran.returncode == 0, ran.stderr
    with server, pytest.raises(NotDurable, match="data_checksums is off"):
        refuse_unless_durable(server.url(), throwaway=False)


@pytest.mark.parametrize("place", ["ROLE tutela_app", "DATABASE tutela", "ROLE tutela_app IN DATABASE tutela"])
def test_a_role_or_database_that_weakens_itself_is_seen_though_the_server_is_well(
    durable_postgres: LocalPostgres, superuser: psycopg.Connection, place: str
) -> None:
    with psycopg.connect(durable_postgres.url()) as opened_before:
        superuser.execute(f"ALTER {place} SET synchronous_commit = off")
        try:
            assert check_durable(durable_postgres.server_url, throwaway=False) == []
            for asked in (durable_postgres.url(), opened_before):
                (sentence,) = check_durable(asked, throwaway=False)
                assert sentence.startswith("synchronous_commit is off")
        finally:
            superuser.execute(f"ALTER {place} RESET synchronous_commit")


def test_an_option_in_the_address_itself_is_seen(durable_postgres: LocalPostgres) -> None:
    address = durable_postgres.url() + "&options=-csynchronous_commit%3Doff"
    with pytest.raises(NotDurable, match=r"synchronous_commit is off \(set by: client\)"):
        refuse_unless_durable(address, throwaway=False)


def test_throwaway_goes_on_and_says_so_aloud(own_postgres: LocalPostgres, capsys) -> None:
    assert check_durable(own_postgres.url(), throwaway=True) == []
    refuse_unless_durable(own_postgres.url(), throwaway=True)
    said = capsys.readouterr().err
    assert "THROWAWAY" in said
    assert all(name in said for name in ("fsync", "synchronous_commit", "full_page_writes"))
    with pytest.raises(NotDurable):
        refuse_unless_durable(own_postgres.url(), throwaway=False)


def test_every_commit_waits_for_the_disk_and_a_weakened_one_does_not(
    durable_postgres: LocalPostgres, superuser: psycopg.Connection
) -> None:
    """The settings could lie; the server's own count of syncs is the proof, and the control shows that it can fail."""
    assert syncs_during_commits(durable_postgres, superuser, "on") >= COMMITS
    assert syncs_during_commits(durable_postgres, superuser, "off") < COMMITS


def syncs_during_commits(server: LocalPostgres, superuser: psycopg.Connection, synchronous_commit: str) -> int:
    def syncs() -> int:
        return superuser.execute("SELECT sum(fsyncs)::int FROM pg_stat_io WHERE object = 'wal'").fetchone()[0]

    with psycopg.connect(server.url(user="tutela_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS report (said text)")
        owner.execute(f"SET synchronous_commit = {synchronous_commit}")
        owner.execute("SELECT pg_stat_force_next_flush()")
        before = syncs()
        for _ in range(COMMITS):
            owner.execute("INSERT INTO report VALUES ('text-1')")
        owner.execute("SELECT pg_stat_force_next_flush()")
        return syncs() - before
