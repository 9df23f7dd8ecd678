"""The command on a terminal of its own, as a person sees it."""

import os
import pty
import re
import subprocess

from tests.provider.commands import COMMAND

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def on_a_terminal(*said: object) -> tuple[int, str]:
    """Its exit code, and what it wrote to either stream, without colours and cursor movements."""
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "200", "LINES": "50"}
    running = subprocess.Popen([*COMMAND, *map(str, said)], stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            # How a terminal says that nobody writes to it any more.
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return running.wait(timeout=30), _ESCAPE.sub("", written.decode(errors="replace"))
