"""numba with types: functions compiled at their first call and kept on disk between runs where that is possible."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    for cache in _CACHES:
        try:
            with _cached_in(cache):
                return cast(Callable[P, R], numba.njit(function, cache=True, **options))
        except RuntimeError:
            # numba's word for a directory that cannot be written.
            continue
    return cast(Callable[P, R], numba.njit(function, **options))


def _places_to_cache() -> list[Path]:
    """One directory per state of this package's source.

    numba looks only at the file a function stands in: without this, a change in one module would go unnoticed by the
    compiled code of another that has taken it in.
    """
    here = Path(__file__).parent
    state = sha256(b"".join(source.read_bytes() for source in sorted(here.glob("*.py")))).hexdigest()[:16]
    roots = (
        [Path(_settings.CACHE_DIR)]
        if _settings.CACHE_DIR
        else [here / "__pycache__", Path("~/.cache/tutela").expanduser()]
    )
    return [root / f"compiled-{state}" for root in roots]


@contextmanager
def _cached_in(directory: Path) -> Iterator[None]:
    before = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(directory)
    try:
        yield
    finally:
        _settings.CACHE_DIR = before


_CACHES = _places_to_cache()
