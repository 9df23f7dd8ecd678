"""`tutela bench`: how fast matching is on this machine, against what else is installed on it."""

import json
import platform
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import click

from tutela.matching.bench_bases import BASES
from tutela.matching.bench_peers import PEERS
from tutela.matching.thresholds import MAX_RADIUS

LARGE = 5_000_000
"""From here on fewer rounds: a peer takes minutes to build and seconds to ask."""


@click.group()
def bench() -> None:
    """Measure this machine. Nothing is sent anywhere; everything that is matched is drawn at random."""


@bench.command("match")
@click.option("--hashes", type=click.IntRange(1_000, 100_000_000), default=1_000_000, show_default=True)
@click.option("--base", type=click.Choice(sorted(BASES)), default="clustered", show_default=True)
@click.option("--radius", type=click.IntRange(0, MAX_RADIUS), default=31, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 50), help="Paired rounds: 5, or 3 for large bases.")
@click.option("--peer", "peers", multiple=True, type=click.Choice(sorted(PEERS)), help="Default: the best of FAISS.")
@click.option("--json", "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it here.")
def match(
    *, hashes: int, base: str, radius: int, rounds: int | None, peers: tuple[str, ...], file: Path | None
) -> None:
    """Exact search over drawn hashes, one core, every answer compared with brute force.

    Exit 0: every answer was right. 1: one was wrong or missing, and the figures mean nothing.
    """
    from tutela.matching.bench import BEST_OF_FAISS, Effort, measure

    if file and not file.parent.is_dir():
        raise click.UsageError(f"There is no directory {file.parent} to write into; nothing was measured.")
    effort = Effort(rounds=rounds or (3 if hashes >= LARGE else 5), radius=radius)
    asked = {name: PEERS[name] for name in peers or (BEST_OF_FAISS,)}
    result = measure(base, hashes, effort=effort, peers=asked, say=lambda what: click.echo(what, err=True))
    told = asdict(result) | {"machine": machine()}
    for name, value in told.items():
        click.echo(f"{name:24} {json.dumps(value)}")
    if file:
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if result.is_exact else 1)


def machine() -> dict[str, str | None]:
    """What the figures were measured on."""
    model = None
    if sys.platform == "linux":
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((line.partition(":")[2].strip() for line in about if line.startswith("model name")), None)
    return {
        "processor": model or platform.processor() or platform.machine(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numba": _version("numba"),
        "numpy": _version("numpy"),
        "faiss": _version("faiss") if find_spec("faiss") else None,
    }


def _version(module: str) -> str:
    from importlib import import_module

    return str(getattr(import_module(module), "__version__", "unknown"))
