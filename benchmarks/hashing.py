"""What hashing costs on one core, measured again: `python benchmarks/hashing.py` (about 2 minutes).

Compares our PDQ with the peer most people use, Pillow and `pdqhash` (`pip install pdqhash`, it needs a compiler), in
paired rounds over JPEG files drawn by this script; then cryptographic hashes and video (`pip install tutela[video]`).
What is not installed is skipped and named. Writes JSON and a chart to docs/benchmarks.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import drawn
import numpy as np
import plot
from PIL import Image

from tutela.matching.digests import Digests
from tutela.matching.hashers import hash_picture
from tutela.matching.hashes import distance_bits
from tutela.provider.bench_cli import machine

HOME = Path(__file__).parent.parent / "docs" / "benchmarks"
SIZES = {"0.85 MP": (1_088, 784), "12 MP": (4_000, 3_000)}
PICTURES = {"0.85 MP": 40, "12 MP": 6}
QUALITY = 85
MEGABYTES = 64
PEER = "Pillow and pdqhash"
Hash = Callable[[bytes], bytes]


def peer() -> Hash | None:
    """As `threatexchange` and HMA do it: Pillow decodes, numpy holds, `pdqhash` hashes."""
    try:
        import pdqhash
    except ImportError:
        return None

    def hash_(data: bytes) -> bytes:
        bits, _ = pdqhash.compute(np.asarray(Image.open(BytesIO(data))))
        return np.packbits(bits).tobytes()

    return hash_


def decode_only(data: bytes) -> bytes:
    """No hash at all: what Pillow alone takes to give the luminance at full size."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
        picture.draft("L", picture.size)
        picture.load()
    return b""


def ours(data: bytes) -> bytes:
    return hash_picture(data).pdq


def ours_luminance(data: bytes) -> bytes:
    return hash_picture(data, luminance_only=True).pdq


