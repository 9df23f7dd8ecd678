"""The life of a report: which move is open in which state, and when an unfinished one expires."""

from datetime import timedelta
from functools import partial
from typing import Final

from tutela.accounts import moves

OPEN, FINISHED, RETRACTED, EXPIRED = "open", "finished", "retracted", "expired"

MOVES: Final[dict[str, dict[str, str]]] = {
    OPEN: {"add": OPEN, "finish": FINISHED, "retract": RETRACTED, "expire": EXPIRED},
    FINISHED: {"complete": FINISHED},
    RETRACTED: {},
    EXPIRED: {},
}

_SENTENCES: Final = {
    OPEN: "this report is still being sent",
    FINISHED: "this report is finished; nothing can be added to it or taken back on this route",
    RETRACTED: "this report was retracted",
    EXPIRED: "this report was not finished in time and has expired; send it again",
}

# As providers know it from the CyberTipline: 24 hours after opening or 1 hour after the last change, the later one.
OPEN_FOR: Final = timedelta(hours=24)
QUIET_FOR: Final = timedelta(hours=1)


check_move = partial(moves.check_move, MOVES, _SENTENCES)
