"""What a state allows, beside who may: the rooms hold their moves as tables, and this is the one way to ask them."""

from collections.abc import Mapping
from typing import TypeVar

State = TypeVar("State", bound=str)


class NotInThisState(ValueError):
    """The move is not open in this state; the sentence says why."""

    def __init__(self, sentence: str, state: str = "") -> None:
        super().__init__(sentence)
        self.state = state


def check_move(
    moves: Mapping[State, Mapping[str, State]], sentences: Mapping[State, str], state: State, move: str
) -> State:
    """The state after the move."""
    try:
        return moves[state][move]
    except KeyError:
        raise NotInThisState(f"{sentences[state]}: it is not open to '{move}'", state) from None
