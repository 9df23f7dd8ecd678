"""Charts as small SVG files: readable in light and dark, with every number also written in the JSON beside them."""

from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10
from typing import NamedTuple

WIDE, HIGH = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 90, 190, 40, 60
COLOURS = ("#0b6e99", "#b4511b", "#5b7a1f", "#7a4b9c", "#8a6d00", "#555b66")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1d2330}.grid{stroke:#d6dae1}.paper{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.grid{stroke:#3a4150}.paper{fill:#14181f}}"
)


class Axis(NamedTuple):
    """A logarithmic scale: every tenfold step is as wide as the next."""

    title: str
    low: int
    high: int

    @classmethod
    def over(cls, title: str, values: Sequence[float]) -> "Axis":
        """From the power of ten below the least value to the one above the greatest."""
        low, high = floor(log10(min(values))), -floor(-log10(max(values)))
        return cls(title, low, max(high, low + 1))

    def share(self, value: float) -> float:
        return (log10(value) - self.low) / (self.high - self.low)

    def steps(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def lines(title: str, x_title: str, y_title: str, series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """One line for each series of (x, y), both axes logarithmic; a dashed one where the name begins with "model"."""
    x = Axis.over(x_title, [point[0] for points in series.values() for point in points])
    y = Axis.over(y_title, [point[1] for points in series.values() for point in points])
    drawn = [_frame(title), _grid(x, y)]
    for number, (name, points) in enumerate(series.items()):
        colour, dashes = COLOURS[number % len(COLOURS)], ' stroke-dasharray="6 5"' if name.startswith("model") else ""
        path = " ".join(f"{_across(x, px):.1f},{_down(y, py):.1f}" for px, py in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}/>')
        drawn += [
            f'<circle cx="{_across(x, px):.1f}" cy="{_down(y, py):.1f}" r="3.5" fill="{colour}"/>' for px, py in points
        ]
        drawn.append(_legend(number, name, colour))
    return "\n".join([*drawn, "</svg>"]) + "\n"


def bars(title: str, y_title: str, values: Mapping[str, float]) -> str:
    """One bar for each name, on a logarithmic scale, with its number above it."""
    y = Axis.over(y_title, list(values.values()))
    step = (WIDE - LEFT - 30) / len(values)
    drawn = [_frame(title), _levels(y, WIDE - 30)]
    for number, (name, value) in enumerate(values.items()):
        colour, left, top = COLOURS[0 if number == 0 else 5], LEFT + step * (number + 0.15), _down(y, value)
        middle = left + step * 0.35
        drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" '
            f'height="{HIGH - BOTTOM - top:.1f}" fill="{colour}"/>'
            f'<text x="{middle:.1f}" y="{top - 6:.1f}" text-anchor="middle">{value:,.0f}</text>'
        )
        for row, word in enumerate(name.split(" ", 1)):
            drawn.append(
                f'<text x="{middle:.1f}" y="{HIGH - 38 + 16 * row}" text-anchor="middle">{escape(word)}</text>'
            )
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _frame(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title)}">'
        f'<title>{escape(title)}</title><style>{STYLE}</style><rect class="paper" width="{WIDE}" height="{HIGH}"/>'
        f'<text x="{LEFT}" y="24" font-weight="600">{escape(title)}</text>'
    )


def _grid(x: Axis, y: Axis) -> str:
    drawn = [_levels(y, WIDE - RIGHT)]
    for value in x.steps():
        at = _across(x, value)
        drawn.append(f'<line class="grid" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HIGH - BOTTOM}"/>')
        drawn.append(f'<text x="{at:.1f}" y="{HIGH - BOTTOM + 20}" text-anchor="middle">{_short(value)}</text>')
    drawn.append(f'<text x="{(LEFT + WIDE - RIGHT) / 2}" y="{HIGH - 14}" text-anchor="middle">{escape(x.title)}</text>')
    return "\n".join(drawn)


def _levels(y: Axis, right: int) -> str:
    drawn = []
    for value in y.steps():
        at = _down(y, value)
        drawn.append(f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    middle = (TOP + HIGH - BOTTOM) / 2
    drawn.append(f'<text transform="translate(20 {middle}) rotate(-90)" text-anchor="middle">{escape(y.title)}</text>')
    return "\n".join(drawn)


def _legend(number: int, name: str, colour: str) -> str:
    top = TOP + 8 + 24 * number
    return (
        f'<rect x="{WIDE - RIGHT + 14}" y="{top}" width="14" height="4" fill="{colour}"/>'
        f'<text x="{WIDE - RIGHT + 34}" y="{top + 7}">{escape(name)}</text>'
    )


def _across(x: Axis, value: float) -> float:
    return LEFT + x.share(value) * (WIDE - LEFT - RIGHT)


def _down(y: Axis, value: float) -> float:
    return HIGH - BOTTOM - y.share(value) * (HIGH - TOP - BOTTOM)


def _short(value: float) -> str:
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"
