"""An open CyberTipline client that is not ours, unmodified, pointed at this house: `make open-client` sets it up."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import cast
from tests.browser import site  # noqa: F401
from tutela.reports.models import Item, Report

PYTHON = os.environ.get("OPEN_CLIENT_PYTHON")


@pytest.mark.skipif(not PYTHON, reason="no interpreter with the open client: run `make open-client`")
def test_an_open_client_that_is_not_ours_goes_all_the_way(site):  # noqa: F811
    given = cast.credential(cast.organisation("provider"), "basic")
    script = Path(__file__).with_name("open_client.py")
    ran = subprocess.run(
        [PYTHON, script, f"{site}/ispws", given.credential.username, given.secret],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    print(said)
    assert (said["status"], said["xsd"], said["fileinfo"], said["retract"]) == (0, True, 0, 0)
    assert said["files"] == [said["file"]]
    assert said["hash"] == hashlib.md5(b"text-1").hexdigest()
    refusals = ("finished again", "unknown report", "unknown file", "retracted again", "wrong secret")
    assert [said[name] for name in refusals] == [5102, 5001, 5001, 5101, 2000]
    assert Report.objects.get(pk=said["report"]).state == "finished"
    assert Item.objects.filter(report=said["report"]).count() == 1
