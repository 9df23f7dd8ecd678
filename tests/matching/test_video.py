import os
import struct
import subprocess
import sys
from contextlib import suppress
from functools import cache
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

pytest.importorskip("av", reason="needs PyAV: install tutela[video]")

from tests.matching import pictures, videos
from tutela.matching import video
from tutela.matching.hashers import hash_picture
from tutela.matching.hashes import distance_bits
from tutela.matching.video import Limits, VideoRefused, hash_video
from tutela.matching.video_index import VideoIndex

REFUSED = "no video in a format we read"


@cache
def drawn(seed=1, rate=12):
    return list(videos.drawn(seed, rate))


@cache
def original():
    return videos.encoded(drawn())


@cache
def listed():
    index = VideoIndex()
    index.add(1, hash_video(original()).frames)
    for seed in range(2, 6):
        index.add(seed, hash_video(videos.encoded(drawn(seed))).frames)
    return index


VARIANTS = {
    "coded again": lambda: videos.encoded(drawn(), codec="libx264", crf="34", preset="veryfast"),
    "another codec": lambda: videos.encoded(drawn(), codec="mjpeg", format_="avi", pixels="yuvj420p"),
    "scaled": lambda: videos.encoded([frame.resize((128, 96)) for frame in drawn()]),
    "larger": lambda: videos.encoded([frame.resize((400, 300)) for frame in drawn()]),
    "30 frames a second": lambda: videos.encoded(drawn(rate=30), rate=30),
    "8 frames a second": lambda: videos.encoded(drawn(rate=8), rate=8),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_copy_shares_its_frames_both_ways(variant):
    (match,) = listed().match(hash_video(VARIANTS[variant]()).frames, index_share=0.8)
    assert match.id == 1


@pytest.mark.parametrize("skipped", [0, 17, 55])
def test_half_of_a_video_is_found_in_the_whole(skipped):
    half = hash_video(videos.encoded(drawn()[skipped : skipped + 60])).frames
    (match,) = listed().match(half)
    assert match.id == 1
    assert 0.35 <= match.index_share <= 0.65
    assert listed().match(half, index_share=0.8) == []


def test_the_whole_is_found_in_half_of_it_only_where_a_smaller_share_is_asked():
    index = VideoIndex()
    index.add(1, hash_video(videos.encoded(drawn()[:60])).frames)
    whole = hash_video(original()).frames
    assert index.match(whole) == []
    (match,) = index.match(whole, query_share=0.4)
    assert match.index_share >= 0.8


def test_another_video_is_not_found():
    for seed in (20, 21):
        assert listed().match(hash_video(videos.encoded(drawn(seed))).frames, query_share=0.01) == []


def test_a_second_never_passes_without_a_frame_and_every_scene_has_its_own():
    hashed = hash_video(original())
    at = [frame.seconds for frame in hashed.frames]
    assert at[0] == 0
    assert max(later - earlier for earlier, later in pairwise(at)) <= 1 + 1 / 12
    assert min(later - earlier for earlier, later in pairwise(at)) >= 0.2
    cuts = np.cumsum(videos.SCENES[:-1])
    assert all(any(cut <= each <= cut + 0.2 + 1 / 12 for each in at) for cut in cuts)
    assert hashed.missing is None
    assert hashed.seconds == pytest.approx(sum(videos.SCENES), abs=0.1)
    assert all(frame.number == round(frame.seconds * 12) for frame in hashed.frames)


def test_without_scene_changes_it_is_one_a_second():
    still = [pictures.waves(192, 144)] * 40
    assert [frame.seconds for frame in hash_video(videos.encoded(still)).frames] == [0, 1, 2, 3]


def test_however_it_flickers_five_frames_of_a_second_are_hashed():
    light, dark = pictures.waves(96, 72), pictures.waves(96, 72, seed=5).point(lambda value: value // 3)
    hashed = hash_video(videos.encoded([light, dark] * 30, rate=30))
    assert 5 <= len(hashed.frames) <= 11


def test_a_frame_is_hashed_as_the_picture_it_is():
    video_hash = hash_video(videos.encoded(drawn()[:3], codec="mjpeg", format_="avi", pixels="yuvj444p", qmin="1"))
    picture = hash_picture(pictures.encoded(drawn()[0], "PNG"))
    assert distance_bits(video_hash.frames[0].pdq, picture.pdq) <= 6
    assert video_hash.frames[0].quality == picture.quality


# The matrix says by how much, against the clock, the stored frames are turned to be shown.
@pytest.mark.parametrize(
    ("stored", "turned"),
    [(Image.Transpose.ROTATE_270, 90), (Image.Transpose.ROTATE_180, 180), (Image.Transpose.ROTATE_90, -90)],
)
def test_a_video_is_hashed_upright(stored, turned):
    frames = [frame.transpose(stored) for frame in drawn()]
    (match,) = listed().match(hash_video(videos.encoded(frames, turned=turned)).frames, index_share=0.8)
    assert match.id == 1
    assert listed().match(hash_video(videos.encoded(frames)).frames, query_share=0.3) == []


def test_frames_of_low_quality_are_dropped_and_a_video_of_nothing_else_is_refused():
    grey = Image.new("RGB", (192, 144), "grey")
    hashed = hash_video(videos.encoded([*drawn()[:12], *[grey] * 24]))
    assert max(frame.seconds for frame in hashed.frames) < 1
    with pytest.raises(VideoRefused, match="enough in it"):
        hash_video(videos.encoded([grey] * 20))


@pytest.mark.parametrize(
    ("codec", "format_", "pixels"),
    [
        ("libx265", "mp4", "yuv420p10le"),
        ("libvpx-vp9", "matroska", "yuv420p"),
        ("libsvtav1", "mp4", "yuv420p"),
        ("flv", "flv", "yuv420p"),
        ("libx264", "mpegts", "yuv444p"),
        ("gif", "gif", "rgb8"),
    ],
)
def test_what_the_world_sends_is_read(codec, format_, pixels):
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    data = videos.encoded(drawn()[:24], codec=codec, format_=format_, pixels=pixels, **options)
    (match,) = listed().match(hash_video(data).frames)
    assert match.id == 1
    assert os.sched_getscheduler(0) == os.SCHED_OTHER, "everything this process starts now would be real-time, too"


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(frames=3), "first 3 chosen frames"),
        (Limits(seconds=3), "first 3 seconds"),
        (Limits(work_seconds=0), "in 0 seconds"),
    ],
)
def test_a_limit_keeps_what_was_hashed_and_says_what_is_missing(limits, why):
    hashed = hash_video(original(), limits=limits)
    assert 1 <= len(hashed.frames) < len(hash_video(original()).frames)
    assert why in hashed.missing


