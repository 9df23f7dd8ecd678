"""`tutela match --at-server`: hashes go to the server, leads come back, and only where somebody said so."""

import json
from dataclasses import replace

import pytest

from tests import cast
from tests.indicators.stories import active
from tests.provider.commands import plainly, tutela
from tests.provider.conftest import Standing
from tutela.accounts.policy import Role
from tutela.audit.models import Leaf
from tutela.demo.pictures import draw, redraw
from tutela.indicators.rules import Fingerprint
from tutela.provider.wire import Credential

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def matching(house) -> Standing:
    ana, boris = cast.ana().actor, cast.boris().actor
    drawn = draw(1)
    active(Fingerprint("pdq", drawn.hashed.pdq, drawn.hashed.quality), ana, boris)
    active(Fingerprint("sha256", bytes.fromhex(drawn.digests.sha256)), ana, boris)
    issued = cast.credential(house.organisation, "bearer", Role.PROVIDER_MATCHER)
    return replace(house, bearer=Credential(issued.credential.username, issued.secret))


@pytest.fixture
def folder(tmp_path):
    for name, data in (("changed", redraw(1, variation=3).data), ("other", draw(9).data), ("same", draw(1).data)):
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_the_servers_indicators_are_asked_and_its_record_says_how_many(matching, folder):
    ran = plainly(tutela("match", "--at-server", folder, env=matching.environment("bearer")), 10)
    leads = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [[match["kind"] for match in lead["matches"]] for lead in leads] == [["pdq"], [], ["sha256", "pdq"]]
    assert {match["classification"] for match in leads[0]["matches"]} == {"invented-scheme 1 text-3"}
    assert "2 of 3 match" in ran.stderr and "not a verdict" in ran.stderr
    [leaf] = Leaf.objects.filter(action="indicators.asked")
    assert json.loads(bytes(leaf.content))["details"]["hashes"] == {"sha256": 3, "sha1": 3, "md5": 3, "pdq": 3}


def test_a_credential_that_may_only_report_learns_nothing(house, matching, folder):
    ran = plainly(tutela("match", "--at-server", folder, env=house.environment("bearer")), 1)
    assert "nothing here for you" in ran.stderr and ran.stdout == ""


def test_a_server_that_is_not_there_is_told_by_the_exit_code(folder, monkeypatch):
    monkeypatch.setattr("tutela.provider.wire.Patience.seconds", lambda *_: 0.0)
    env = {"TUTELA_SERVER": NOWHERE, "TUTELA_USERNAME": "a", "TUTELA_SECRET": "b"}
    assert "cannot be reached" in plainly(tutela("match", "--at-server", folder, env=env), 3).stderr
    assert "cannot be reached" in plainly(tutela("match", "--server", NOWHERE, folder, env=env), 3).stderr


@pytest.mark.parametrize("option", [["--radius", 31], ["--list", "ours"], ["--lists", "."]])
def test_what_a_server_decides_is_not_decided_here(folder, option):
    env = {"TUTELA_SERVER": NOWHERE, "TUTELA_USERNAME": "a", "TUTELA_SECRET": "b"}
    assert "a server decides that itself" in plainly(tutela("match", "--at-server", *option, folder, env=env), 2).stderr
