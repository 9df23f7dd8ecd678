"""The life of a report: which move is open in which state, and when an unfinished one expires."""

from datetime import datetime, timedelta
from typing import Final

OPEN, FINISHED, RETRACTED, EXPIRED = "open", "finished", "retracted", "expired"

MOVES: Final[dict[str, dict[str, str]]] = {
    OPEN: {"add": OPEN, "finish": FINISHED, "retract": RETRACTED, "expire": EXPIRED},
    FINISHED: {"complete": FINISHED},
    RETRACTED: {},
    EXPIRED: {},
}

_SENTENCES: Final = {
    FINISHED: "this report is finished; nothing can be added to it or taken back on this route",
    RETRACTED: "this report was retracted",
    EXPIRED: "this report was not finished in time and has expired; send it again",
}

# As providers know it from the CyberTipline: 24 hours after opening or 1 hour after the last change, the later one.
OPEN_FOR: Final = timedelta(hours=24)
QUIET_FOR: Final = timedelta(hours=1)


class NotInThisState(ValueError):
    """The move is not open to a report in this state; the sentence says why."""

    def __init__(self, state: str) -> None:
        super().__init__(_SENTENCES.get(state, f"this move is not open while a report is {state}"))
        self.state = state


def check_move(state: str, move: str) -> str:
    """The state after the move."""
    try:
        return MOVES[state][move]
    except KeyError:
        raise NotInThisState(state) from None


def expires_at(*, received_at: datetime, modified_at: datetime) -> datetime:
    return max(received_at + OPEN_FOR, modified_at + QUIET_FOR)
