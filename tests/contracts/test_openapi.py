"""The committed description is the API's promise: the code keeps it, whatever is sent."""

import base64
import json

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from tests import cast
from tests.api.conftest import machine_of
from tutela.accounts.policy import Role
from tutela.api.openapi import COMMITTED, description
from tutela.config.wsgi import application


def test_the_committed_description_is_what_the_code_says():
    assert COMMITTED.read_text() == description()


@pytest.fixture
def schema(fresh_database):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.parametrize("role", [Role.PROVIDER_ENGINEER, Role.AUTHORITY_OFFICER])
def test_nothing_that_is_sent_makes_it_fail(schema, role):
    """n = every operation x 15 drawn requests, for a provider and for an authority: 0 answers of 500 and above."""
    kind = "provider" if role is Role.PROVIDER_ENGINEER else "national_authority"
    machine = machine_of(cast.organisation(kind), role=role)
    count = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(case=operation.as_strategy())
        def one(case):
            nonlocal count
            count += 1
            answer = case.call(headers={"Authorization": machine.bearer})
            case.validate_response(answer, checks=[not_a_server_error])

        one()
    assert count > 15 * 8


@pytest.mark.parametrize("header", ["", "Bearer x.y", f"Basic {base64.b64encode(b'x:y').decode()}"])
def test_no_operation_is_open_without_a_credential(schema, header):
    paths = json.loads(COMMITTED.read_text())["paths"]
    for path, operations in paths.items():
        for method in operations:
            address = path.replace("{number}", "1")
            answer = getattr(Client(), method)(address, headers={"Authorization": header})
            assert answer.status_code == 401, (method, path)
