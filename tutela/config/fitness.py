"""Is this installation fit to accept reports? One sentence for each thing to change."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def findings() -> list[str]:
    return [*_migrations(), *_role(), *_keys(), *_anchors(), *_origin()]


def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database lacks migrations: start once with 'tutela serve'."


def _role() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            yield "DATABASE_URL names an all-powerful role: give the application one that may not alter tables."
        cursor.execute("SELECT has_table_privilege('audit_leaf', 'UPDATE, DELETE, TRUNCATE')")
        if cursor.fetchone()[0]:
            yield "The application may change the audit: REVOKE UPDATE, DELETE, TRUNCATE on audit_leaf, audit_link."


def _keys() -> Iterator[str]:
    folder = settings.KEYS_HOME
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield f"The keys' folder is open to others: chmod 700 {folder}"


def _anchors() -> Iterator[str]:
    if settings.ANCHORS_HOME.parent == settings.HOME and not settings.DEMO:
        yield "The audit's heads lie beside the database: set TUTELA_ANCHORS to a place its operators cannot write to."


def _origin() -> Iterator[str]:
    if not settings.ORIGIN.startswith("https://") and not settings.DEMO:
        yield "TUTELA_ORIGIN is not https: passkeys and cookies are not safe without it."
