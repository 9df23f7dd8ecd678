"""What PDQ itself finds again, measured: `python benchmarks/robustness.py` (about 6 minutes).

Every picture is changed as pictures are changed in ordinary use, coded again as JPEG and hashed; recall is the share
still within 31 bits. Pictures are drawn by this script, and photographs come with packages that many have installed:
`pip install scikit-image scikit-learn`; `--photographs DIRECTORY` adds others, for instance those of Debian's
mate-backgrounds. What is not installed is skipped and named. Writes JSON and a table to docs/benchmarks.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from statistics import median
from typing import Any

import drawn
import numpy as np
from PIL import Image, ImageDraw
from variants import VARIANTS

from tutela.matching.hashers import PictureHash, hash_picture, hash_picture_turned
from tutela.matching.hashes import distance_bits
from tutela.matching.index import DEFAULT_RADIUS, Index
from tutela.provider.bench_cli import machine

HOME = Path(__file__).parent.parent / "docs" / "benchmarks"
MIN_QUALITY = 50
DRAWN, PAIRED, PAGES = 200, 20_000, 5_000
# By name: only these were looked at, and none of them shows a person.
PHOTOGRAPHS = {
    "scikit-image": ("skimage", "data", "brick.png chelsea.png coffee.png grass.png gravel.png hubble_deep_field.jpg "
                     "moon.png motorcycle_left.png rocket.jpg"),
    "scikit-learn": ("sklearn", "datasets/images", "china.jpg flower.jpg"),
}  # fmt: skip
VARIED, PATTERNS = "drawn, varied", "drawn, stripes, grids and frames"
TURNED = "rotation by 90 degrees, asked in all eight turns"


def photographs(more: Path | None) -> tuple[list[Image.Image], dict[str, str]]:
    """And for each source how many there were, or what to install."""
    files: list[Path] = []
    told = {}
    for package, (module, folder, names) in PHOTOGRAPHS.items():
        spec = find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            told[package] = f"skipped: pip install {package}"
            continue
        found = [Path(spec.submodule_search_locations[0], folder, name) for name in names.split()]
        present = [file for file in found if file.exists()]
        told[package] = f"{len(present)} photographs of version {_version(package)}"
        files += present
    if more:
        present = sorted(file for file in more.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg", ".png"))
        told[more.name] = f"{len(present)} photographs, named by --photographs"
        files += present
    return [Image.open(file).convert("RGB") for file in files], told


def recall(pictures: Sequence[Image.Image]) -> dict[str, Any]:
    """For each change: how many of those worth matching were found again, and the median distance."""
    originals = [(picture, hash_picture(drawn.encoded(picture, "PNG"))) for picture in pictures]
    worth = [(picture, hashed) for picture, hashed in originals if hashed.quality >= MIN_QUALITY]
    told: dict[str, Any] = {"pictures": len(pictures), "of_low_quality_and_left_out": len(pictures) - len(worth)}
    distances: dict[str, list[int]] = {name: [] for name in (*VARIANTS, TURNED)}
    for picture, hashed in worth:
        for name, change in VARIANTS.items():
            changed = drawn.encoded(change(picture), "JPEG", quality=85)
            distances[name].append(distance_bits(hashed.pdq, hash_picture(changed).pdq))
            if name == "rotation by 90 degrees":
                distances[TURNED].append(_nearest(hashed, hash_picture_turned(changed)))
    told["changes"] = {name: _summed_up(bits) for name, bits in distances.items() if bits}
    return told


def _nearest(hashed: PictureHash, ways: Sequence[PictureHash]) -> int:
    return min(distance_bits(hashed.pdq, way.pdq) for way in ways)


def _summed_up(bits: Sequence[int]) -> dict[str, Any]:
    found = sum(each <= DEFAULT_RADIUS for each in bits)
    low, high = wilson(found, len(bits))
    return {
        "found": found,
        "of": len(bits),
        "recall": round(found / len(bits), 4),
        "low_95": round(low, 4),
        "high_95": round(high, 4),
        "median_bits": median(bits),
        "most_bits": max(bits),
    }


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), right also near 0 and 1."""
    z, share = 1.96, found / of
    centre, spread = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max((centre - spread) / (1 + z * z / of), 0.0), min((centre + spread) / (1 + z * z / of), 1.0)


