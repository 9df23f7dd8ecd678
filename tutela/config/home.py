"""Where one installation keeps what the database must not hold: keys, anchors, its own PostgreSQL."""

import os
from pathlib import Path


def home() -> Path:
    named = os.environ.get("TUTELA_HOME")
    if named:
        return Path(named).expanduser().resolve()
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "tutela"


def keys_home() -> Path:
    return home() / "keys"


def anchors_home() -> Path:
    """Outside the database on purpose: whoever can rewrite every table must not also rewrite the anchors."""
    named = os.environ.get("TUTELA_ANCHORS")
    return Path(named).expanduser() if named else home() / "anchors"
