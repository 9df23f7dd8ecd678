"""What became of a provider's reports: news once, and "wrong, delete" until it is done."""

import json

import pytest

from tests import cast
from tests.provider.commands import plainly, tutela
from tests.provider.conftest import given
from tests.provider.terminal import on_a_terminal
from tutela.reports.models import Report, ReportOutcome


@pytest.fixture
def sent(house):
    with house.api() as api:
        return [api.send(cast.report()).number for _ in range(3)]


def answered(number, code, authority="authority:fr"):
    ReportOutcome.objects.update_or_create(
        report=Report.objects.get(pk=number), authority=authority, defaults={"code": code}
    )


def asked(house, *more, exit_code=0):
    ran = plainly(tutela("outcomes", *more, env=house.environment("bearer")), exit_code)
    return [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr


def test_each_answer_is_news_once(house, sent):
    assert asked(house) == ([], "Nothing new.\n")
    answered(sent[1], "investigation_opened")
    news, said = asked(house)
    assert [(each["report"], each["code"], each["is_new"]) for each in news] == [
        (sent[1], "investigation_opened", True)
    ]
    assert "1 new, 0 wrong" in said
    assert asked(house)[0] == []
    answered(sent[0], "no_action")
    answered(sent[1], "child_protected", "authority:de")
    assert [each["report"] for each in asked(house)[0]] == [sent[0], sent[1]]
    assert [each["is_new"] for each in asked(house, "--all")[0]] == [False] * 3


def test_wrong_delete_stands_out_until_somebody_says_that_it_is_done(house, sent):
    answered(sent[2], "wrong_delete")
    for is_new in (True, False):
        news, said = asked(house, exit_code=12)
        assert [each["is_new"] for each in news] == [is_new]
        assert f"WRONG, DELETE: report {sent[2]}" in said
    assert asked(house, "--deleted", sent[2]) == ([], "Nothing new.\n")
    assert (
        "No authority has said"
        in plainly(tutela("outcomes", "--deleted", sent[0], env=house.environment("bearer")), 1).stderr
    )


def test_an_answer_that_was_corrected_is_news_again(house, sent):
    answered(sent[0], "no_action")
    asked(house)
    ReportOutcome.objects.all().delete()
    answered(sent[0], "wrong_delete")
    assert [each["code"] for each in asked(house, exit_code=12)[0]] == ["wrong_delete"]


def test_the_stranger_sees_nothing(house, sent):
    answered(sent[0], "wrong_delete")
    stranger = given(cast.organisation("provider", country="PT"), "bearer")
    env = house.environment("bearer") | {"TUTELA_USERNAME": stranger.username, "TUTELA_SECRET": stranger.secret}
    assert plainly(tutela("outcomes", env=env), 0).stdout == ""


def test_a_server_that_is_not_there_is_told_by_the_exit_code(house, monkeypatch):
    monkeypatch.setattr("tutela.provider.wire.Patience.seconds", lambda *_: 0.0)
    env = house.environment("bearer") | {"TUTELA_SERVER": "http://127.0.0.1:9"}
    assert "cannot be reached" in plainly(tutela("outcomes", env=env), 3).stderr


def test_on_a_terminal_it_is_a_table(house, sent, monkeypatch):
    answered(sent[0], "wrong_delete")
    answered(sent[1], "investigation_opened")
    for name, value in house.environment("bearer").items():
        monkeypatch.setenv(name, value)
    code, shown = on_a_terminal("outcomes")
    assert code == 12
    assert "your reference" in shown and "WRONG, DELETE" in shown and "investigation opened" in shown