def strangers(pictures: Iterator[Image.Image]) -> dict[str, Any]:
    """Pairs of different pictures within 31 bits."""
    hashed = [hash_picture(drawn.encoded(picture, "PNG", compress_level=0)) for picture in pictures]
    worth = np.array([list(each.pdq) for each in hashed if each.quality >= MIN_QUALITY], dtype=np.uint8)
    hits = Index.build(worth, np.arange(len(worth))).query_batch(worth)
    apart = hits.query < hits.id
    pairs = len(worth) * (len(worth) - 1) // 2
    sample = np.random.default_rng(1).integers(0, len(worth), (2, 400_000))
    sample = sample[:, sample[0] != sample[1]]
    bits = np.bitwise_count(worth[sample[0]] ^ worth[sample[1]]).sum(axis=1)
    matches = int(apart.sum())
    return {
        "pictures": len(worth),
        "of_low_quality_and_left_out": len(hashed) - len(worth),
        "pairs": pairs,
        "false_matches": matches,
        "per_billion_pairs": round(matches / pairs * 1e9, 2),
        "per_billion_pairs_at_most_95": round(poisson_bound(matches) / pairs * 1e9, 2),
        "mean_bits": round(float(bits.mean()), 2),
        "deviation_bits": round(float(bits.std()), 2),
        "least_bits_in_sample": int(bits.min()),
    }


def poisson_bound(count: int) -> float:
    """With 95 % the expected number is not above this: 3.0 where none was seen; otherwise by the normal approximation
    of Wilson and Hilferty, right to 1 %."""
    n = count + 1
    return n * (1 - 1 / (9 * n) + 1.645 / (3 * sqrt(n))) ** 3 if count else 3.0


