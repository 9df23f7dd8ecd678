"""What every test stands on: a blocked network and, only for those that ask, a database of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.network import blocked_network

if TYPE_CHECKING:
    from tests.postgres import Database, SharedServer

# The cellar's tests also run where neither Django nor PostgreSQL is installed.
HAS_SERVER = find_spec("django") is not None
RUN_HOME = Path(tempfile.mkdtemp(prefix="tutela-run-"))

if HAS_SERVER:
    from tests.postgres import SharedServer

    SERVER = SharedServer()
    # Never the user's own keys, anchors or database, nor in any process that a test starts.
    os.environ |= {"TUTELA_HOME": str(RUN_HOME), **SERVER.session_database.environment()}
    for name in ("TUTELA_ANCHORS", "TUTELA_DB_ROLE", "TUTELA_SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tutela.config.settings"

    import django

    django.setup()


@contextmanager
def _django_at(database: "Database") -> Iterator[None]:
    """Every thread's next connection goes there: Django makes connections from this one dictionary."""
    from django.db import connections
    from psycopg.conninfo import conninfo_to_dict

    said = conninfo_to_dict(database.url)
    here = {"NAME": said["dbname"], "USER": said["user"], "HOST": said["host"], "PORT": said["port"]}
    at = connections.settings["default"]
    before = {name: at[name] for name in here}
    connections.close_all()
    at.update(here)
    try:
        yield
    finally:
        connections.close_all()
        at.update(before)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A process that found the settings named would read them before it has a home of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which nothing was really run must not look green, though every test "only" skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == pytest.ExitCode.OK and not session.config.option.collectonly and reporter:
        ran = len(reporter.stats.get("passed", [])) + len(reporter.stats.get("xfailed", []))
        session.exitstatus = pytest.ExitCode.OK if ran else pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_unconfigure() -> None:
    shutil.rmtree(RUN_HOME, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" not in config.option.markexpr:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("soak")])
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
    refused = [sentence for item in items if (sentence := _why_refused(item))]
    if refused:
        raise pytest.UsageError("\n".join(refused))


def _why_refused(item: pytest.Item) -> str | None:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    if (marker and marker.kwargs.get("transaction")) or fixtures & {"transactional_db", "live_server"}:
        return (
            f"{item.nodeid}: Django would empty every table afterwards, which the append-only tables refuse; "
            "use the fixture `fresh_database` instead."
        )
    if "fresh_database" in fixtures and (marker or "db" in fixtures):
        return f"{item.nodeid}: `fresh_database` replaces `db` and the django_db mark; drop them."
    return None


@pytest.fixture(scope="session", autouse=True)
def _network_is_blocked() -> Iterator[None]:
    with blocked_network():
        yield


@pytest.fixture(scope="session")
def shared_server(request: pytest.FixtureRequest) -> "Iterator[SharedServer]":
    SERVER.enter()
    yield SERVER
    SERVER.leave()


@pytest.fixture(scope="session")
def django_db_setup(
    shared_server: "SharedServer", django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the template instead of Django's own making and flushing."""
    database = shared_server.copy(shared_server.session_database.name)
    with _django_at(database):
        yield
    shared_server.drop(database)


@pytest.fixture
def fresh_database(
    shared_server: "SharedServer", django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Database]":
    """A migrated database of this test's own, for real commits, several processes or a live server."""
    with _fresh(shared_server, django_db_blocker, monkeypatch) as database:
        yield database


@pytest.fixture(scope="module")
def shared_database(
    shared_server: "SharedServer", django_db_setup: None, django_db_blocker: Any
) -> "Iterator[Database]":
    """The same for all tests of a module, which only read what its first fixture wrote."""
    with pytest.MonkeyPatch.context() as patch, _fresh(shared_server, django_db_blocker, patch) as database:
        yield database


@contextmanager
def _fresh(server: "SharedServer", blocker: Any, patch: pytest.MonkeyPatch) -> "Iterator[Database]":
    database = server.fresh()
    for name, value in database.environment().items():
        patch.setenv(name, value)
    with blocker.unblock(), _django_at(database):
        yield database
    server.drop(database)
