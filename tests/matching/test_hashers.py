import os
import struct
import subprocess
import sys
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.matching import pictures
from tests.matching.pictures import encoded
from tutela.matching import hashers, picture_memory
from tutela.matching.hashers import PictureRefused, hash_picture, hash_picture_turned
from tutela.matching.hashes import distance_bits


def apart(one, other):
    return distance_bits(hash_picture(one).pdq, hash_picture(other).pdq)


def test_a_picture_with_detail_has_full_quality_and_half_its_bits_set():
    found = hash_picture(encoded(pictures.waves(), "PNG"))
    assert found.quality == 100
    assert int.from_bytes(found.pdq).bit_count() == 128


def test_bytes_and_streams_are_the_same_picture():
    data = encoded(pictures.shapes(), "PNG")
    assert hash_picture(data) == hash_picture(BytesIO(data))


@pytest.mark.parametrize("format_", ["PNG", "BMP", "TIFF"])
def test_lossless_formats_agree_to_the_bit(format_):
    assert apart(encoded(pictures.waves(), "PNG"), encoded(pictures.waves(), format_)) == 0


@pytest.mark.parametrize(("format_", "options"), [("JPEG", {"quality": 60}), ("WEBP", {"quality": 60}), ("GIF", {})])
def test_lossy_formats_stay_near(format_, options):
    assert apart(encoded(pictures.waves(), "PNG"), encoded(pictures.waves(), format_, **options)) <= 12


def test_near_duplicates_are_within_the_matching_radius_and_strangers_are_not():
    original = encoded(pictures.waves(640, 480), "PNG")
    smaller = encoded(pictures.waves(640, 480).resize((200, 150)), "JPEG", quality=50)
    assert apart(original, smaller) <= 31
    distances = [apart(original, encoded(pictures.waves(seed=seed), "BMP")) for seed in range(1, 21)]
    assert len(distances) == 20
    assert min(distances) > 31


