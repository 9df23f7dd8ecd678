"""The command as a person runs it: in this process for speed, or in one of its own for signals and pipes."""

import subprocess
import sys

from click.testing import CliRunner, Result

from tutela.cli import main

COMMAND = [sys.executable, "-c", "from tutela.cli import main; main()"]
NOTHING_SET = {
    "TUTELA_SERVER": "",
    "TUTELA_USERNAME": "",
    "TUTELA_SECRET": "",
    "TUTELA_LISTS": "",
    "TUTELA_SERVICE": "",
}


def tutela(*said: object, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner(env=NOTHING_SET | (env or {})).invoke(main, [str(one) for one in said], input=stdin)


def plainly(ran: Result, exit_code: int) -> Result:
    """Sentences, never a traceback."""
    assert ran.exit_code == exit_code, ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit)
    assert "Traceback" not in ran.output
    return ran


def started(*said: object, **options: object) -> "subprocess.Popen[bytes]":
    """Unbuffered: what a first read took beyond its line would be missing in the rest."""
    return subprocess.Popen(
        [*COMMAND, *map(str, said)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, **options
    )  # type: ignore[call-overload]
