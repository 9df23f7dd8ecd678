"""The lists, as a provider's machine gets them over the line, and as nobody else does."""

import json

import pytest
from click.testing import CliRunner

from tests import cast
from tests.api.conftest import machine_of
from tests.api.test_reports import problem
from tests.indicators.stories import active, pdq, sha256
from tests.provider.conftest import Standing, house
from tutela.accounts.policy import Role
from tutela.audit.models import Leaf
from tutela.indicators import actions
from tutela.indicators.actions import publishing
from tutela.keys.keeper import house_signer
from tutela.provider.lists import Lists
from tutela.provider.lists_cli import lists as command

__all__ = ["house"]
ADDRESSES = ("lists", "lists/baseline/head", "lists/baseline/snapshots/1/0", "lists/baseline/changes/1")


@pytest.fixture
def published(db):
    one = active(pdq(), cast.ana().actor, cast.boris().actor)
    actions.publish()
    return one


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_provider_that_may_gets_it_and_a_leaf_says_so(published, address):
    matcher = machine_of(cast.organisation("provider"), role=Role.PROVIDER_MATCHER)
    before = Leaf.objects.count()
    answer = matcher.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    assert (Leaf.objects.order_by("-id")[0].action, Leaf.objects.count() - before) == ("list.taken", 1)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_stranger_gets_what_does_not_exist(published, provider, address):
    authority = machine_of(cast.organisation("national_authority"), role=Role.AUTHORITY_OFFICER)
    for stranger in (provider, authority):
        answer = stranger.get(f"/api/v1/{address}")
        absent = stranger.get(f"/api/v1/{address.replace('baseline', 'nowhere')}")
        assert problem(answer, 404) | {"instance": ""} == problem(absent, 404) | {"instance": ""}
    assert not Leaf.objects.filter(action="list.taken").exists()


@pytest.mark.parametrize("address", ["lists/none/head", "lists/baseline/snapshots/9/0", "lists/baseline/changes/9"])
def test_what_is_not_there_is_not_found(published, address):
    matcher = machine_of(cast.organisation("provider"), role=Role.PROVIDER_MATCHER)
    assert matcher.get(f"/api/v1/{address}").status_code == 404


def test_where_the_leaf_cannot_be_written_nothing_is_given(published, monkeypatch):
    matcher = machine_of(cast.organisation("provider"), role=Role.PROVIDER_MATCHER)
    monkeypatch.setattr("tutela.audit.actions.record", lambda *_, **__: 1 / 0)
    answer = matcher.get("/api/v1/lists/baseline/changes/1")
    assert answer.status_code >= 500 and bytes(published.value) not in answer.content


def test_from_the_command_over_the_line_to_a_match_and_withdrawn_to_none(house: Standing, tmp_path, monkeypatch):
    ana, boris = cast.ana().actor, cast.boris().actor
    picture, file = active(pdq(), ana, boris), active(sha256(), ana, boris)
    actions.publish()
    given = cast.credential(house.organisation, "bearer", role=Role.PROVIDER_MATCHER)
    environment = {
        "TUTELA_SERVER": house.server,
        "TUTELA_USERNAME": given.credential.username,
        "TUTELA_SECRET": given.secret,
        "TUTELA_LISTS": str(tmp_path / "lists"),
    }
    keys = tmp_path / "keys.json"
    keys.write_text(house_signer().public.text())
    run = CliRunner().invoke

    untrusted = run(command, ["sync"], env=environment)
    assert untrusted.exit_code == 1 and "give its public keys once" in untrusted.output
    synced = run(command, ["sync", "--key", str(keys)], env=environment)
    assert synced.exit_code == 0, synced.output
    assert "baseline: 2 entries, change 1 (new)" in synced.output
    catalogue = Lists(tmp_path / "lists").catalogue()
    (match,) = catalogue.match("pdq", bytes(picture.value))
    assert (match.reference, match.label.list) == (f"indicator:{picture.pk}", "baseline")

    actions.withdraw(picture, reason="text-3", by=ana)
    actions.publish()
    again = run(command, ["sync"], env=environment)
    assert "baseline: 1 entries, change 2 (was at 1)" in again.output
    catalogue = Lists(tmp_path / "lists").catalogue()
    assert catalogue.match("pdq", bytes(picture.value)) == []
    assert catalogue.match("sha256", bytes(file.value))

    # A month goes by: what the reader holds is further back than any change that can still be had.
    monkeypatch.setattr(publishing, "CHANGES_BETWEEN_SNAPSHOTS", 2)
    for _ in range(7):
        active(sha256(), ana, boris)
        actions.publish()
    back = run(command, ["sync", "baseline"], env=environment)
    assert "baseline: 8 entries, change 9 (was at 2)" in back.output
    taken = [json.loads(bytes(leaf.content))["details"] for leaf in Leaf.objects.filter(subject="list:baseline")]
    assert any("snapshot" in each for each in taken[-9:]) and {"change": 3} not in taken, taken

    trusted = run(command, ["keys"], env=environment)
    assert house_signer().public.text() in trusted.output and house.server in trusted.output
    shown = run(command, ["show", "--json"], env=environment)
    assert [each["name"] for each in json.loads(shown.output)] == ["baseline", "national"]
    assert "baseline" in run(command, ["show"], env=environment).output
    assert run(command, ["sync", "nowhere"], env=environment).output.count("offers no list named nowhere") == 1
    for wrong in ("", "0123"):
        refused = run(command, ["keys", "--forget", wrong], env=environment)
        assert refused.exit_code == 1 and house_signer().public.key_id in refused.output
    gone = run(command, ["keys", "--forget", house_signer().public.key_id], env=environment)
    assert gone.exit_code == 0 and "counts no longer" in gone.output and "No key is trusted here" in gone.output
    forgotten = run(command, ["sync"], env=environment)
    assert forgotten.exit_code == 1 and "give its public keys once" in forgotten.output
    gone = run(command, ["sync", "--key", str(keys)], env=environment | {"TUTELA_SERVER": "http://127.0.0.1:1"})
    assert gone.exit_code == 3
