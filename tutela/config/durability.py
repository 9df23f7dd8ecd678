"""Will what this database acknowledges survive a power cut? Asked of the server before anything is accepted."""

import sys

import psycopg

# Each of these off loses acknowledged reports at a power cut; a kill of the processes does not show it.
MUST_NOT_BE_OFF = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")


class NotDurable(Exception):
    """The database may forget what it has acknowledged; the message says what to change."""


def check_durable(connection_or_url: psycopg.Connection | str, *, throwaway: bool) -> list[str]:
    """One sentence for each weak setting; none when throwaway, which asks for no durability.

    Asked in a new session: a role or a database may weaken synchronous_commit for itself only.
    """
    return [] if throwaway else _weaknesses(connection_or_url)


def refuse_unless_durable(connection_or_url: psycopg.Connection | str, *, throwaway: bool) -> None:
    """Raise NotDurable on a weak setting; with throwaway, say the weaknesses aloud on stderr instead."""
    weaknesses = _weaknesses(connection_or_url)
    if weaknesses and not throwaway:
        raise NotDurable(
            f"This database may lose accepted reports: {' '.join(weaknesses)} "
            "Change it on the server and start again; only a throw-away run may go on, with --throwaway."
        )
    if weaknesses:
        print(f"THROWAWAY: accepted reports may be lost. {' '.join(weaknesses)}", file=sys.stderr)


def _weaknesses(connection_or_url: psycopg.Connection | str) -> list[str]:
    with _new_session(connection_or_url) as session:
        rows = session.execute(
            "SELECT name, setting, source FROM pg_settings WHERE name = ANY(%s)", [list(MUST_NOT_BE_OFF)]
        ).fetchall()
    return [f"{name} is off (set by: {source})." for name, setting, source in sorted(rows) if setting == "off"]


def _new_session(connection_or_url: psycopg.Connection | str) -> psycopg.Connection:
    if isinstance(connection_or_url, str):
        return psycopg.connect(connection_or_url)
    info = connection_or_url.info
    return psycopg.connect(info.dsn, password=info.password)
