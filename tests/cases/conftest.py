import pytest


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A story inside one transaction: its own rows count as settled, though nothing is committed."""
    monkeypatch.setattr("tutela.audit.cursor.settled_before", lambda: 2**62)
