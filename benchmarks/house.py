"""A house of its own for a benchmark: durable PostgreSQL, worker and web server, in a folder that goes away."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tutela.config import serving

PORT = 8765
_CREDENTIALS = """
import django, json
django.setup()
from tutela.accounts import actions
from tutela.accounts.policy import HOUSE, Role
home = actions.add_organisation(name="Provider Example S.A.", kind="provider", country="FR", by=HOUSE, invented=True)
given = {k: actions.give_credential(organisation=home, kind=k, roles=[Role.PROVIDER_ENGINEER], by=HOUSE)
         for k in ("basic", "bearer")}
print(json.dumps({
    "username": given["basic"].credential.username, "secret": given["basic"].secret,
    "bearer": given["bearer"].credential.username + "." + given["bearer"].secret}))
"""


@contextmanager
def running(folder: Path, *, threads: int = 4) -> Iterator[tuple[str, dict[str, str]]]:
    os.environ |= {"TUTELA_HOME": str(folder), "TUTELA_ORIGIN": f"http://localhost:{PORT}"}
    os.environ.pop("DATABASE_URL", None)
    with serving.database(throwaway=False):
        serving.migrate()
        made = subprocess.run([sys.executable, "-c", _CREDENTIALS], capture_output=True, text=True, check=True)
        processes = serving.Processes(serving.web_command("127.0.0.1", PORT, threads), serving.worker_command())
        processes.start()
        try:
            _wait(f"http://127.0.0.1:{PORT}/ispws/status")
            yield f"http://127.0.0.1:{PORT}", json.loads(made.stdout)
        finally:
            processes.stop()


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(url, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("the web server did not answer within 30 seconds")