def test_a_clock_that_jumps_ends_the_looking():
    """A stranger writes the timestamps too."""
    data = bytearray(videos.encoded(drawn()[:40], format_="avi"))
    rate = data.index(b"strh") + 8 + 20
    data[rate : rate + 8] = struct.pack("<II", 3_600, 1)  # an hour for every frame
    hashed = hash_video(bytes(data))
    assert len(hashed.frames) <= 6
    assert "14400 seconds" in hashed.missing


@pytest.mark.parametrize("data", [b"", b"text-3" * 50, b"\0" * 5_000, b"RIFF\xff\xff\xff\xffAVI LIST", b"GIF89a"])
def test_what_is_no_video_is_refused(data):
    with pytest.raises(VideoRefused, match=REFUSED):
        hash_video(data)


def test_a_picture_is_no_video():
    for format_ in ("JPEG", "PNG", "WEBP", "BMP", "TIFF"):
        with pytest.raises(VideoRefused, match=REFUSED):
            hash_video(pictures.encoded(pictures.waves(), format_))


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {}\n",
}


@pytest.fixture
def named(tmp_path):
    """A video on this disk that a stranger's playlist names."""
    file = tmp_path / "named.ts"
    file.write_bytes(videos.encoded(drawn()[:12], format_="mpegts"))
    return file


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_is_no_video(kind, named):
    with pytest.raises(VideoRefused, match=REFUSED):
        hash_video(PLAYLISTS[kind].format(named).encode())


def test_were_playlists_read_what_they_name_would_still_not_be_opened(named, monkeypatch):
    playlist = PLAYLISTS["concat"].format(named).encode()
    monkeypatch.setattr(video, "FORMATS", (*video.FORMATS, "concat", "mpegts"))
    options = video._options() | {"safe": "0"}
    monkeypatch.setattr(video, "_options", lambda: options)
    with pytest.raises(VideoRefused):
        hash_video(playlist)
    # The saboteur: without the second lock as well, it is followed.
    del options["protocol_whitelist"]
    assert hash_video(playlist).frames


