"""Pictures that are known to be nothing, drawn in code, and their PDQ hashes: `python -m tutela.indicators.benign`.

Blank pages, test cards, placeholders and documents are everywhere; one of them among the indicators would accuse
everybody who sends it. What is shipped is `data/benign.txt`, read once by a migration (a longer list needs another
one); this file says where it is from.
"""

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from math import cos, pi, sin
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from tutela.matching.hashers import hash_picture

DATA = Path(__file__).parent / "data" / "benign.txt"
SIDE = 512
Drawn = Iterator[tuple[str, Image.Image]]


def _blank(ground: str = "white") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    return picture, ImageDraw.Draw(picture)


def solids() -> Drawn:
    for colour in ("white", "black", "grey", "red", "green", "blue"):
        yield f"solid {colour}", _blank(colour)[0]


def gradients() -> Drawn:
    down, across = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    for degrees in range(0, 360, 30):
        ramp = down * sin(degrees * pi / 180) + across * cos(degrees * pi / 180)
        yield f"gradient {degrees} degrees", _levels(ramp)
    yield "gradient from the centre", _levels(np.hypot(down, across))
    yield "vignette", _levels(-(np.hypot(down, across) ** 2))


def _levels(field: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> Image.Image:
    return Image.fromarray((255 * (field - field.min()) / np.ptp(field)).astype(np.uint8)).convert("RGB")


def patterns() -> Drawn:
    down, across = np.mgrid[0:SIDE, 0:SIDE]
    for cells in (2, 3, 4, 5, 6, 8, 10, 12, 16):
        size = SIDE / cells
        rows, columns = (down // size).astype(int), (across // size).astype(int)
        yield f"checkerboard {cells}", _levels(((rows + columns) % 2).astype(float))
        yield f"stripes {cells}", _levels((rows % 2).astype(float))
        yield (
            f"dots {cells}",
            _levels((np.hypot(down % size - size / 2, across % size - size / 2) < size / 3).astype(float)),
        )
        yield f"diagonals {cells}", _levels((((down + across) // size).astype(int) % 2).astype(float))


def test_cards() -> Drawn:
    bars = ("white", "yellow", "cyan", "green", "magenta", "red", "blue", "black")
    picture, pen = _blank()
    for position, colour in enumerate(bars):
        pen.rectangle([position * SIDE // 8, 0, (position + 1) * SIDE // 8, SIDE], fill=colour)
    yield "colour bars", picture
    low = picture.copy()
    ImageDraw.Draw(low).rectangle([0, 3 * SIDE // 4, SIDE, SIDE], fill="black")
    yield "colour bars with a black foot", low
    picture, pen = _blank("grey")
    for place in range(0, SIDE, SIDE // 8):
        pen.line([(place, 0), (place, SIDE)], fill="white", width=3)
        pen.line([(0, place), (SIDE, place)], fill="white", width=3)
    pen.ellipse([SIDE // 8, SIDE // 8, 7 * SIDE // 8, 7 * SIDE // 8], outline="white", width=6)
    yield "grid and circle", picture


def flags() -> Drawn:
    colours = ("black", "red", "gold", "white", "blue", "green", "orange")
    for position, (first, second, third) in enumerate(product(colours, repeat=3)):
        if len({first, second, third}) == 3 and position % 5 == 0:
            picture, pen = _blank(second)
            pen.rectangle([0, 0, SIDE // 3, SIDE], fill=first)
            pen.rectangle([2 * SIDE // 3, 0, SIDE, SIDE], fill=third)
            yield f"three bands {first} {second} {third}", picture


def placeholders() -> Drawn:
    picture, pen = _blank("lightgrey")
    pen.rectangle([40, 40, SIDE - 40, SIDE - 40], outline="grey", width=12)
    pen.line([(40, 40), (SIDE - 40, SIDE - 40)], fill="grey", width=12)
    pen.line([(40, SIDE - 40), (SIDE - 40, 40)], fill="grey", width=12)
    yield "crossed box", picture
    picture, pen = _blank("lightgrey")
    pen.polygon([(80, 400), (200, 220), (280, 320), (340, 260), (440, 400)], fill="grey")
    pen.ellipse([320, 110, 400, 190], fill="grey")
    yield "picture missing", picture
    picture, pen = _blank("black")
    pen.polygon([(190, 150), (190, 362), (370, 256)], fill="white")
    yield "play", picture
    picture, pen = _blank()
    for spoke in range(12):
        turn = spoke * pi / 6
        inner, outer = ((256 + radius * cos(turn), 256 + radius * sin(turn)) for radius in (80, 170))
        pen.line([inner, outer], fill=(20 * spoke, 20 * spoke, 20 * spoke), width=26)
    yield "waiting", picture


def logos() -> Drawn:
    for corners, colour in product((3, 4, 5, 6, 8), ("navy", "crimson")):
        picture, pen = _blank()
        pen.regular_polygon((SIDE // 2, SIDE // 2, SIDE // 3), corners, fill=colour)
        yield f"{corners} corners {colour}", picture
        pen.ellipse([186, 186, 326, 326], fill="white")
        yield f"{corners} corners {colour} with a hole", picture.copy()
    for share in (0.5, 0.65, 0.8):
        picture, pen = _blank()
        edge = SIDE * (1 - share) / 2
        pen.ellipse([edge, edge, SIDE - edge, SIDE - edge], fill="teal")
        yield f"disc {share}", picture
        pen.ellipse([edge + 40, edge + 40, SIDE - edge - 40, SIDE - edge - 40], fill="white")
        yield f"ring {share}", picture.copy()


def pages() -> Drawn:
    """Words as bars, so that no letter's shape depends on a font that is installed."""
    for columns, heading, seed in product((1, 2, 3), (False, True), range(3)):
        rng = np.random.default_rng(seed)
        picture, pen = _blank()
        width = (SIDE - 80) // columns
        for column in range(columns):
            left, top = 40 + column * width, 40
            if heading:
                pen.rectangle([left, top, left + width * 2 // 3, top + 22], fill="black")
                top += 50
            while top < SIDE - 60:
                place = left
                while (end := place + int(rng.integers(12, 46))) < left + width - 16:
                    pen.rectangle([place, top, end, top + 7], fill="black")
                    place = end + 6
                top += 16 if rng.random() < 0.85 else 34
        yield f"page, {columns} columns, {'headed, ' if heading else ''}{seed}", picture


def codes() -> Drawn:
    for seed in range(4):
        cells = np.random.default_rng(seed).integers(0, 2, (25, 25)).astype(np.uint8) * 255
        for down, across in ((0, 0), (0, 18), (18, 0)):
            cells[down : down + 7, across : across + 7] = 0
            cells[down + 1 : down + 6, across + 1 : across + 6] = 255
            cells[down + 2 : down + 5, across + 2 : across + 5] = 0
        picture = Image.fromarray(cells).resize((420, 420), Image.Resampling.NEAREST).convert("RGB")
        yield f"square code {seed}", ImageOps.expand(picture, 46, "white")
    for seed in range(3):
        picture, pen = _blank()
        place = 60
        while place < SIDE - 60:
            width = int(np.random.default_rng((seed, place)).integers(3, 14))
            pen.rectangle([place, 100, place + width // 2, 412], fill="black")
            place += width
        yield f"bar code {seed}", picture


def tables_and_charts() -> Drawn:
    for rows, columns in ((4, 4), (8, 5), (12, 3), (6, 7)):
        picture, pen = _blank()
        for row, column in product(range(rows), range(columns)):
            left, top = 30 + column * 452 // columns, 30 + row * 452 // rows
            box = [left, top, left + 452 // columns, top + 452 // rows]
            pen.rectangle(box, outline="black", width=3, fill="lightgrey" if row == 0 else None)
        yield f"table {rows} by {columns}", picture
    for seed in range(4):
        picture, pen = _blank()
        for position, height in enumerate(np.random.default_rng(seed).integers(60, 400, 8)):
            pen.rectangle([50 + position * 54, 470 - int(height), 90 + position * 54, 470], fill="steelblue")
        yield f"columns {seed}", picture


FAMILIES: dict[str, Callable[[], Drawn]] = {
    "solid": solids,
    "gradient": gradients,
    "pattern": patterns,
    "test card": test_cards,
    "flag": flags,
    "placeholder": placeholders,
    "logo": logos,
    "document": pages,
    "code": codes,
    "table": tables_and_charts,
}


def recompressed(picture: Image.Image, quality: int) -> Image.Image:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(BytesIO(stream.getvalue()))


# What people do with a picture. The last four move the hash of a photograph little, of a flat picture far: where
# nothing varies, rounding decides most bits, so two copies that were saved differently may not meet.
VARIANTS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "": lambda picture: picture,
    "mirrored": ImageOps.mirror,
    "turned left": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "turned right": lambda picture: picture.transpose(Image.Transpose.ROTATE_270),
    "upside down": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
    "negative": ImageOps.invert,
    "cut by 5 %": lambda picture: ImageOps.crop(picture, SIDE // 40),
    "cut by 10 %": lambda picture: ImageOps.crop(picture, SIDE // 20),
    "framed": lambda picture: ImageOps.expand(picture, SIDE // 20, "white"),
    "smaller": lambda picture: picture.resize((SIDE // 2, SIDE // 2)),
    "recompressed": lambda picture: recompressed(picture, 75),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(1.5)),
    "darker": lambda picture: picture.point(lambda level: level * 9 // 10),
}


def pdq_of(picture: Image.Image) -> tuple[bytes, int]:
    stream = BytesIO()
    picture.convert("RGB").save(stream, "PNG")
    found = hash_picture(stream.getvalue())
    return found.pdq, found.quality


def drawn() -> Drawn:
    for family, draw in FAMILIES.items():
        for name, picture in draw():
            for variant, change in VARIANTS.items():
                yield ", ".join(part for part in (f"{family}: {name}", variant) if part), change(picture)


def main() -> None:
    found: dict[bytes, str] = {}
    for label, picture in drawn():
        found.setdefault(pdq_of(picture)[0], label)
    head = "# PDQ of pictures known to be benign, drawn by `python -m tutela.indicators.benign`"
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text("\n".join([head, *(f"{value.hex()} {label}" for value, label in sorted(found.items()))]) + "\n")
    sys.stdout.write(f"{len(found)} hashes\n")


if __name__ == "__main__":
    main()
