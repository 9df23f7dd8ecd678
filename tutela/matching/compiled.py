"""numba with types: functions compiled at their first call and kept on disk between runs where that is possible."""

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numba.core.config

_settings: Any = numba.core.config
P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """No-Python mode, without the interpreter's lock, cached beside the source or in the user's cache directory."""
    return _compile(function, nogil=True)


def compiled_loosely(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, and sums may be reordered: for pictures, where the last bit of a float decides nothing."""
    return _compile(function, nogil=True, fastmath={"reassoc", "contract", "nsz"})


def _compile(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    if _CACHE is None:
        return cast(Callable[P, R], numba.njit(function, **options))
    before, _settings.CACHE_DIR = _settings.CACHE_DIR, str(_CACHE)
    try:
        return cast(Callable[P, R], numba.njit(function, cache=True, **options))
    finally:
        _settings.CACHE_DIR = before


def state_of(package: Path) -> str:
    """Changes with any source file of the package.

    numba looks only at the file a function stands in: without this, a change in one module would go unnoticed by the
    compiled code of another that has taken it in.
    """
    return sha256(b"".join(source.read_bytes() for source in sorted(package.glob("*.py")))).hexdigest()[:16]


def first_writable(directories: list[Path]) -> Path | None:
    for directory in directories:
        with suppress(OSError):
            directory.mkdir(parents=True, exist_ok=True)
            if os.access(directory, os.W_OK):
                return directory
    return None


def _places_to_cache() -> list[Path]:
    here = Path(__file__).parent
    roots = [Path(_settings.CACHE_DIR)] if _settings.CACHE_DIR else [here / "__pycache__"]
    with suppress(RuntimeError):  # a user without a home
        roots.append(Path.home() / ".cache" / "tutela")
    return [root / f"compiled-{state_of(here)}" for root in roots]


# None on a locked-down service account: then every process compiles for itself.
_CACHE = first_writable(_places_to_cache())