def test_other_decoders_never_see_the_bytes():
    with pytest.raises(VideoRefused, match="coding is not read"):
        hash_video(videos.encoded(drawn()[:3], codec="ffv1", format_="matroska"))


def test_frames_that_are_too_large_or_too_small_are_refused():
    with pytest.raises(VideoRefused, match="too large"):
        hash_video(videos.encoded([Image.new("RGB", (4_200, 2_300))]))
    with pytest.raises(VideoRefused, match="smaller than 5 pixels"):
        hash_video(videos.encoded([Image.new("RGB", (4, 4))] * 3))


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_frames_that_are_too_large_are_not_decoded_to_learn_that_they_are(tmp_path):
    """Opening a file, FFmpeg decodes its first frames by itself: these would take 290 MB."""
    file = tmp_path / "large.ts"
    black = [Image.new("RGB", (8_192, 8_192))] * 2
    file.write_bytes(videos.encoded(black, codec="libx264", format_="mpegts", preset="ultrafast"))
    measure = """if True:
        import sys
        from pathlib import Path
        from tutela.matching.video import VideoRefused, hash_video
        try:
            hash_video(open(sys.argv[1], "rb"))
        except VideoRefused as refusal:
            lines = Path("/proc/self/status").read_text().splitlines()
            print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024, refusal)
    """
    done = subprocess.run([sys.executable, "-c", measure, file], capture_output=True, text=True, check=True)
    peak, refusal = done.stdout.split(maxsplit=1)
    assert "too large" in refusal
    assert int(peak) < 200


def test_a_stream_that_grows_after_its_beginning_is_not_followed():
    large = videos.encoded(
        [Image.new("RGB", (4_200, 2_300))] * 2, codec="libx264", format_="mpegts", preset="ultrafast"
    )
    hashed = hash_video(videos.encoded(drawn()[:24], codec="libx264", format_="mpegts") + large)
    assert len(hashed.frames) >= 2
    assert "damaged" in hashed.missing


def test_a_file_without_video_is_refused():
    import av

    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        sound = container.add_stream("aac", rate=8_000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1_024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 8_000
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    with pytest.raises(VideoRefused, match="no video in this file"):
        hash_video(stream.getvalue())


def test_a_songs_cover_is_a_picture_and_no_video():
    import av

    stream = BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        sound, cover = container.add_stream("aac", rate=8_000), container.add_stream("mjpeg", rate=1)
        cover.pix_fmt, cover.width, cover.height = "yuvj420p", 192, 144
        cover.disposition = av.stream.Disposition.attached_pic
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1_024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 8_000
        container.mux([*sound.encode(silence), *sound.encode(None)])
        container.mux([*cover.encode(av.VideoFrame.from_image(drawn()[0])), *cover.encode(None)])
    with pytest.raises(VideoRefused, match="no video in this file"):
        hash_video(stream.getvalue())


def test_without_pyav_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(VideoRefused, match=r"tutela\[video\]"):
        hash_video(original())


def test_hashing_pictures_loads_no_video_library():
    said = (
        "import sys, tutela.matching.hashers, tutela.matching.frames, tutela.matching.video; print('av' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("format_", ["mp4", "mpegts", "matroska", "avi"])
def test_a_video_cut_short_gives_its_beginning_or_a_refusal(format_):
    data = videos.encoded(drawn(), format_=format_)
    whole = hash_video(data).frames
    for part in (0.01, 0.3, 0.7):
        with suppress(VideoRefused):
            frames = hash_video(data[: int(len(data) * part)]).frames
            assert len(frames) < len(whole)
            # The last one may be half of a frame.
            assert frames[:-1] == whole[: len(frames) - 1]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["mp4", "mpegts", "matroska", "avi", "gif"]), st.data())
def test_damaged_bytes_give_frames_or_a_refusal_and_nothing_else(format_, data):
    damaged = bytearray(short(format_))
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(VideoRefused):
        hashed = hash_video(bytes(damaged), limits=Limits(work_seconds=5))
        assert all(frame.quality >= 50 and len(frame.pdq) == 32 for frame in hashed.frames)


@cache
def short(format_):
    frames = [frame.resize((48, 36)) for frame in drawn()[:8]]
    if format_ == "gif":
        return videos.encoded(frames, codec="gif", format_="gif", pixels="rgb8")
    return videos.encoded(frames, format_=format_)