def pages(count: int) -> Iterator[Image.Image]:
    """Lines as long as words make them: what documents and screenshots look like to PDQ."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        page = Image.new("L", (300, 400), "white")
        pen, margin, line = ImageDraw.Draw(page), int(rng.integers(15, 40)), int(rng.integers(9, 16))
        for top in range(margin, 400 - margin, line):
            x = margin
            while x < 300 - margin and rng.random() > 0.03:
                word = int(rng.integers(6, 34))
                pen.rectangle((x, top, min(x + word, 300 - margin), top + line // 2), fill=int(rng.integers(0, 80)))
                x += word + 5
        yield page


def patterns(count: int) -> Iterator[Image.Image]:
    """Stripes, grids and frames in two colours: backgrounds, tables, letterboxes."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        dark, light = rng.integers(0, 110, 3), rng.integers(140, 256, 3)
        pattern = Image.new("RGB", (320, 240), tuple(light.tolist()))
        pen, step, wide = ImageDraw.Draw(pattern), int(rng.integers(12, 80)), int(rng.integers(3, 12))
        kind, shift = rng.integers(0, 4), int(rng.integers(0, step))
        if kind in (0, 2):
            for x in range(shift, 320, step):
                pen.rectangle((x, 0, x + wide, 240), fill=tuple(dark.tolist()))
        if kind in (1, 2):
            for y in range(shift, 240, step):
                pen.rectangle((0, y, 320, y + wide), fill=tuple(dark.tolist()))
        if kind == 3:
            pen.rectangle((step, shift, 320 - step // 2, 240 - step + shift), outline=tuple(dark.tolist()), width=wide)
        yield pattern


def table(told: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {_share(told['drawn'], name)} | {_share(told['photographs'], name)} |"
        for name in told["drawn"]["changes"]
    ]
    false = "\n".join(
        f"| {name} | {each['pictures']:,} | {each['pairs']:,} | {each['false_matches']:,} "
        f"| {each['per_billion_pairs']:g} (at most {each['per_billion_pairs_at_most_95']:g}) "
        f"| {each['mean_bits']} ± {each['deviation_bits']} |"
        for name, each in told["strangers"].items()
    )
    sources = "; ".join(f"{name}: {what}" for name, what in told["sources"].items())
    patterns = told["strangers"][PATTERNS]
    return TEXT.format(
        rows="\n".join(rows),
        false=false,
        sources=sources,
        radius=DEFAULT_RADIUS,
        quality=MIN_QUALITY,
        varied=told["strangers"][VARIED],
        patterns=patterns,
        drawn_patterns=patterns["pictures"] + patterns["of_low_quality_and_left_out"],
    )


def _share(told: dict[str, Any], name: str) -> str:
    found = told["changes"].get(name)
    if not found:
        return "not measured"
    interval = f"{100 * found['low_95']:.1f}–{100 * found['high_95']:.1f}"
    count, middle = f"{found['found']} of {found['of']}", f"median {found['median_bits']:g}"
    return f"{100 * found['recall']:.1f} % ({interval}; {count}; {middle})"


TEXT = """# What PDQ finds again

*Written by `python benchmarks/robustness.py`; the figures stand in `robustness.json` beside this page.*

Recall is the share of changed pictures whose hash is within {radius} of 256 bits of the original's. In brackets: the
95 % interval (Wilson), how many, and the median distance in bits. Pictures of quality below {quality} are left out, as
PDQ's authors advise. Photographs: {sources}.

| change, then coded as JPEG of quality 85 | drawn pictures | photographs |
|---|---|---|
{rows}

False matches: pairs of different pictures within {radius} bits.

| pictures | n | pairs | false matches | per billion pairs (95 % bound) | bits apart |
|---|---|---|---|---|---|
{false}

## What this shows, and what it does not

It shows how PDQ behaves under changes that happen to every picture on its way through the internet, on pictures whose
making is known and can be repeated. It does not show the recall of any operator's system: nobody publishes that, the
drawn pictures are clouds of 1/f noise with shapes, the photographs are few, of plants, objects and landscapes, and
their intervals are wide because of it. Changes are single; in life they come together. The intervals say how sure the
share is for more pictures *like these*, and nothing of other pictures.

The false matches show why one number is not enough. Of varied pictures {varied[false_matches]} pairs in
{varied[pairs]:,} were within the radius: the bound is a matter of how many were drawn, not of PDQ, and since pairs
share pictures they are fewer than they look. Stripes, grids and frames, whose quality is high as well
({patterns[of_low_quality_and_left_out]} of {drawn_patterns} were left out), resemble one another:
{patterns[false_matches]:,} pairs in {patterns[pairs]:,}. Whoever has many such pictures among uploads will see more
false matches than the first row promises. Quality does not protect from that; a list of harmless look-alikes helps, and
a person who looks decides. **A match is a lead, not a verdict.**
"""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=Path, help="a directory of photographs that show no people")
    parser.add_argument("--divide", type=int, default=1, help="fewer pictures, for a quick look")
    parser.add_argument("--out", type=Path, default=HOME, help="where JSON and table go (default: docs/benchmarks)")
    asked = parser.parse_args()
    photos, sources = photographs(asked.photographs)
    told: dict[str, Any] = {"machine": machine() | {"pillow": _version("pillow")}, "radius_bits": DEFAULT_RADIUS}
    told["sources"] = sources
    told["drawn"] = recall([drawn.picture(1_024, 768, seed) for seed in range(max(DRAWN // asked.divide, 2))])
    told["photographs"] = recall(photos)
    varied = (drawn.picture(256, 192, seed) for seed in range(PAIRED // asked.divide))
    told["strangers"] = {
        VARIED: strangers(varied),
        "drawn, pages of text": strangers(pages(PAGES // asked.divide)),
        PATTERNS: strangers(patterns(PAGES // asked.divide)),
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "robustness.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    (asked.out / "robustness.md").write_text(table(told), encoding="utf-8")
    print(table(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
