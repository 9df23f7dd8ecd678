"""From a video's bytes to the PDQ hashes of chosen frames; a decoded frame lives only inside the call.

Chosen are the first frame, every frame that differs much from the last one chosen, and one a second in between. The
second is counted from the last one chosen, so that from the first cut on a shortened copy falls into the same step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tutela.matching.frames import MIN_QUALITY, Frame

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Only these demultiplexers and decoders may meet a stranger's bytes. Playlists (HLS, DASH, concat) are not among them:
# they name other files and addresses, and nobody who sends a video may make us open one.
FORMATS = ("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts", "mpeg", "ogg", "flv", "gif")
CODECS = frozenset(
    {"h264", "hevc", "av1", "vp8", "vp9", "mpeg1video", "mpeg2video", "mpeg4", "mjpeg", "h263", "flv1", "theora", "gif"}
)
# Two decoders go by other names than what they decode.
_DECODERS = (*sorted(CODECS), "libdav1d", "flv")

MAX_PIXELS = 4_096 * 2_176
"""4K. A decoder keeps up to 17 frames for reference; the usual four to six of this size take some 80 MB."""

SECONDS_BETWEEN = 1.0
SECONDS_AT_LEAST_BETWEEN = 0.2
"""However a video flickers, no more than five frames of a second are hashed."""

SCENE_CHANGE = 24.0
"""Mean change of luminance, of 255, at which a frame counts as another scene."""

_TOO_LARGE = f"its frames are too large (at most {MAX_PIXELS / 1e6:.1f} million pixels are read)"

MAX_DAMAGED_PACKETS = 1_000
_SKETCH = 48


class VideoRefused(ValueError):
    """No hash can be made of this; the message says why in a sentence a person can act on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where hashing stops. What was hashed until then is kept, and `VideoHash.missing` says so."""

    frames: int = 20_000
    seconds: float = 4 * 3600
    work_seconds: float = 900


@dataclass(frozen=True, slots=True)
class VideoHash:
    """`seconds` is how long a part was looked at; `missing` says in a sentence why not all of it was, or is None."""

    frames: tuple[Frame, ...]
    seconds: float
    missing: str | None


def hash_video(data: bytes | BinaryIO, *, limits: Limits = Limits()) -> VideoHash:
    """Frames of quality 50 and more, upright as the display matrix says; raises `VideoRefused`, never anything else.

    A decoder is the largest surface a stranger's bytes can reach. Where strangers send videos, call this in a process
    of its own that may neither write files nor reach a network.
    """
    stream = BytesIO(data) if isinstance(data, bytes) else data
    try:
        with _opened(stream) as container:
            hashing = _Hashing(limits)
            hashed = hashing.over(container, _video_stream(container))
    except VideoRefused:
        raise
    except Exception:
        # FFmpeg raises whatever it likes on hostile bytes; to the caller all of it is one thing.
        raise VideoRefused("This is no video in a format we read, or it is damaged from its beginning.") from None
    if hashing.chosen == 0:
        raise VideoRefused(f"No frame of this video can be read: it is damaged, or {_TOO_LARGE}.")
    if not hashed.frames:
        raise VideoRefused(hashed.missing or "No frame of this video has enough in it to be compared.")
    return hashed


def _opened(stream: BinaryIO) -> "InputContainer":
    try:
        import av
    except ImportError:
        raise VideoRefused("Videos need PyAV: install tutela[video].") from None
    return av.open(stream, "r", options=_options())


def _options() -> dict[str, str]:
    return {
        "format_whitelist": ",".join(FORMATS),
        "codec_whitelist": ",".join(_DECODERS),
        # No protocol at all: were a format to name a file or an address after all, FFmpeg would not open it.
        "protocol_whitelist": "",
        # Also for the look FFmpeg takes at the first frames by itself.
        "max_pixels": str(MAX_PIXELS),
    }


def _video_stream(container: "InputContainer") -> "VideoStream":
    import av

    # A song's cover is a picture, and no video.
    moving = [each for each in container.streams.video if not each.disposition & av.stream.Disposition.attached_pic]
    if not moving:
        raise VideoRefused("There is no video in this file.")
    stream = moving[0]
    if stream.codec.canonical_name not in CODECS:
        raise VideoRefused(f"This video's coding is not read; these are: {', '.join(sorted(CODECS))}.")
    if stream.width * stream.height > MAX_PIXELS:
        raise VideoRefused(f"This video cannot be read: {_TOO_LARGE}.")
    # A stream may announce a small frame and then send a large one: the decoder itself must refuse.
    stream.codec_context.options = {"max_pixels": str(MAX_PIXELS), "codec_whitelist": ",".join(_DECODERS)}
    # One thread: frame threads hold a frame each, and whoever has many videos runs many processes.
    stream.codec_context.thread_count = 1
    return stream


class _Hashing:
    """One walk over a video: what was chosen last, what is kept, and whether it goes on."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = monotonic() + limits.work_seconds
        self._kept: list[Frame] = []
        self.chosen = 0
        self._last: tuple[float, NDArray[np.float32]] | None = None

    def over(self, container: "InputContainer", stream: "VideoStream") -> VideoHash:
        decoded, missing = _Decoded(container, stream), None
        seconds, begin, rate = 0.0, None, float(stream.average_rate or 25)
        for number, frame in enumerate(decoded):
            at = number / rate if frame.time is None else frame.time
            begin = at if begin is None else begin
            seconds = max(at - begin, 0.0)
            self._look(number, seconds, frame)
            if missing := self._why_stop(seconds):
                break
        return VideoHash(tuple(self._kept), seconds, missing or decoded.missing)

    def _why_stop(self, seconds: float) -> str | None:
        if seconds > self._limits.seconds:
            return f"Only the first {self._limits.seconds:.0f} seconds were looked at."
        if self.chosen >= self._limits.frames:
            return f"Only the first {self._limits.frames} chosen frames were looked at."
        if monotonic() > self._until:
            return f"Only what could be looked at in {self._limits.work_seconds:.0f} seconds was."
        return None

    def _look(self, number: int, seconds: float, frame: "VideoFrame") -> None:
        # Rounded: a second's frames are counted in fractions that floating point does not add up to one.
        since = round(abs(seconds - self._last[0]), 6) if self._last else SECONDS_BETWEEN
        if since < SECONDS_AT_LEAST_BETWEEN:
            return
        sketch = _sketch(frame)
        if since < SECONDS_BETWEEN and self._last and not _is_another_scene(sketch, self._last[1]):
            return
        self._last = (seconds, sketch)
        self.chosen += 1
        hash_, quality = _hash(frame)
        if quality >= MIN_QUALITY:
            self._kept.append(Frame(number, quality, hash_, seconds))