# Read at 1/1, 1/2, 1/4 and 1/8, and one that ends within a block.
@pytest.mark.parametrize("size", [(320, 240), (801, 1203), (1600, 1004), (1541, 2003), (3100, 4003)])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_luminance_only_is_within_two_bits(size, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(pictures.waves(*size), "JPEG", quality=85, exif=exif)
    colour, luminance = hash_picture(data), hash_picture(data, luminance_only=True)
    assert distance_bits(colour.pdq, luminance.pdq) <= 2
    assert abs(colour.quality - luminance.quality) <= 1


@pytest.mark.parametrize(("side", "scale"), [(600, 1), (767, 2), (1_400, 2), (1_500, 4), (3_000, 8)])
def test_a_picture_is_read_as_coarsely_as_the_window_allows(side, scale):
    data = encoded(Image.new("RGB", (side, side)), "JPEG")
    with Image.open(BytesIO(data)) as picture:
        assert hashers._draft_luminance(picture) == scale
        assert picture.size == (-(-side // scale),) * 2
        assert picture.mode == "L"


def test_a_picture_of_another_format_is_read_whole():
    data = encoded(pictures.waves(1_600, 1_200), "PNG")
    assert hash_picture(data, luminance_only=True) == hash_picture(data)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(301, 200), (130, 97), (256, 400)])
def test_orientation_is_what_turning_the_pixels_would_give(orientation, size):
    picture = pictures.waves(*size)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = encoded(picture, "PNG", exif=exif)
    upright = encoded(ImageOps.exif_transpose(Image.open(BytesIO(turned))), "PNG")
    assert apart(turned, upright) <= 1
    assert orientation == 1 or apart(turned, encoded(picture, "PNG")) > 31


# What shows a picture of this orientation upright (EXIF 2.3, table 6).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize(
    ("format_", "options"),
    [("JPEG", {"quality": 95}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("WEBP", {})],
)
def test_a_picture_is_turned_once_whoever_turns_it(format_, options, orientation):
    """Some of Pillow's decoders turn what they read, the others leave it to us."""
    picture = pictures.waves(301, 200)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = encoded(picture, format_, exif=exif, **options)
    assert apart(turned, encoded(picture.transpose(UPRIGHT[orientation]), "PNG")) <= 4


@pytest.mark.parametrize("picture", [pictures.waves(), pictures.noise(257, 190), pictures.shapes()])
def test_one_decoding_gives_the_hashes_of_all_eight_turns(picture):
    ways = hash_picture_turned(encoded(picture, "PNG"))
    assert ways[0] == hash_picture(encoded(picture, "PNG"))
    nearest = set()
    for turn in Image.Transpose:
        asked = hash_picture(encoded(picture.transpose(turn), "PNG"))
        distances = [distance_bits(asked.pdq, way.pdq) for way in ways]
        assert sorted(distances)[0] <= 1
        assert sorted(distances)[1] > 31
        nearest.add(distances.index(min(distances)))
    assert nearest == set(range(1, 8))


@pytest.mark.parametrize("orientation", [3, 6])
def test_the_first_of_eight_is_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(pictures.waves(), "PNG", exif=exif)
    ways = hash_picture_turned(data)
    assert ways[0] == hash_picture(data)
    assert len({way.pdq for way in ways}) == 8


def test_tall_pictures_are_hashed_in_strips_without_a_seam(monkeypatch):
    data = encoded(pictures.waves(300, 900), "PNG")
    whole = hash_picture(data)
    monkeypatch.setattr(hashers, "_STRIP_PIXELS", 300 * 13)
    assert distance_bits(hash_picture(data).pdq, whole.pdq) <= 1


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16", "YCbCr"])
def test_every_way_to_store_pixels_is_read(mode):
    picture = pictures.waves().convert("L")
    if mode == "I;16":
        stored = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    else:
        stored = picture.convert("RGB").convert(mode)
    format_ = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    # Few colours are dithered, hence the wider berth.
    assert apart(encoded(stored, format_), encoded(picture, "PNG")) <= (31 if mode in ("1", "P") else 4)


def test_a_palette_with_transparency_is_hashed_by_its_colours():
    palette = pictures.waves().convert("P", palette=Image.Palette.ADAPTIVE)
    assert apart(encoded(palette, "PNG", transparency=3), encoded(palette, "PNG")) == 0


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_an_animation_the_first_frame_is_hashed(format_):
    first, second = pictures.waves().convert("P"), pictures.waves(seed=5).convert("P")
    moving = encoded(first, format_, save_all=True, append_images=[second, first], duration=80)
    assert apart(moving, encoded(first, format_)) <= 4


def test_a_single_colour_is_hashed_with_quality_zero():
    assert hash_picture(encoded(pictures.solid(), "PNG")).quality == 0


@pytest.mark.parametrize("size", [(1, 1), (4, 300), (300, 4)])
def test_pictures_too_small_for_pdq_are_refused(size):
    with pytest.raises(PictureRefused, match="smaller than 5 pixels"):
        hash_picture(encoded(pictures.solid(*size), "PNG"))


def test_a_decompression_bomb_is_refused_before_it_is_unpacked():
    bomb = encoded(Image.new("1", (30_000, 30_000)), "PNG")
    assert len(bomb) < 200_000
    with pytest.raises(PictureRefused, match="too large"):
        hash_picture(bomb)
    just_above = encoded(Image.new("1", (15_000, 10_001)), "PNG")
    with pytest.raises(PictureRefused, match=r"150\.0 million"):
        hash_picture(just_above)


@pytest.mark.parametrize("size", [(4_000_000, 5), (5, 4_000_000)])
def test_a_picture_may_not_be_a_line(size):
    """Few pixels, but 64 rows of sums as wide as the picture is long."""
    with pytest.raises(PictureRefused, match="too large"):
        hash_picture(encoded(Image.new("RGB", size), "PNG"))


def test_a_tiff_whose_tile_is_larger_than_the_picture_is_refused():
    """64 by 64 pixels in one tile of 60,000 by 60,000."""
    tile, tags = 60_000, []
    for tag, value in ((256, 64), (257, 64), (258, 8), (259, 5), (262, 1), (277, 1), (322, tile), (323, tile)):
        tags.append(struct.pack("<HHII", tag, 4, 1, value))
    tags += [struct.pack("<HHII", 324, 4, 1, 400), struct.pack("<HHII", 325, 4, 1, 100)]
    data = b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(tags) + bytes(4)
    with pytest.raises(PictureRefused):
        hash_picture(data.ljust(400, b"\0") + bytes(100))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_cut_short_is_refused_wherever_it_is_cut(format_):
    data = encoded(pictures.noise(), format_)
    for part in (0.02, 0.3, 0.7):
        with pytest.raises(PictureRefused) as refusal:
            hash_picture(data[: int(len(data) * part)])
        assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("format_", ["ICO", "PPM", "TGA", "PCX", "ICNS", "JPEG2000"])
def test_other_decoders_never_see_the_bytes(format_):
    with pytest.raises(PictureRefused, match="no picture in a format we read"):
        hash_picture(encoded(pictures.solid(64, 64), format_))


def test_floating_point_pixels_are_refused_with_advice():
    with pytest.raises(PictureRefused, match="8 or 16 bits"):
        hash_picture(encoded(Image.new("F", (40, 40)), "TIFF"))


@pytest.mark.parametrize(
    "data", [b"", b"text-3", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + bytes(40), b"GIF89a" + b"\xff" * 30]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(PictureRefused):
        hash_picture(data)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"]), st.data())
def test_damaged_bytes_give_a_hash_or_a_refusal_and_nothing_else(format_, data):
    picture = bytearray(encoded(pictures.shapes(60, 50), format_))
    for _ in range(data.draw(st.integers(1, 12))):
        picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PictureRefused):
        assert 0 <= hash_picture(bytes(picture)).quality <= 100


MEASURE = """
import sys
from pathlib import Path
from tutela.matching.hashers import PictureRefused, hash_picture
def peak_megabytes():
    # Not getrusage: its peak is inherited from whoever started this process.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
for name in sys.argv[1:]:
    with open(name, "rb") as stream:
        try:
            said = hash_picture(stream).quality
        except PictureRefused as refusal:
            said = refusal
    print(peak_megabytes(), said)
"""
LARGEST = [
    ("JPEG", "RGB", (6_000, 4_000), {}),
    ("JPEG", "RGB", (15_000, 10_000), {}),
    ("JPEG", "RGB", (4_400, 3_200), {"progressive": True, "subsampling": 0}),
    ("JPEG", "CMYK", (6_000, 4_000), {}),
    ("PNG", "RGBA", (6_000, 4_000), {"compress_level": 1}),
    ("PNG", "RGB", (100_000, 5), {}),
    ("BMP", "RGB", (6_000, 4_000), {}),
    ("GIF", "P", (7_000, 6_800), {}),
    ("TIFF", "RGBA", (4_000, 3_000), {"compression": "tiff_lzw", "tiffinfo": {278: 3_000}}),
    ("TIFF", "RGBA", (3_600, 2_200), {"compression": "tiff_lzw", "tiffinfo": {278: 2_200, 274: 6}}),
    ("WEBP", "RGBA", (3_000, 2_000), {"method": 0}),
]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_the_largest_picture_allowed_takes_less_than_256_megabytes_with_the_interpreter(tmp_path):
    small, measure = tmp_path / "small", [sys.executable, "-c", MEASURE]
    small.write_bytes(encoded(pictures.waves(64, 64), "PNG"))
    subprocess.run([*measure, small], check=True, timeout=120)  # compiles, which takes more
    for number, (format_, mode, size, options) in enumerate(LARGEST):
        (tmp_path / f"{number:02}").write_bytes(encoded(Image.new(mode, size), format_, **options))
    large = sorted(tmp_path.glob("[0-9]*"))
    # What one picture has freed goes back at once and is not counted to the next.
    alone = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"}
    done = subprocess.run([*measure, *large], capture_output=True, text=True, check=True, timeout=120, env=alone)
    peaks = [int(line.removesuffix(" 0")) for line in done.stdout.splitlines()]
    assert len(peaks) == len(LARGEST)
    assert max(peaks) < 256, peaks


@pytest.mark.parametrize(
    ("format_", "mode", "size", "options"),
    [
        ("JPEG", "RGB", (6_000, 4_700), {"progressive": True, "subsampling": 0}),
        ("PNG", "RGB", (6_000, 4_700), {}),
        ("WEBP", "RGB", (3_000, 2_300), {"method": 0}),
    ],
)
def test_what_would_take_more_is_refused_with_how_many_pixels_would_not(format_, mode, size, options):
    with pytest.raises(PictureRefused, match=r"at most \d+\.\d million pixels of its kind"):
        hash_picture(encoded(Image.new(mode, size), format_, **options))


def test_a_jpeg_in_several_scans_is_known_by_its_first():
    def is_in_one_scan(data):
        with Image.open(BytesIO(data)) as picture:
            return picture_memory._is_in_one_scan(picture)

    plain = encoded(pictures.waves(), "JPEG")
    assert is_in_one_scan(plain)
    assert is_in_one_scan(encoded(pictures.waves().convert("L"), "JPEG"))
    assert not is_in_one_scan(encoded(pictures.waves(), "JPEG", progressive=True))
    scan = plain.index(b"\xff\xda\x00\x0c\x03")
    assert not is_in_one_scan(plain[: scan + 4] + b"\x01" + plain[scan + 5 :])
    assert not is_in_one_scan(plain[:scan] + b"\xff" + plain[scan:])