def pictures(name: str, rounds: int, divide: int) -> dict[str, Any]:
    """Every pipeline over every picture, one after another in each round; ratios are taken within a round."""
    count = max(PICTURES[name] // divide, 2)
    files = [drawn.encoded(drawn.picture(*SIZES[name], seed), "JPEG", quality=QUALITY) for seed in range(count)]
    pipelines: dict[str, Hash] = {
        "ours, luminance": ours_luminance,
        "ours, RGB": ours,
        "decoding only": decode_only,
    }
    reference = peer()
    if reference:
        pipelines[PEER] = reference
    hashes = {each: [hash_(data) for data in files] for each, hash_ in pipelines.items()}  # and everything is compiled
    seconds: dict[str, list[float]] = {each: [] for each in pipelines}
    for _ in range(rounds):
        for each, hash_ in pipelines.items():
            seconds[each].append(timed(hash_, files))
    told: dict[str, Any] = {
        "picture": f"{SIZES[name][0]} x {SIZES[name][1]} JPEG, quality {QUALITY}, drawn",
        "pictures": count,
        "rounds": rounds,
        "bits_per_pixel": round(8 * sum(map(len, files)) / count / (SIZES[name][0] * SIZES[name][1]), 2),
        "pictures_per_second": {each: round(count / median(taken), 1) for each, taken in seconds.items()},
    }
    against = PEER if reference else "ours, RGB"
    told["compared_with"] = against if reference else "ours, RGB; skipped: pip install pdqhash"
    told["times_as_fast"] = {
        each: round(median(slow / fast for slow, fast in zip(seconds[against], seconds[each], strict=True)), 2)
        for each in pipelines
        if each != against
    }
    told["bits_away"] = {
        each: away(hashes[each], hashes[against]) for each in pipelines if each not in (against, "decoding only")
    }
    return told


def timed(hash_: Hash, files: Sequence[bytes]) -> float:
    begin = time.perf_counter()
    for data in files:
        hash_(data)
    return time.perf_counter() - begin


def away(one: Sequence[bytes], other: Sequence[bytes]) -> dict[str, float]:
    bits = [distance_bits(a, b) for a, b in zip(one, other, strict=True)]
    return {"mean": round(sum(bits) / len(bits), 2), "most": max(bits)}


def digests(rounds: int) -> dict[str, Any]:
    """Megabytes a second, in pieces of 1 MB as files are read."""
    pieces = [np.random.default_rng(number).bytes(1 << 20) for number in range(8)]

    def one(name: str) -> None:
        digest = hashlib.new(name, usedforsecurity=False)
        for _ in range(MEGABYTES // 8):
            for piece in pieces:
                digest.update(piece)

    def all_three() -> None:
        Digests.of(piece for _ in range(MEGABYTES // 8) for piece in pieces)

    asked: dict[str, Callable[[], None]] = {
        "md5": lambda: one("md5"),
        "sha1": lambda: one("sha1"),
        "sha256": lambda: one("sha256"),
        "all three in one pass": all_three,
    }
    rates = {}
    for name, run in asked.items():
        taken = []
        for _ in range(rounds):
            begin = time.perf_counter()
            run()
            taken.append(time.perf_counter() - begin)
        rates[name] = round(MEGABYTES * (1 << 20) / 1e6 / median(taken))
    return {"rounds": rounds, "megabytes_per_second": rates}


def video(rounds: int, divide: int) -> dict[str, Any]:
    try:
        import av
    except ImportError:
        return {"skipped": "pip install tutela[video]"}
    from tutela.matching.video import hash_video

    told: dict[str, Any] = {"rounds": rounds}
    for name, size in {"720p": (1_280, 720), "1080p": (1_920, 1_080)}.items():
        scenes = [3.3, 1.6, 4.1, 2.2][: max(4 // divide, 1)]
        data, frames = _coded(av, drawn.moving(*size, 25, scenes, seed=3), size)
        hash_video(data)
        decoding, hashing = [], []
        for _ in range(rounds):
            begin = time.perf_counter()
            with av.open(BytesIO(data)) as container:
                container.streams.video[0].codec_context.thread_count = 1
                assert sum(1 for _ in container.decode(video=0)) == frames
            middle = time.perf_counter()
            hashed = hash_video(data)
            decoding.append(middle - begin)
            hashing.append(time.perf_counter() - middle)
        told[name] = {
            "video": f"{size[0]} x {size[1]} H.264, 25 frames a second, {frames / 25:.1f} s, drawn",
            "frames_hashed": len(hashed.frames),
            "frames_per_second": round(frames / median(hashing)),
            "frames_per_second_decoding_only": round(frames / median(decoding)),
            "seconds_of_video_per_second": round(frames / 25 / median(hashing), 1),
        }
    return told


def _coded(av: Any, pictures: Any, size: tuple[int, int]) -> tuple[bytes, int]:
    stream, count = BytesIO(), 0
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("libx264", rate=25, options={"preset": "veryfast", "crf": "26"})
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        for count, picture in enumerate(pictures, 1):  # noqa: B007 how many there were
            container.mux(track.encode(av.VideoFrame.from_image(picture)))
        container.mux(track.encode(None))
    return stream.getvalue(), count


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--divide", type=int, default=1, help="fewer pictures and a shorter video, for a quick look")
    parser.add_argument("--out", type=Path, default=HOME, help="where JSON and chart go (default: docs/benchmarks)")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, whatever threads a library starts
    versions = {name: installed(name) for name in ("pillow", "pdqhash", "av")}
    told: dict[str, Any] = {"machine": machine() | versions, "cores": 1}
    told["pictures"] = {name: pictures(name, asked.rounds, asked.divide) for name in SIZES}
    told["digests"] = digests(asked.rounds)
    told["video"] = video(asked.rounds, asked.divide)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "hashing.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    short = {"ours, luminance": "luminance", "ours, RGB": "RGB", "decoding only": "decoding", PEER: "pdqhash"}
    rates = {
        f"{short[each]} {name}": rate
        for name, found in told["pictures"].items()
        for each, rate in found["pictures_per_second"].items()
    }
    chart = plot.bars("PDQ hashes of JPEG pictures per second and core", "pictures per second", rates)
    (asked.out / "hashing.svg").write_text(chart, encoding="utf-8")
    print(json.dumps(told, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
