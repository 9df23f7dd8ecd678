"""Compares our PDQ with published picture-hash pairs: `python -m tutela.matching.conformance DIRECTORY`.

The directory holds pictures and, beside them, an `expected.csv` with the columns `file` and `pdq`. Where the package
`pdqhash`, the authors' own code for Python, is installed, each picture is also compared with it bit by bit.
"""

import csv
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from tutela.matching.hashers import PictureRefused, hash_picture
from tutela.matching.hashes import BadHash, distance_bits, parse_pdq

MAX_DISTANCE_BITS = 10
"""The authors' own criterion for an implementation, on pictures of quality 80 and more."""

MAX_PEER_BITS = 2
"""Of the same pixels the same hash: one frequency that lies on the median may fall to either side of it."""


class Comparison(NamedTuple):
    picture: str
    distance_bits: int
    luminance_distance_bits: int
    peer_distance_bits: int | None
    quality: int


def compare(directory: Path) -> Iterator[Comparison]:
    """One comparison per row of every `expected.csv` under the directory."""
    for table in sorted(directory.rglob("expected.csv")):
        with table.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                yield _compare(table.parent / row["file"], parse_pdq(row["pdq"]))


def _compare(picture: Path, expected: bytes) -> Comparison:
    data = picture.read_bytes()
    colour, luminance = hash_picture(data), hash_picture(data, luminance_only=True)
    return Comparison(
        picture.name,
        distance_bits(colour.pdq, expected),
        distance_bits(luminance.pdq, colour.pdq),
        None if (peer := peer_hash(data)) is None else distance_bits(colour.pdq, peer),
        colour.quality,
    )


def peer_hash(data: bytes) -> bytes | None:
    """Of the upright picture by `pdqhash`, or None where that is not installed."""
    try:
        pdqhash = import_module("pdqhash")
    except ImportError:
        return None
    with Image.open(BytesIO(data)) as picture:
        bits, _ = pdqhash.compute(np.asarray(ImageOps.exif_transpose(picture).convert("RGB")))
    return np.packbits(bits).tobytes()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("Name one directory that holds expected.csv and its pictures.", file=sys.stderr)
        return 2
    try:
        found = list(compare(Path(arguments[0])))
    except (KeyError, OSError, BadHash, PictureRefused) as problem:
        print(f"The vectors cannot be read: {problem}", file=sys.stderr)
        return 2
    if not found:
        print("There is no expected.csv in this directory, so nothing was compared.", file=sys.stderr)
        return 2
    print(f"{'picture':32} {'to published':>12} {'luminance only':>15} {'to pdqhash':>11} {'quality':>8}")
    for row in found:
        peer = "-" if row.peer_distance_bits is None else row.peer_distance_bits
        print(
            f"{row.picture:32} {row.distance_bits:>12} {row.luminance_distance_bits:>+15} {peer:>11} {row.quality:>8}"
        )
    worst = max(row.distance_bits for row in found)
    print(f"{len(found)} pictures, worst distance {worst} bits, {MAX_DISTANCE_BITS} allowed")
    peers = [row.peer_distance_bits for row in found if row.peer_distance_bits is not None]
    if peers:
        print(f"{len(peers)} compared with pdqhash, worst distance {max(peers)} bits, {MAX_PEER_BITS} allowed")
    else:
        print("skipped: bit by bit with pdqhash (pip install pdqhash; it needs a compiler)")
    return 1 if worst > MAX_DISTANCE_BITS or max(peers, default=0) > MAX_PEER_BITS else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
