"""A map of Europe in 27 equal tiles: no state is large, none is lost. The table beside it says the same."""

from collections.abc import Mapping
from dataclasses import dataclass

# Column and row of each state: neighbours stand near each other, distances mean nothing.
PLACES: Mapping[str, tuple[int, int]] = {
    "SE": (4, 0), "FI": (5, 0), "EE": (5, 1), "IE": (0, 2), "DK": (3, 2), "LV": (5, 2), "NL": (2, 3),
    "DE": (3, 3), "PL": (4, 3), "LT": (5, 3), "BE": (1, 4), "LU": (2, 4), "CZ": (3, 4), "SK": (4, 4),
    "FR": (1, 5), "AT": (3, 5), "HU": (4, 5), "RO": (5, 5), "PT": (0, 6), "ES": (1, 6), "IT": (2, 6),
    "SI": (3, 6), "HR": (4, 6), "BG": (5, 6), "MT": (3, 7), "EL": (5, 7), "CY": (6, 7),
}  # fmt: skip
SIDE, GAP = 52, 4
WIDTH = (max(column for column, _ in PLACES.values()) + 1) * (SIDE + GAP) - GAP
HEIGHT = (max(row for _, row in PLACES.values()) + 1) * (SIDE + GAP) - GAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`words` are read aloud, `figure` is printed on the tile; a tile that is `marked` is also drawn darker."""

    state: str
    x: int
    y: int
    words: str
    figure: str
    marked: bool
    address: str

    @property
    def middle(self) -> int:
        return self.x + SIDE // 2

    @property
    def first_line(self) -> int:
        return self.y + SIDE * 2 // 5

    @property
    def second_line(self) -> int:
        return self.y + SIDE * 4 // 5


def place(state: str) -> tuple[int, int]:
    """The upper left corner of a state's tile in the drawing's own units."""
    column, row = PLACES[state]
    return column * (SIDE + GAP), row * (SIDE + GAP)
