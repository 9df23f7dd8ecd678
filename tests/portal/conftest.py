import pytest
from django.test import Client


@pytest.fixture
def reader() -> Client:
    """Anyone at all, with nothing in hand."""
    return Client()
