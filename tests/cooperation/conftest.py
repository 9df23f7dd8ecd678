import pytest

from tests import cast
from tests.cast import Member
from tutela.accounts.policy import Role


def policy(name: str, country: str) -> Member:
    return cast.person(name, Role.POLICY_OFFICER, cast.organisation("policy_body", country=country))


@pytest.fixture
def petra(db: None) -> Member:
    """Of the Union's own policy body, which keeps the Forum's record."""
    return policy("Petra", "EU")


@pytest.fixture
def radu(db: None) -> Member:
    """Of Romania's policy body."""
    return policy("Radu", "RO")


@pytest.fixture
def freja(db: None) -> Member:
    """Of Denmark's policy body, to whom Romania's papers are nothing."""
    return policy("Freja", "DK")
