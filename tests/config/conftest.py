"""Homes for servers of the tests' own, apart from the one all other tests share."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutela.config.localpg import LocalPostgres


@pytest.fixture
def home() -> Iterator[Path]:
    """Open to the server's account, which pytest's own tmp_path is not when root runs the tests."""
    directory = Path(tempfile.mkdtemp(prefix="tutela-home-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def postgres_at() -> Iterator[Callable[..., LocalPostgres]]:
    """Starts servers, and stops whatever a test left running."""
    started: list[LocalPostgres] = []

    def start(home: Path, *, throwaway: bool = True) -> LocalPostgres:
        server = LocalPostgres(home, throwaway=throwaway)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop("immediate")


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[LocalPostgres]:
    directory = Path(tempfile.mkdtemp(prefix="tutela-home-"))
    directory.chmod(0o755)
    with LocalPostgres(directory, throwaway=True) as server:
        yield server
    shutil.rmtree(directory)
