"""The tests' own ground: each test gets the database it asked for, and nothing of another's."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.postgres import ROOT, Database, SharedServer, fingerprint


def migrations_recorded() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_test_works_as_the_applications_role_on_a_migrated_database(shared_server: SharedServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("tutela_app", shared_server.session_database.name)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "TRUNCATE audit_leaf", "DELETE FROM audit_leaf"])
def test_the_applications_role_can_neither_build_nor_empty(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_fresh_database_takes_real_commits_that_other_processes_see(fresh_database: Database) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('ana', '', now())")
    seen = subprocess.run(
        [sys.executable, "-c", "import os, psycopg; print(*psycopg.connect(os.environ['DATABASE_URL'])"
                               ".execute('SELECT session_key FROM django_session').fetchone())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.stdout.strip() == "ana"


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_fresh_database_holds_nothing_of_the_test_before(fresh_database: Database, time: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone()[0] == 0
        cursor.execute("INSERT INTO django_session VALUES (%s, '', now())", [time])


@pytest.mark.django_db
def test_after_a_fresh_database_django_is_back_at_the_runs_own(shared_server: SharedServer) -> None:
    assert connection.settings_dict["NAME"] == shared_server.session_database.name
    assert os.environ["DATABASE_URL"] == shared_server.session_database.url


def test_the_users_own_keys_and_anchors_are_out_of_reach() -> None:
    assert str(settings.HOME) == os.environ["TUTELA_HOME"]
    assert "tutela-run-" in str(settings.HOME)
    assert settings.KEYS_HOME.is_relative_to(settings.HOME)
    assert settings.ANCHORS_HOME.is_relative_to(settings.HOME)


def test_an_edited_migration_makes_another_template(tmp_path) -> None:
    for folder in ("tutela/config", "tutela/audit/migrations"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "tutela/config/settings.py").touch()
    migration = tmp_path / "tutela/audit/migrations/0001_initial.py"
    migration.write_text("one")
    before = fingerprint(tmp_path)
    migration.write_text("two")
    assert fingerprint(tmp_path) != before


WOULD_EMPTY_TABLES = """
import pytest

@pytest.mark.django_db(transaction=True)
def test_ana(): ...
def test_boris(transactional_db): ...
def test_chiara(live_server): ...
def test_dora(db, fresh_database): ...
@pytest.mark.django_db
def test_edo(): ...
"""


def test_tests_that_would_empty_tables_are_refused_before_they_run(tmp_path) -> None:
    ran = run_pytest_on(tmp_path, WOULD_EMPTY_TABLES)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    complaints = {line.partition("::")[2].partition(":")[0] for line in ran.stderr.splitlines() if "::test_" in line}
    assert complaints == {"test_ana", "test_boris", "test_chiara", "test_dora"}


def test_tests_without_a_database_start_no_server(tmp_path) -> None:
    spy = "from tests import conftest\ndef test_ana(): assert conftest.SERVER._in_use is None\n"
    assert run_pytest_on(tmp_path, spy).returncode == 0


def test_a_run_that_only_skipped_is_not_green_and_soak_runs_only_when_asked(tmp_path) -> None:
    only_skips = "import pytest\n@pytest.mark.skip\ndef test_ana(): ...\n@pytest.mark.soak\ndef test_boris(): ...\n"
    ran = run_pytest_on(tmp_path, only_skips)
    assert ran.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "1 skipped, 1 deselected" in ran.stdout


def run_pytest_on(folder, source: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_of_boris.py").write_text(source)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", ROOT / "pyproject.toml", folder],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


def test_the_owner_of_the_copy_is_the_migrating_role(fresh_database: Database) -> None:
    with psycopg.connect(fresh_database.owner_url) as owner:
        owner.execute("CREATE TABLE built_by_the_owner (id int)")
        owner.commit()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO built_by_the_owner VALUES (1)")
