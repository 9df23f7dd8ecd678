"""numba with types: functions compiled at their first call and kept on disk between runs where that is possible."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """No-Python mode, without the interpreter's lock, cached beside the source or in the user's cache directory."""
    return _compile(function, nogil=True)


def compiled_loosely(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, and sums may be reordered: for pictures, where the last bit of a float decides nothing."""
    return _compile(function, nogil=True, fastmath={"reassoc", "contract", "nsz"})


def _compile(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    try:
        return cast(Callable[P, R], numba.njit(function, cache=True, **options))
    except RuntimeError:
        # Neither the package nor a home directory is writable (a locked-down service account): compile in memory.
        return cast(Callable[P, R], numba.njit(function, **options))
