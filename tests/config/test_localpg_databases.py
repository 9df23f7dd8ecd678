"""Two roles: the owner builds, the application works, and neither is more than it needs to be."""

import psycopg
import pytest

from tutela.config.localpg import APP_ROLE, OWNER_ROLE, LocalPostgres


def test_the_application_uses_the_owners_tables_and_sequences(own_postgres: LocalPostgres) -> None:
    with psycopg.connect(own_postgres.url(user=OWNER_ROLE)) as owner:
        owner.execute("CREATE TABLE report (id serial, said text)")
    with psycopg.connect(own_postgres.url(user=APP_ROLE)) as app:
        assert app.execute("INSERT INTO report (said) VALUES ('text-1') RETURNING id").fetchone() == (1,)
        app.execute("UPDATE report SET said = 'text-2'")
        app.execute("DELETE FROM report")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE ROLE boris",
        "CREATE DATABASE mine",
        "SET ROLE tutela_owner",
        "ALTER ROLE tutela_app SUPERUSER",
        "ALTER DATABASE tutela SET synchronous_commit = off",
        "TRUNCATE django_like",
        "DROP TABLE django_like",
        "ALTER TABLE django_like ADD more int",
        "COPY django_like TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_the_application_can_build_nothing_and_become_nobody(own_postgres: LocalPostgres, statement: str) -> None:
    with psycopg.connect(own_postgres.url(user=OWNER_ROLE)) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS django_like (id int)")
    with (
        psycopg.connect(own_postgres.url(user=APP_ROLE), autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


def test_the_owner_is_no_superuser_and_makes_no_roles(own_postgres: LocalPostgres) -> None:
    with psycopg.connect(own_postgres.url(user=OWNER_ROLE)) as owner:
        assert owner.execute("SELECT usesuper, usecreatedb FROM pg_user WHERE usename = current_user").fetchone() == (
            False,
            False,
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("CREATE ROLE boris")


def test_powers_given_by_hand_are_taken_back_at_the_next_start(own_postgres: LocalPostgres) -> None:
    with psycopg.connect(own_postgres.server_url, autocommit=True) as superuser:
        superuser.execute("ALTER ROLE tutela_app SUPERUSER")
    own_postgres.start()
    with psycopg.connect(own_postgres.url()) as app:
        assert app.execute("SHOW is_superuser").fetchone() == ("off",)


def test_a_database_is_made_once_and_a_copy_keeps_rows_and_rights(own_postgres: LocalPostgres) -> None:
    assert own_postgres.ensure_database("first") is True
    assert own_postgres.ensure_database("first") is False
    with psycopg.connect(own_postgres.url("first", OWNER_ROLE)) as owner:
        owner.execute("CREATE TABLE report (said text)")
        owner.execute("INSERT INTO report VALUES ('text-1')")
    own_postgres.clone_database("second", template="first")
    with psycopg.connect(own_postgres.url("second")) as app:
        assert app.execute("SELECT said FROM report").fetchall() == [("text-1",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TEMPORARY TABLE mine (id int)")
    own_postgres.drop_database("second")
    own_postgres.drop_database("second")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(own_postgres.url("second"))


def test_a_stranger_role_gets_into_no_database(own_postgres: LocalPostgres) -> None:
    with psycopg.connect(own_postgres.server_url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(own_postgres.url(user="stranger"))
