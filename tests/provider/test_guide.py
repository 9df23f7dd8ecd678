"""The guide's commands exist: a page that has aged must not pass."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tutela.cli import VERBS, main
from tutela.exchange.messages import Report

GUIDE = (Path(__file__).parents[2] / "docs/guides/provider.md").read_text()
LINES = re.findall(r"^tutela .*$", GUIDE, re.MULTILINE)
COMMANDS = [part.strip() for line in LINES for part in re.split(r"[|>]", line) if part.strip().startswith("tutela ")]


def test_the_guide_shows_commands():
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_and_option_exists(line):
    command: click.Command = main
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_smallest_report_is_one():
    [shown] = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert Report.model_validate_json(shown).reference == "your-number-1"


def test_the_python_it_shows_names_what_exists():
    for module, name in re.findall(r"^from (tutela\S+) import (\w+)$", GUIDE, re.MULTILINE):
        assert hasattr(__import__(module, fromlist=[name]), name)


def test_each_environment_name_is_read_by_a_command():
    read = {parameter.envvar for command in commands() for parameter in command.params if parameter.envvar}
    named = set(re.findall(r"\bTUTELA_[A-Z]+\b", GUIDE))
    assert named and named <= read


def commands():
    """Every verb of the providers', down to the last."""
    waiting = [main.get_command(click.Context(main), verb) for verb, (who, _, _) in VERBS.items() if who == "Providers"]
    while waiting:
        command = waiting.pop()
        yield command
        if isinstance(command, click.Group):
            waiting += command.commands.values()