class _Decoded:
    """The frames in the order they are shown. A damaged packet is passed over, but not without end."""

    def __init__(self, container: "InputContainer", stream: "VideoStream") -> None:
        self._container, self._stream = container, stream
        self._damaged_packets = 0

    @property
    def missing(self) -> str | None:
        return "A part of this video is damaged and could not be looked at." if self._damaged_packets else None

    def __iter__(self) -> Iterator["VideoFrame"]:
        packets = self._container.demux(self._stream)
        while self._damaged_packets <= MAX_DAMAGED_PACKETS:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                yield from packet.decode()
            except Exception:  # FFmpeg's errors have no other common ground
                self._damaged_packets += 1


def _sketch(frame: "VideoFrame") -> NDArray[np.float32]:
    """A few luminances, enough to see that the scene is another one."""
    if frame.format.name in ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "nv12", "gray"):
        plane: Any = frame.planes[0]
        rows = np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)
    else:
        rows = _bytes_of(frame, "gray")
    down = np.linspace(0, frame.height - 1, _SKETCH).astype(np.intp)
    across = np.linspace(0, frame.width - 1, _SKETCH).astype(np.intp)
    sketch: NDArray[np.float32] = rows[down[:, None], across].astype(np.float32)
    return sketch


def _bytes_of(frame: "VideoFrame", format_: str) -> NDArray[np.uint8]:
    return np.asarray(frame.to_ndarray(format=format_), dtype=np.uint8)


def _is_another_scene(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return bool(np.abs(one - other).mean() >= SCENE_CHANGE)


def _hash(frame: "VideoFrame") -> tuple[bytes, int]:
    from tutela.matching import pdq

    if min(frame.width, frame.height) < pdq.MIN_SIDE:
        raise VideoRefused(f"The frames of this video are smaller than {pdq.MIN_SIDE} pixels a side.")
    # Red, green and blue, as vPDQ hashes them: the stream's own luminance weighs the colours in another way.
    pixels = _bytes_of(frame, "rgb24")
    if turns := round(frame.rotation / 90) % 4:
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
    samples = pdq.samples_of(pixels)
    return pdq.hash_bits(pdq.frequencies(samples)), pdq.quality(samples)
