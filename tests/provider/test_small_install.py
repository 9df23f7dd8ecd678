"""A provider's machine has no Django and no PostgreSQL."""

import subprocess
import sys

import pytest

# The import system answers for a name that stands as None here as for a package that is not installed.
WITHOUT = "import sys; sys.modules.update(dict.fromkeys({names}))\n"
SERVER_PARTS = ("django", "ninja", "psycopg", "procrastinate", "granian", "allauth")


def run(code: str) -> subprocess.CompletedProcess[str]:
    blocked = WITHOUT.format(names=SERVER_PARTS)
    return subprocess.run([sys.executable, "-c", blocked + code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "verb",
    [
        "send",
        "report",
        "queue",
        "outcomes",
        "notice",
        "complaint",
        "receipt",
        "dossier",
        "law",
        "hash",
        "match",
        "draw",
    ],
)
def test_the_providers_verbs_need_no_server(verb):
    ran = run(f"from tutela.cli import main; main(['{verb}', '--help'])")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Usage" in ran.stdout


@pytest.mark.parametrize(
    "module",
    ["client", "aio", "ispws", "sending", "cli", "report_cli", "queue_cli", "outcomes_cli", "complaints", "hash_cli"],
)
def test_no_part_of_the_providers_asks_for_a_server_part(module):
    ran = run(
        f"import tutela.provider.{module}\n"
        "loaded = {name.split('.')[0] for name, module in sys.modules.items() if module}\n"
        f"print(sorted(loaded & set({SERVER_PARTS})))"
    )
    assert ran.stdout.strip() == "[]", ran.stderr


def test_a_servers_verb_says_what_to_install():
    ran = run("from tutela.cli import main; main(['serve'])")
    assert ran.returncode == 1
    assert "pip install 'tutela[server]'" in ran.stderr and "Traceback" not in ran.stderr
