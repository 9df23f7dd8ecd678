"""Roles and databases of the embedded PostgreSQL: one role owns and migrates, the other only works."""

import psycopg
from psycopg import sql

OWNER_ROLE = "tutela_owner"
APP_ROLE = "tutela_app"
_NO_POWERS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def ensure_roles(server_url: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        for role in (OWNER_ROLE, APP_ROLE):
            verb = "ALTER" if role in present else "CREATE"
            connection.execute(
                sql.SQL("{} ROLE {} {}").format(sql.SQL(verb), sql.Identifier(role), sql.SQL(_NO_POWERS))
            )


def ensure_database(server_url: str, name: str) -> bool:
    """True if the database was made now, False if it stood already."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        _create(connection, name, template="template1")
    with psycopg.connect(server_url, dbname=name, autocommit=True) as connection:
        for things, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE")):
            connection.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
                    sql.Identifier(OWNER_ROLE), sql.SQL(rights), sql.SQL(things), sql.Identifier(APP_ROLE)
                )
            )
    return True


def clone_database(server_url: str, name: str, *, template: str) -> None:
    """A full copy; nobody may be connected to the template meanwhile."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        _create(connection, name, template=template)


def drop_database(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(connection: psycopg.Connection, name: str, *, template: str) -> None:
    database, owner, app = (sql.Identifier(word) for word in (name, OWNER_ROLE, APP_ROLE))
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, sql.Identifier(template))
    )
    # A copy takes the tables' rights along, but not the database's own.
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))
