import base64
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tutela.accounts.models import Organisation


@dataclass
class Machine:
    """A provider's or an authority's machine, speaking through both doors."""

    organisation: Organisation
    bearer: str
    basic: str
    client: Client

    def post(self, path: str, body: Any, **more: Any):
        content = body if isinstance(body, bytes) else cast.raw(body)
        return self.client.post(
            path, content, content_type="application/json", headers={"Authorization": self.bearer, **more}
        )

    def get(self, path: str):
        return self.client.get(path, headers={"Authorization": self.bearer})

    def ispws(self, call: str, body: Any = None, *, content_type: str = "text/xml; charset=utf-8"):
        headers = {"Authorization": self.basic}
        if body is None:
            return self.client.get(f"/ispws/{call}", headers=headers)
        if isinstance(body, dict):
            return self.client.post(f"/ispws/{call}", body, headers=headers)
        return self.client.post(f"/ispws/{call}", body, content_type=content_type, headers=headers)


def machine_of(organisation: Organisation, **more: Any) -> Machine:
    bearer, basic = cast.credential(organisation, "bearer", **more), cast.credential(organisation, "basic", **more)
    pair = f"{basic.credential.username}:{basic.secret}".encode()
    return Machine(
        organisation,
        f"Bearer {bearer.credential.username}.{bearer.secret}",
        f"Basic {base64.b64encode(pair).decode()}",
        Client(raise_request_exception=False),
    )


@pytest.fixture
def provider(db) -> Machine:
    return machine_of(cast.organisation("provider"))


@pytest.fixture
def stranger(db) -> Machine:
    """Another provider."""
    return machine_of(cast.organisation("provider", country="PT"))
