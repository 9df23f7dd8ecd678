"""The first organisations, people and credentials, as an operator types them."""

import pytest
from click.testing import CliRunner

from tutela.accounts.actions import who_presents
from tutela.accounts.models import Organisation, Person
from tutela.config.founding import found

PROVIDER = ["organisation", "Provider Example S.A.", "--kind", "provider", "--country", "FR"]


@pytest.fixture
def type_(fresh_database, monkeypatch):
    monkeypatch.setattr("tutela.config.serving.migrate", lambda: None)

    def typed(*words: str):
        return CliRunner().invoke(found, [*words, "--throwaway"])

    return typed


def test_an_installation_is_founded(type_):
    assert type_(*PROVIDER).exit_code == 0
    given = type_(
        "credential", "--organisation", "Provider Example S.A.", "--kind", "basic", "--role", "provider_engineer"
    )
    username, secret = (line.split()[1] for line in given.output.splitlines() if ":" in line and "THROW" not in line)
    assert who_presents("basic", username, secret).organisation_id == Organisation.objects.get().pk
    added = type_(
        "person",
        "Adam@x.example",
        "--name",
        "Adam",
        "--organisation",
        "Provider Example S.A.",
        "--role",
        "administrator",
    )
    person = Person.objects.get(email="adam@x.example")
    assert person.check_password(added.output.split()[-1])


def test_somebody_who_is_locked_out_gets_a_new_password(type_):
    type_(*PROVIDER)
    type_(
        "person", "adam@x.example", "--name", "A", "--organisation", "Provider Example S.A.", "--role", "administrator"
    )
    answer = type_("password", "Adam@x.example")
    assert Person.objects.get().check_password(answer.output.split()[-1])
    assert "active already" in type_("activate", "adam@x.example").output
    assert "nobody here" in type_("password", "stranger@x.example").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (PROVIDER, "taken already"),
        (["organisation", "Other", "--kind", "club"], "not one of"),
        (["person", "a@x.example", "--name", "A", "--organisation", "Nobody", "--role", "analyst"], "no organisation"),
        (
            ["person", "a@x.example", "--name", "A", "--organisation", "Provider Example S.A.", "--role", "analyst"],
            "not a role of",
        ),
        (
            ["person", "a@x.example", "--name", "A", "--organisation", "Provider Example S.A.", "--role", "king"],
            "not a valid Role",
        ),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_added(type_, words, said):
    type_(*PROVIDER)
    answer = type_(*words)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert (Organisation.objects.count(), Person.objects.count()) == (1, 0)
