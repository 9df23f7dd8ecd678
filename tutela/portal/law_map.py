"""A map of Europe in 27 equal tiles: no state is large, none is lost. The table beside it says the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


MIDDLE, FIRST_LINE, SECOND_LINE = SIDE // 2, SIDE * 2 // 5, SIDE * 4 // 5
_TILE = (
    '<a href="{}" aria-label="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="5" class="{}"/>'
    '<text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text></a>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`words` are read aloud, `figure` is printed on the tile; a tile that is `marked` is also drawn darker."""

    state: str
    words: str
    figure: str
    marked: bool
    address: str


def drawing(tiles: Iterable[Tile], *, label: str) -> SafeString:
    """An SVG of which each tile is a link."""
    shape = '<svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
    return format_html(shape, WIDTH, HEIGHT, label, format_html_join("\n", _TILE, (_drawn(each) for each in tiles)))


def _drawn(tile: Tile) -> tuple[object, ...]:
    column, row = PLACES[tile.state]
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    rect = (x, y, SIDE, SIDE, "marked" if tile.marked else "plain")
    middle = x + MIDDLE
    return (tile.address, tile.words, *rect, middle, y + FIRST_LINE, tile.state, middle, y + SECOND_LINE, tile.figure)
