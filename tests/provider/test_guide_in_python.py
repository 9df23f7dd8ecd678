"""The guide's examples in Python are run as they stand there."""

import re
from pathlib import Path

import pytest

from tests import cast
from tutela.provider.client import to_bytes
from tutela.provider.queue import Queue
from tutela.reports.models import Report

GUIDE = (Path(__file__).parents[2] / "docs/guides/provider.md").read_text()
BLOCKS = [block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "import os\n" in block]


def test_there_are_two():
    assert len(BLOCKS) == 2


@pytest.mark.parametrize("block", BLOCKS, ids=["asyncio", "queue"])
def test_it_sends_what_it_is_given(house, records, monkeypatch, capsys, block):
    for name, value in house.environment("bearer").items():
        monkeypatch.setenv(name, value)
    reports = [to_bytes(cast.report()) for _ in range(3)]
    exec(compile(block, "the guide", "exec"), {"reports": reports})  # noqa: S102
    said = capsys.readouterr().out
    numbers = list(Report.objects.order_by("number").values_list("number", flat=True))
    assert len(numbers) == 3 and all(str(number) in said for number in numbers)
    if "queue" in block:
        assert [one.state for one in Queue(records).all()] == ["accepted"] * 3
