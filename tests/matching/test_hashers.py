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
from tutela.matching import hashers
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


@pytest.mark.parametrize("size", [(320, 240), (801, 1203), (1600, 1004)])
def test_luminance_only_is_within_two_bits(size):
    data = encoded(pictures.waves(*size), "JPEG", quality=85)
    assert distance_bits(hash_picture(data).pdq, hash_picture(data, luminance_only=True).pdq) <= 2


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


def test_one_decoding_gives_the_hashes_of_all_eight_turns():
    picture = pictures.waves()
    ways = hash_picture_turned(encoded(picture, "PNG"))
    assert ways[0] == hash_picture(encoded(picture, "PNG"))
    nearest = set()
    for turn in Image.Transpose:
        asked = hash_picture(encoded(picture.transpose(turn), "PNG"))
        distances = [distance_bits(asked.pdq, way.pdq) for way in ways]
        assert sorted(distances)[0] <= 20
        assert sorted(distances)[1] > 31
        nearest.add(distances.index(min(distances)))
    assert nearest == set(range(1, 8))


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


def test_of_an_animation_the_first_frame_is_hashed():
    first, second = pictures.waves().convert("P"), pictures.waves(seed=5).convert("P")
    moving = encoded(first, "GIF", save_all=True, append_images=[second, first], duration=80)
    assert apart(moving, encoded(first, "GIF")) == 0


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
    just_above = encoded(Image.new("1", (8_000, 5_001)), "PNG")
    with pytest.raises(PictureRefused, match="40 million"):
        hash_picture(just_above)


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
import resource, sys
from io import BytesIO
from PIL import Image
from tutela.matching.hashers import hash_picture
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small, large = sys.stdin.buffer.read().split(b"--cut--")
hash_picture(small)
before = peak()
hash_picture(large)
print((peak() - before) // 1024)
"""
LARGEST = [
    ("JPEG", "RGB", (8_000, 5_000), {}),
    ("JPEG", "RGB", (8_000, 5_000), {"progressive": True, "subsampling": 0}),
    ("JPEG", "CMYK", (8_000, 5_000), {}),
    ("PNG", "RGBA", (8_000, 5_000), {"compress_level": 1}),
    ("BMP", "RGB", (8_000, 5_000), {}),
    ("GIF", "P", (5_000, 4_000), {}),
    ("TIFF", "RGBA", (5_000, 4_000), {"compression": "tiff_lzw"}),
    ("WEBP", "RGBA", (4_000, 3_000), {"method": 0}),
]


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux only")
@pytest.mark.parametrize(("format_", "mode", "size", "options"), LARGEST)
def test_the_largest_picture_allowed_takes_less_than_256_megabytes(format_, mode, size, options):
    large = encoded(Image.new(mode, size), format_, **options)
    small = encoded(Image.new(mode, (64, 64)), format_, **options)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=small + b"--cut--" + large, capture_output=True, check=True, timeout=120
    )
    assert int(done.stdout) < 256
